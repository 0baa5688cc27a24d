/** What an adapter says about its slice of the config. Only the tools that read YAML load it; a Lambda function never does. */
import type * as v from 'valibot'

export type Raw = Readonly<Record<string, unknown>>

export interface AdapterSpec {
  /** The sender's name as it writes it: `GitHub`. */
  readonly title: string
  /** Keys of the source, beyond `adapter`. */
  readonly entries: v.ObjectEntries
  /** Which of them holds the secrets that prove a sender, and which hold tokens to speak to it. */
  readonly secret: string
  readonly tokens: readonly string[]
  /** What routes from this source can filter by, beyond `if` and `with`. */
  readonly filters: readonly RouteFilter[]
  /** Whether its deliveries bring parameters of their own, or routes must set them all. */
  readonly givesParams: boolean
  /** Known names for `event`, where there is a list. */
  readonly events?: readonly string[]
  /** More to say about a source than its shape tells. */
  check?(source: Raw): readonly SpecFinding[]
  /** And about a route from it. */
  checkRoute?(route: Raw, source: Raw): readonly SpecFinding[]
  /** What a route says where the config does not. */
  routeDefaults?(route: Raw): Raw
  /** Tokens that these routes need before they can decide, so that the function which faces the internet must have them. */
  receiveTokens?(source: Raw, routes: readonly Raw[]): readonly string[]
}

export interface SpecFinding {
  readonly key: string
  readonly message: string
}

export const routeFilters = [
  'event',
  'command',
  'branches',
  'tags',
  'paths',
  'repositories',
  'forks',
  'allow',
  'approval',
] as const
export type RouteFilter = (typeof routeFilters)[number]
export type AdapterSpecs = Readonly<Record<string, AdapterSpec>>
