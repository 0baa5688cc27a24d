/** What an adapter adds to the config: the keys of its sources, and what routes from them can use. Only tools that read YAML load it. */
import type * as v from 'valibot'
import type { RouteConfig } from '../core/model/config.ts'
import type { SourceConfig } from '../core/model/source-config.ts'

/** A mapping of the YAML, with the shape that the schema requires. */
export type Raw = Readonly<Record<string, unknown>>

export interface AdapterSpec {
  /** The sender's name as it writes it: `GitHub`. */
  readonly title: string
  /** Keys of the source, besides `adapter`. */
  readonly entries: v.ObjectEntries
  /** The key of the secrets that authenticate the sender. */
  readonly secret: string
  /** The keys of tokens for the sender's API. */
  readonly tokens: readonly string[]
  /** What routes from this source can use, besides `if` and `with`. */
  readonly filters: readonly RouteFilter[]
  /** Whether deliveries contain parameters. If not, routes must set all of them. */
  readonly givesParams: boolean
  /** The known values of `event`. Another one is a note of `check`, since senders add events. Undefined: any. */
  readonly events?: readonly string[]
  /** Known values of `event` that are not in a list. */
  isKnownEvent?(name: string): boolean
  /** Whether the sender could have such an event. If not, it is an error. */
  isEventName?(name: string): boolean
  /** Whether its deliveries say which bot caused them, so that routes can have `allow.bots`. */
  readonly namesBots?: true
  /** Checks a source beyond its shape. */
  check?(source: Raw): readonly SpecFinding[]
  /** Checks a route beyond its shape. */
  checkRoute?(route: Raw, source: Raw): readonly SpecFinding[]
  /** What is valid in a source, but probably a mistake. */
  notes?(source: SourceConfig): readonly string[]
  /** The same in a route. */
  routeNotes?(route: RouteConfig, source: SourceConfig): readonly string[]
  /** Values for keys that the route does not set. */
  routeDefaults?(route: Raw): Raw
  /** The keys of tokens that these routes need before they can match, so that the function which faces the internet must have them. */
  receiveTokens?(source: Raw, routes: readonly Raw[]): readonly string[]
}

export interface SpecFinding {
  /** Of the source or the route. */
  readonly key: string
  /** What is wrong and how to fix it. */
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

/** By adapter. */
export type AdapterSpecs = Readonly<Record<string, AdapterSpec>>
