/** Creates ARNs of ECS resources, and parses their names and ARNs. Pure. */
import { randomUUID } from 'node:crypto'

export const account = '000000000000'

export interface Arns {
  readonly region: string
  cluster(cluster: string): string
  taskDefinition(family: string, revision: number): string
  task(cluster: string): string
  container(cluster: string, taskArn: string): string
}

const hex = (): string => randomUUID().replaceAll('-', '')

export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

export function createArns(region: string): Arns {
  const arn = (kind: string, ...parts: string[]) => `arn:aws:ecs:${region}:${account}:${[kind, ...parts].join('/')}`
  return {
    region,
    cluster: (cluster) => arn('cluster', cluster),
    taskDefinition: (family, revision) => arn('task-definition', `${family}:${revision}`),
    task: (cluster) => arn('task', cluster, hex()),
    container: (cluster, taskArn) => arn('container', cluster, lastPart(taskArn), randomUUID()),
  }
}

// The config has the ARNs of the account where it will be deployed. Their region and account are ignored here.
const clusterRef = /^(?:arn:[^:]*:ecs:[^:]*:[^:]*:cluster\/)?([\w-]{1,255})$/
const definitionRef = /^(?:arn:[^:]*:ecs:[^:]*:[^:]*:task-definition\/)?([\w-]{1,255})(?::([1-9]\d*))?$/

/** The name in a cluster's name or ARN. Undefined if it is neither. */
export const clusterNameOf = (ref: string): string | undefined => clusterRef.exec(ref)?.[1]

export interface DefinitionRef {
  readonly family: string
  /** Undefined: the latest. */
  readonly revision: number | undefined
}

/** From `family`, `family:revision` or an ARN. */
export function definitionRefOf(ref: string): DefinitionRef | undefined {
  const [, family, revision] = definitionRef.exec(ref) ?? []
  return family === undefined ? undefined : { family, revision: revision === undefined ? undefined : Number(revision) }
}
