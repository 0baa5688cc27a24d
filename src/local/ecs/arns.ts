/** Names of things in ECS: ARNs made, and names and ARNs read. Pure. */
import { randomUUID } from 'node:crypto'

export const account = '000000000000'

export interface Names {
  readonly region: string
  cluster(cluster: string): string
  taskDefinition(family: string, revision: number): string
  task(cluster: string): string
  container(cluster: string, taskArn: string): string
}

const hex = (): string => randomUUID().replaceAll('-', '')

export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

export function createNames(region: string): Names {
  const arn = (kind: string, ...parts: string[]) => `arn:aws:ecs:${region}:${account}:${[kind, ...parts].join('/')}`
  return {
    region,
    cluster: (cluster) => arn('cluster', cluster),
    taskDefinition: (family, revision) => arn('task-definition', `${family}:${revision}`),
    task: (cluster) => arn('task', cluster, hex()),
    container: (cluster, taskArn) => arn('container', cluster, lastPart(taskArn), randomUUID()),
  }
}

// A config names the ARNs of the account where it will run in the end, so region and account are read over here.
const clusterRef = /^(?:arn:[^:]*:ecs:[^:]*:[^:]*:cluster\/)?([\w-]{1,255})$/
const definitionRef = /^(?:arn:[^:]*:ecs:[^:]*:[^:]*:task-definition\/)?([\w-]{1,255})(?::([1-9]\d*))?$/

/** The name in a cluster's name or ARN; undefined where it is neither. */
export const clusterNameOf = (ref: string): string | undefined => clusterRef.exec(ref)?.[1]

export interface DefinitionRef {
  readonly family: string
  /** Undefined: the latest. */
  readonly revision: number | undefined
}

/** Out of `family`, `family:revision` or an ARN. */
export function definitionRefOf(ref: string): DefinitionRef | undefined {
  const [, family, revision] = definitionRef.exec(ref) ?? []
  return family === undefined ? undefined : { family, revision: revision === undefined ? undefined : Number(revision) }
}
