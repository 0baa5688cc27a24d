/** The error of a config that cannot be used, with every problem and its line. */
import type { Problem } from '../core/errors.ts'
import type { ConfigPath } from './finding.ts'

export interface ConfigProblem extends Problem {
  /** Line in the YAML, from 1. Absent if the problem has no line. */
  readonly line?: number
}

/** `problems` holds everything that is wrong with the config. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  /** @param file the name shown before each line number */
  constructor(problems: readonly ConfigProblem[], file = 'taskhook.yaml') {
    const lines = problems.map(
      ({ line, path, message }) =>
        `  ${file}${line === undefined ? '' : `:${line}`}  ${path === '' ? '' : `${path}: `}${message}`,
    )
    super(`${problems.length === 1 ? '1 problem' : `${problems.length} problems`} in ${file}\n${lines.join('\n')}`)
    this.problems = problems
  }
}

/** `routes[2].event` */
export const pathText = (path: ConfigPath): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  )
