/** ARNs of the clusters, task definitions and secrets that a config names, with placeholders for the deployment's own account. */
import { parseReference } from '../core/aws/secret-reference.ts'
import { arnOf } from '../core/model/arn.ts'
import type { Config, TaskConfig } from '../core/model/config.ts'

export const unique = (values: readonly string[]): string[] => [...new Set(values)]

const arnInThisAccount = (service: string, resource: string): string =>
  `arn:{Partition}:${service}:{Region}:{Account}:${resource}`

/** A cluster that the config names without an ARN is in the deployment's own account and region. */
export const clusterArn = ({ cluster }: TaskConfig): string =>
  arnOf(cluster) === undefined ? arnInThisAccount('ecs', `cluster/${cluster}`) : cluster

export const clusterArns = (tasks: readonly TaskConfig[]): string[] => unique(tasks.map(clusterArn))

/** All tasks of each cluster: a task has no name before it exists. */
export const tasksOnClusters = (tasks: readonly TaskConfig[]): string[] =>
  clusterArns(tasks).map((cluster) => `${cluster.replace(':cluster/', ':task/')}/*`)

/** In the account and region of its cluster. A family without a revision covers all its revisions, since RunTask uses the newest. */
export function taskDefinitionArn(task: TaskConfig): string {
  const { taskDefinition } = task
  if (arnOf(taskDefinition) !== undefined) return taskDefinition
  const revision = taskDefinition.includes(':') ? taskDefinition : `${taskDefinition}:*`
  return clusterArn(task).replace(/:cluster\/.*$/, `:task-definition/${revision}`)
}

/** Secrets Manager adds six random characters to a name to make its ARN. */
export const secretArns = (references: readonly string[]): string[] =>
  unique(
    references.flatMap((text) => {
      const reference = parseReference(text)
      if (reference?.kind !== 'secretsmanager') return []
      if (reference.id.startsWith('arn:')) return [reference.id]
      return [arnInThisAccount('secretsmanager', `secret:${reference.id}-??????`)]
    }),
  )

/** Accounts whose roles are assumed. The event bus must accept their events. */
export const otherAccounts = (config: Config): string[] =>
  unique(Object.values(config.tasks).flatMap(({ assumeRole = '' }) => arnOf(assumeRole)?.account ?? []))
