/** What the pipelines are given: everything that acts comes in as an argument. */
import type { Adapter, SourceConfig } from './adapter.ts'
import type { TaskConfig } from './config/types.ts'
import type { Ecs, EcsHome } from './ecs.ts'
import type { Groups } from './groups.ts'
import type { Ledger } from './ledger.ts'
import type { Limiter } from './limiter.ts'
import type { Log } from './log.ts'
import type { PauseBoard } from './pauses.ts'
import type { Queue } from './queue.ts'
import type { Rates } from './rates.ts'
import type { Route } from './route.ts'
import type { Secrets } from './secrets.ts'

export interface Source {
  readonly config: SourceConfig
  readonly adapter: Adapter
}

export interface Parts {
  readonly sources: ReadonlyMap<string, Source>
  readonly tasks: ReadonlyMap<string, TaskConfig>
  readonly routes: readonly Route[]
  readonly ledger: Ledger
  readonly groups: Groups
  readonly rates: Rates
  readonly pauses: PauseBoard
  readonly queue: Queue
  /** ECS of the account and region in which a task runs. Loaded on first use: the function that faces the internet never needs it. */
  readonly ecs: (home: EcsHome) => Promise<Ecs>
  readonly secrets: Secrets
  /** Reference of the secret that signs status URLs. */
  readonly key: string
  /** Whether a run's container may tell something now. */
  readonly reports: Limiter
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A text that was never there before. */
  readonly unique: () => string
  readonly fetch: typeof fetch
  /** Goes to https on public hosts only. */
  readonly fetchPublic: typeof fetch
}
