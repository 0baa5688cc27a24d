/** What a construct knows of its config, and of the tasks that the app gives it. */
import { readFileSync } from 'node:fs'
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import type { Config } from '../../src/core/model/config.ts'
import type { TaskhookProps } from './index.ts'

export const readConfig = ({ config, adapters }: Pick<TaskhookProps, 'config' | 'adapters'>): Config =>
  compileConfig(readFileSync(config, 'utf8'), { ...builtinSpecs, ...adapters }, config)

/** @throws {Error} for a task that the config does not have */
export function withTasks(config: Config, given: Readonly<Record<string, FargateTaskDefinition>>): Config {
  const unknown = Object.keys(given).filter((task) => !Object.hasOwn(config.tasks, task))
  if (unknown.length > 0) throw new Error(`tasks.${unknown[0]}: the config has ${Object.keys(config.tasks).join(', ')}`)
  const tasks = Object.entries(config.tasks).map(([name, task]) => {
    const definition = given[name]
    if (definition === undefined) return [name, task]
    const container = task.container ?? definition.defaultContainer?.containerName
    return [name, { ...task, taskDefinition: definition.family, ...(container !== undefined && { container }) }]
  })
  return { ...config, tasks: Object.fromEntries(tasks) as Config['tasks'] }
}

/** @throws {Error} where a task's roles are not known: RunTask would be refused for it */
export function rolesOf(config: Config, { tasks = {}, passRoleArns }: TaskhookProps): readonly string[] {
  // Those of other accounts are handed over by the roles that are assumed there.
  const missing = Object.values(config.tasks)
    .filter(({ name, assumeRole }) => tasks[name] === undefined && assumeRole === undefined)
    .map(({ name }) => name)
  if (missing.length > 0 && passRoleArns === undefined) {
    throw new Error(
      `tasks.${missing[0]}: give its FargateTaskDefinition in "tasks", or its task and execution role in "passRoleArns" ([] where it has none)`,
    )
  }
  const given = Object.values(tasks).flatMap(({ taskRole, executionRole }) => [
    taskRole.roleArn,
    ...(executionRole === undefined ? [] : [executionRole.roleArn]),
  ])
  return [...new Set([...given, ...(passRoleArns ?? [])])]
}
