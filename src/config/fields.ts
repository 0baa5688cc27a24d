/** The building blocks of the schema of `taskhook.yaml`. Each says in words what is wrong. Adapters' specs use them too. */
import * as v from 'valibot'
import { didYouMean } from '../core/text/suggest.ts'
import type { Raw } from './spec.ts'

/** Whether a schema issue is about a key that `closed` does not know. */
export const isUnknownKey = (issue: { expected: string | null }): boolean => issue.expected === 'never'

/** A mapping with these keys and no others. */
export const closed = <const T extends v.ObjectEntries>(entries: T) =>
  v.strictObject(entries, (issue) =>
    isUnknownKey(issue)
      ? `unknown key${didYouMean(String(issue.input), Object.keys(entries)) || `; must be one of ${Object.keys(entries).join(', ')}`}`
      : issue.received === 'undefined'
        ? 'is missing'
        : `must be a mapping, not ${issue.received}`,
  )

/** A mapping with exactly one of these keys. */
export const oneOf = <const T extends v.ObjectEntries>(entries: T) => {
  const names = Object.keys(entries)
  const optional = Object.fromEntries(
    Object.entries(entries).map(([key, schema]) => [key, v.optional(schema as v.GenericSchema)]),
  )
  return v.pipe(
    closed(optional),
    v.check((value) => Object.keys(value).length === 1, `must have one of ${names.join(', ')}`),
  )
}

/** The message for a value of another type. */
export const mustBe = (what: string) => (issue: { received: string }) =>
  issue.received === 'undefined' ? `is missing; must be ${what}` : `must be ${what}, not ${issue.received}`

/** With the description that editors show (JSON Schema). */
export const described = <const T extends v.GenericSchema>(schema: T, description: string) =>
  v.pipe(schema, v.description(description))

export const text = (what = 'text') => v.pipe(v.string(mustBe(what)), v.nonEmpty('must not be empty'))

export const trueOrFalse = v.boolean(mustBe('true or false'))

export const integer = (min: number, max: number) =>
  v.pipe(
    v.number(mustBe('a number')),
    v.integer('must be an integer'),
    v.minValue(min, `must be ${min} or more`),
    v.maxValue(max, `must be ${max} or less`),
  )

/** One text, or a list of them. */
export const oneOrMore = (what: string) =>
  v.pipe(
    v.union(
      [text(what), v.pipe(v.array(text(what)), v.minLength(1, 'must not be an empty list'))],
      mustBe(`${what}, or a list`),
    ),
  )

export const choice = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, (issue) => choiceMessage(issue, options))

export const choiceMessage = (issue: { received: string; input: unknown }, options: readonly string[]): string =>
  issue.received === 'undefined'
    ? `is missing; must be one of ${options.join(', ')}`
    : `${issue.received} is not one of ${options.join(', ')}${didYouMean(String(issue.input), options)}`

/** One of the options, or a value of another shape. */
export const choiceOr = <const T extends readonly string[], const S extends v.GenericSchema>(
  options: T,
  other: S,
  what: string,
) =>
  v.union([v.picklist(options), other], (issue) => {
    const allowed = `one of ${options.join(', ')}, or ${what}`
    if (issue.received === 'undefined') return `is missing; must be ${allowed}`
    return typeof issue.input === 'string'
      ? `${issue.received} is not ${allowed}${didYouMean(issue.input, options)}`
      : `is not ${allowed}`
  })

export const nameList = (what: string, max: number) =>
  v.pipe(
    v.array(text(what), mustBe(`a list of ${what}s`)),
    v.minLength(1, 'must not be empty'),
    v.maxLength(max, `must have at most ${max} items`),
  )

/** The message must never quote the value: it may be the secret itself. */
const notAReference = 'is not a secret reference; write secretsmanager:ID#KEY or env:NAME (never the secret itself)'
const reference = v.pipe(
  text('a secret reference'),
  v.regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|secretsmanager:[^#\s]+(#[^#\s]+)?)$/, notAReference),
)
export const secretReferences = described(
  v.union([reference, v.pipe(v.array(reference), v.minLength(1, 'must not be an empty list'))], (issue) =>
    issue.received === 'undefined' ? 'is missing; must be a secret reference' : notAReference,
  ),
  'A secret reference, or a list of them: secretsmanager:ID#KEY or env:NAME.',
)

/** The texts at these keys, one inside the other, as a list. Empty if there are none. */
export function valuesAt(of: Raw, ...keys: readonly string[]): readonly string[] {
  const value = keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Raw)[key] : undefined),
    of,
  )
  return [value].flat().filter((each) => typeof each === 'string')
}
