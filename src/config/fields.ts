/** Of what the schema of `taskhook.yaml` is made: each says in words what is wrong. */
import * as v from 'valibot'
import { didYouMean } from '../core/text/suggest.ts'
import type { Raw } from './spec.ts'

export const isUnknownKey = (issue: { expected: string | null }): boolean => issue.expected === 'never'

/** A mapping that takes the listed keys and no others. */
export const closed = <const T extends v.ObjectEntries>(entries: T) =>
  v.strictObject(entries, (issue) =>
    isUnknownKey(issue)
      ? `unknown key${didYouMean(String(issue.input), Object.keys(entries)) || `; known are ${Object.keys(entries).join(', ')}`}`
      : issue.received === 'undefined'
        ? 'is missing'
        : `must be a mapping, not ${issue.received}`,
  )

export const wanted = (what: string) => (issue: { received: string }) =>
  issue.received === 'undefined' ? `is missing: ${what}` : `must be ${what}, not ${issue.received}`

export const described = <const T extends v.GenericSchema>(schema: T, text: string) =>
  v.pipe(schema, v.description(text))

export const text = (what = 'text') => v.pipe(v.string(wanted(what)), v.nonEmpty('must not be empty'))
export const integer = (min: number, max: number) =>
  v.pipe(
    v.number(wanted('a number')),
    v.integer('must be an integer'),
    v.minValue(min, `must be ${min} or more`),
    v.maxValue(max, `must be ${max} or less`),
  )

/** One, or a list of them. */
export const oneOrMore = (what: string) =>
  v.pipe(
    v.union(
      [text(what), v.pipe(v.array(text(what)), v.minLength(1, 'must not be an empty list'))],
      wanted(`${what}, or a list`),
    ),
  )

export const choice = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, (issue) =>
    issue.received === 'undefined'
      ? `is missing: one of ${options.join(', ')}`
      : `${issue.received} is not one of ${options.join(', ')}${didYouMean(String(issue.input), options)}`,
  )

/** One of the options, or something of another shape. */
export const choiceOr = <const T extends readonly string[], const S extends v.GenericSchema>(
  options: T,
  other: S,
  what: string,
) =>
  v.union([v.picklist(options), other], (issue) => {
    const known = `one of ${options.join(', ')}, or ${what}`
    if (issue.received === 'undefined') return `is missing: ${known}`
    return typeof issue.input === 'string'
      ? `${issue.received} is not ${known}${didYouMean(issue.input, options)}`
      : `is not ${known}`
  })

const referencePattern = /^(env:[A-Za-z_][A-Za-z0-9_]*|secretsmanager:[^#\s]+(#[^#\s]+)?)$/
export const reference = v.pipe(
  text('a secret reference'),
  v.regex(
    referencePattern,
    'is not a secret reference; write secretsmanager:ID#KEY or env:NAME (never the secret itself)',
  ),
)
export const secretReferences = described(
  v.union([reference, v.pipe(v.array(reference), v.minLength(1, 'must not be an empty list'))], (issue) =>
    issue.received === 'undefined'
      ? 'is missing: a secret reference'
      : 'is not a secret reference; write secretsmanager:ID#KEY or env:NAME (never the secret itself)',
  ),
  'A secret reference, or a list of them: secretsmanager:ID#KEY or env:NAME.',
)

export const names = (what: string, max: number) =>
  v.pipe(
    v.array(text(what), wanted(`a list of ${what}s`)),
    v.minLength(1, 'must not be empty'),
    v.maxLength(max, `takes ${max} at most`),
  )

const durationPattern = /^([1-9]\d*)\s*(s|m|h|d)$/
export const duration = v.pipe(
  v.string(wanted('a time like 90s, 30m, 2h or 7d')),
  v.regex(durationPattern, ({ input }) => `must be a time like 90s, 30m, 2h or 7d, not "${input}"`),
)

/** Seconds. Rows are kept for thirty days, and nobody waits for more than a week. */
export const mostWait = 168 * 3600
/** How long somebody waits. What is no time at all has been told so by then. */
export const wait = v.pipe(
  duration,
  v.check((text) => !(secondsOf(text) > mostWait), 'must be 168h or less'),
)

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** @param text that `duration` takes */
export function secondsOf(duration: string): number {
  const [, count, unit = 's'] = durationPattern.exec(duration) ?? []
  return Number(count) * (secondsIn[unit] ?? 1)
}

/** What stands under these keys, as a list of texts; empty where nothing does. */
export function valuesAt(of: Raw, ...keys: readonly string[]): readonly string[] {
  const value = keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Raw)[key] : undefined),
    of,
  )
  return [value].flat().filter((each) => typeof each === 'string')
}

export function isRegExp(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp
  } catch {
    return false
  }
}
