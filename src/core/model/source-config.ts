/** One source of the compiled config, as its adapter sees it. */
import type { Json } from './json.ts'
import type { Rate } from './token-bucket.ts'

export interface SourceConfig {
  readonly name: string
  readonly adapter: string
  /** References of the secrets that authenticate the sender; the first is the current one. */
  readonly secret: readonly string[]
  /** Seconds for which the previous version of a secret stays valid after its successor was stored. Default: a week. */
  readonly previousSecretFor?: number
  /** References of the secrets for calls to the sender, by name. */
  readonly tokens: Readonly<Record<string, readonly string[]>>
  /** Names of the tokens that `receive` may read too, since routes depend on what it asks the sender (ADR 12). */
  readonly receiveTokens?: readonly string[]
  readonly options: Readonly<Record<string, Json>>
  /** Limits on new runs. */
  readonly limits?: { readonly deliveries?: Rate; readonly perActor?: Rate }
}
