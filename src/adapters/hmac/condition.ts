/** Conditions on a body, as data. Pure. */
import { valuesAtPath } from './value-at-path.ts'

/** Path → value. A path may go through all elements of a list: `changes.*.new`. Null: it is null or missing. All must hold. */
export type Condition = Readonly<Record<string, string | number | boolean | null>>

export const holds = (condition: Condition, body: unknown): boolean =>
  Object.entries(condition).every(([path, wanted]) =>
    valuesAtPath(body, path).every((value) => (value ?? null) === wanted),
  )
