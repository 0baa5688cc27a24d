/** Everything that acts, as arguments. Each step declares the `Pick<Services, …>` that it uses. */
import type { Adapter, SourceConfig } from './adapter.ts'
import type { Ecs, EcsHome } from './aws/ecs.ts'
import type { Queue } from './aws/queue.ts'
import type { Secrets } from './aws/secret-rotation.ts'
import type { Throttle } from './http/throttle.ts'
import type { TaskConfig } from './model/config.ts'
import type { Route } from './routing/prepare-route.ts'
import type { ConcurrencyGroups } from './store/concurrency-store.ts'
import type { Ledger } from './store/ledger.ts'
import type { PauseBoard } from './store/pause-store.ts'
import type { RateLimits } from './store/rate-limit-store.ts'
import type { Log } from './telemetry/log.ts'

export interface Source {
  readonly config: SourceConfig
  readonly adapter: Adapter
}

export interface Services {
  readonly sources: ReadonlyMap<string, Source>
  readonly tasks: ReadonlyMap<string, TaskConfig>
  readonly routes: readonly Route[]
  readonly ledger: Ledger
  readonly groups: ConcurrencyGroups
  readonly rates: RateLimits
  readonly pauses: PauseBoard
  readonly queue: Queue
  /** ECS of the account and region in which a task runs. Loaded on first use: the function that faces the internet never needs it. */
  readonly ecs: (home: EcsHome) => Promise<Ecs>
  readonly secrets: Secrets
  /** Reference of the secret that signs status URLs and the tokens of runs. */
  readonly tokenKeyReference: string
  /** One progress report a second for each run. */
  readonly reportThrottle: Throttle
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A text that was never returned before. */
  readonly unique: () => string
  readonly fetch: typeof fetch
  /** Sends only to public HTTPS hosts. */
  readonly fetchPublic: typeof fetch
}
