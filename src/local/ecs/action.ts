/** What the API's actions share: their context, their results, and the lookup of a cluster. */
import type { CallFault } from '../faults/ecs-fault-kinds.ts'
import type { FaultSource } from '../faults/fault-injector.ts'
import type { Arns } from './arns.ts'
import type { Catalog } from './catalog.ts'
import type { ClientTokens } from './client-tokens.ts'
import { ApiError } from './errors.ts'
import type { TaskEnvironment } from './task-lifecycle.ts'
import type { TaskStore } from './task-store.ts'

export interface EcsApi {
  readonly arns: Arns
  readonly catalog: Catalog
  readonly store: TaskStore
  readonly clientTokens: ClientTokens
  readonly faults: Pick<FaultSource, 'take'>
  readonly environment: TaskEnvironment
  readonly onOutput: ((line: OutputLine) => void) | undefined
}

export interface OutputLine {
  readonly taskArn: string
  readonly startedBy: string | undefined
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export type ActionResult =
  | { readonly kind: 'body'; readonly body: object }
  /** The connection drops. */
  | { readonly kind: 'lost' }
  /** Status 200, and a body that cannot be parsed. */
  | { readonly kind: 'garbled'; readonly body: object; readonly how: 'half' | 'not-json' }

/** An entry of `failures[]`, injected by a fault; nothing is done. */
export type Refusal = Extract<CallFault, { kind: 'failure' }>

/** @param refusal for the actions whose response has `failures[]` */
export type Action = (input: unknown, api: EcsApi, refusal?: Refusal) => ActionResult | Promise<ActionResult>

export const success = (body: object): ActionResult => ({ kind: 'body', body })

/** @throws {ApiError} ClusterNotFoundException */
export function clusterOf(ref: string, { catalog }: EcsApi): string {
  const cluster = catalog.cluster(ref)
  if (cluster === undefined) throw new ApiError('ClusterNotFoundException', 'Cluster not found.')
  return cluster
}
