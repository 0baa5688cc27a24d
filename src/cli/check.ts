/** `taskhook check`: validates a config. Its notes are about what is valid, but probably a mistake. */
import { defineCommand } from 'citty'
import { builtinSpecs } from '../adapters/spec-registry.ts'
import type { AdapterSpecs } from '../config/spec.ts'
import type { Config } from '../core/model/config.ts'
import { configArgument } from './arguments.ts'
import { reportErrors } from './command-error.ts'
import { loadConfig } from './load-config.ts'

export const check = defineCommand({
  args: { config: configArgument },
  run: ({ args }) =>
    reportErrors(() => {
      const config = loadConfig(args.config)
      const { sources, tasks, routes } = config
      const parts = [
        countOf(Object.keys(sources).length, 'source'),
        countOf(Object.keys(tasks).length, 'task'),
        countOf(routes.length, 'route'),
      ]
      process.stdout.write(`${args.config} is valid: ${parts.join(', ')}\n`)
      for (const note of notesOn(config)) process.stdout.write(`  note: ${note}\n`)
    }),
})

const countOf = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

const specs: AdapterSpecs = builtinSpecs

const notesOn = ({ sources, tasks, routes }: Config): readonly string[] => [
  ...Object.keys(tasks)
    .filter((task) => !routes.some(({ run }) => run === task))
    .map((task) => `no route runs the task ${task}`),
  ...sharedSecrets(sources).map(
    ({ reference, names }) => `${names.join(' and ')} share ${reference}, so each accepts the other's deliveries`,
  ),
  ...Object.keys(sources)
    .filter((source) => !routes.some(({ on }) => on === source))
    .map((source) => `no route uses the source ${source}`),
  ...Object.values(sources).flatMap((source) => specs[source.adapter]?.notes?.(source) ?? []),
]

/** Secret references that more than one source has. */
function sharedSecrets(sources: Config['sources']) {
  const references = Object.values(sources).flatMap(({ name, secret }) =>
    secret.map((reference) => ({ name, reference })),
  )
  const byReference = Map.groupBy(references, ({ reference }) => reference)
  return [...byReference]
    .map(([reference, uses]) => ({ reference, names: [...new Set(uses.map(({ name }) => name))] }))
    .filter(({ names }) => names.length > 1)
}
