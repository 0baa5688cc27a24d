/** What the actions of the API share. */

import type { CallFault } from '../faults/ecs-fault-kinds.ts'
import type { Strikes } from '../faults/fault-injector.ts'
import type { Names } from './arns.ts'
import type { Catalog } from './catalog.ts'
import type { Tokens } from './client-tokens.ts'
import { ApiError } from './errors.ts'
import type { World } from './task-lifecycle.ts'
import type { Store } from './task-store.ts'

export interface Api {
  readonly names: Names
  readonly catalog: Catalog
  readonly store: Store
  readonly tokens: Tokens
  readonly faults: Pick<Strikes, 'take'>
  readonly world: World
  readonly onOutput: ((line: OutputLine) => void) | undefined
}

export interface OutputLine {
  readonly taskArn: string
  readonly startedBy: string | undefined
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export type Answer =
  | { readonly kind: 'body'; readonly body: object }
  /** The connection breaks. */
  | { readonly kind: 'lost' }
  /** Status 200, and a body that nobody can read. */
  | { readonly kind: 'garbled'; readonly body: object; readonly how: 'half' | 'not-json' }

/** What is to stand in `failures[]`, with nothing done. */
export type Refusal = Extract<CallFault, { kind: 'failure' }>

/** @param refusal for the actions whose answer has `failures[]` */
export type Action = (input: unknown, api: Api, refusal?: Refusal) => Answer | Promise<Answer>

export const answer = (body: object): Answer => ({ kind: 'body', body })

/** @throws {ApiError} ClusterNotFoundException */
export function clusterOf(ref: string, { catalog }: Api): string {
  const cluster = catalog.cluster(ref)
  if (cluster === undefined) throw new ApiError('ClusterNotFoundException', 'Cluster not found.')
  return cluster
}
