/** Why a route matches a delivery or does not, as data. text/verdict-text.ts turns it into a sentence. */

/** The filters that are lists of globs. */
export type GlobFilter = 'branches' | 'tags' | 'repositories' | 'paths'

/** What an `if` can evaluate to besides true, false and null. */
export type ConditionType = 'text' | 'number' | 'list' | 'object'

/** The filter that rejected the delivery, and what it compared. */
export type Mismatch =
  | { readonly filter: 'on'; readonly kind: 'other-source'; readonly expected: string; readonly actual: string }
  | {
      readonly filter: 'event' | 'command'
      readonly kind: 'not-listed'
      readonly expected: readonly string[]
      readonly actual: string | undefined
    }
  /** A tag where the route lists branches, or the reverse, or an event without a ref. */
  | {
      readonly filter: 'branches' | 'tags'
      readonly kind: 'other-ref'
      readonly actual: { readonly kind: 'branch' | 'tag'; readonly name: string } | undefined
    }
  | {
      readonly filter: Exclude<GlobFilter, 'paths'>
      readonly kind: 'no-glob-matches'
      readonly globs: readonly string[]
      readonly actual: string | undefined
    }
  | { readonly filter: GlobFilter; readonly kind: 'too-long'; readonly length: number; readonly maxLength: number }
  | {
      readonly filter: 'paths'
      readonly kind: 'no-file-matches'
      readonly globs: readonly string[]
      readonly changedFiles: number
    }
  | { readonly filter: 'forks'; readonly kind: 'from-fork' }
  | { readonly filter: 'allow'; readonly kind: 'bot-not-listed'; readonly bot: string | undefined }
  | { readonly filter: 'if'; readonly kind: 'not-true'; readonly value: false | null }
  /** The type only: the value may be any part of the payload. */
  | { readonly filter: 'if'; readonly kind: 'not-boolean'; readonly type: ConditionType }
  | { readonly filter: 'if'; readonly kind: 'failed'; readonly error: string }

export interface Verdict {
  /** The id of the route. */
  readonly route: string
  /** The first filter that rejected the delivery. Undefined: the route matches. */
  readonly mismatch: Mismatch | undefined
  /** The route has `paths`, and they match because the changed files are unknown. */
  readonly pathsUnknown: boolean
}

/** A verdict as the log and `taskhook explain` show it. */
export interface VerdictLine {
  readonly route: string
  readonly matched: boolean
  /** A sentence; nothing may be decided by it. */
  readonly because: string
}
