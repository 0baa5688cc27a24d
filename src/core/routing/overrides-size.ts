/** The 8,192 bytes that ECS allows for a task's overrides, and how much of them a plan needs. make-plan.ts refuses a larger one. Pure. */
import type { Problem } from '../errors.ts'
import type { ParamDeclarations } from '../model/param.ts'
import type { Plan } from '../model/plan.ts'
import { progressEnv } from './container-env.ts'
import { overridesOf } from './run-task-input.ts'

/**
 * "A total of 8192 characters … includes the JSON formatting characters of the override structure." Counted in UTF-8 bytes, the stricter
 * reading. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
 */
export const maxOverridesBytes = 8192

/** The longest name that ECS allows, for a container that is not known yet. */
const longestContainerName = 'x'.repeat(255)

/** A function URL has some 60 characters. A host name may have 253, but custom domains are not that long. */
const longestProgressEnv = progressEnv(`https://${'x'.repeat(120)}`, 'x'.repeat(20), 'x'.repeat(43))

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** With room for the variables that are only known at the start (`progressEnv`). */
export const overridesBytes = ({ env, container, settings }: Plan): number =>
  bytesOf(overridesOf({ env: [...env, ...longestProgressEnv], settings }, container ?? longestContainerName))

/** The bytes that each variable takes, the largest first, by parameter. */
export function sizeProblems({ env }: Plan, declared: ParamDeclarations): Problem[] {
  const paramOf = new Map(Object.entries(declared).map(([name, param]) => [param.env, name]))
  return env
    .map((entry) => ({ path: paramOf.get(entry.name) ?? entry.name, size: bytesOf(entry) + 1 }))
    .sort((a, b) => b.size - a.size)
    .map(({ path, size }) => ({ path, message: `takes ${size} bytes` }))
}
