/** Reads the config of a construct and adds the task definitions that the app passes in. */
import { readFileSync } from 'node:fs'
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import type { Config } from '../../src/core/model/config.ts'
import type { TaskhookProps } from './props.ts'

export const readConfig = ({ config, adapters }: Pick<TaskhookProps, 'config' | 'adapters'>): Config =>
  compileConfig(readFileSync(config, 'utf8'), { ...builtinSpecs, ...adapters }, config)

/** @throws {Error} if the config has no such task */
export function withTasks(config: Config, given: Readonly<Record<string, FargateTaskDefinition>>): Config {
  const unknown = Object.keys(given).filter((task) => !Object.hasOwn(config.tasks, task))
  if (unknown.length > 0)
    throw new Error(`tasks.${unknown[0]}: the config has no such task, only ${Object.keys(config.tasks).join(', ')}`)
  const tasks = Object.entries(config.tasks).map(([name, task]) => {
    const definition = given[name]
    if (definition === undefined) return [name, task]
    const container = task.container ?? definition.defaultContainer?.containerName
    return [name, { ...task, taskDefinition: definition.family, ...(container !== undefined && { container }) }]
  })
  return { ...config, tasks: Object.fromEntries(tasks) as Config['tasks'] }
}

/** @throws {Error} if a task's roles are unknown: `start` could not pass them to RunTask */
export function rolesOf(config: Config, { tasks = {}, passRoleArns }: TaskhookProps): readonly string[] {
  // In other accounts, the role that taskhook assumes there passes the roles.
  const missing = Object.values(config.tasks)
    .filter(({ name, assumeRole }) => tasks[name] === undefined && assumeRole === undefined)
    .map(({ name }) => name)
  if (missing.length > 0 && passRoleArns === undefined) {
    throw new Error(
      `tasks.${missing[0]}: pass its FargateTaskDefinition in "tasks", or its task and execution role in "passRoleArns" ([] if it has none)`,
    )
  }
  const given = Object.values(tasks).flatMap(({ taskRole, executionRole }) => [
    taskRole.roleArn,
    ...(executionRole === undefined ? [] : [executionRole.roleArn]),
  ])
  return [...new Set([...given, ...(passRoleArns ?? [])])]
}
