/** Reads values of a config whose shape is not checked yet. Whatever has the wrong shape counts as absent: the schema reports it. */

export type Mapping = Readonly<Record<string, unknown>>

/** The value if it is a mapping, else an empty one. */
export const asMapping = (value: unknown): Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {}

/** An entry of a mapping by a key that comes from the config, never one that every object inherits. */
export const entryOf = <T>(mapping: Readonly<Record<string, T>>, key: unknown): T | undefined =>
  typeof key === 'string' && Object.hasOwn(mapping, key) ? mapping[key] : undefined

/** A list as it is, a single value as a list of one. */
export const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]
