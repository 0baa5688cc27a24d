/** What is found wrong with a config whose shape is not yet known to be right. */

export interface ConfigFinding {
  readonly path: readonly (string | number)[]
  readonly message: string
}

export type Mapping = Readonly<Record<string, unknown>>

export const mapping = (value: unknown): Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {}

export const own = <T>(of: Readonly<Record<string, T>>, key: unknown): T | undefined =>
  typeof key === 'string' && Object.hasOwn(of, key) ? of[key] : undefined

export const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])
