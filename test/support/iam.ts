/** As much of IAM's evaluation as our policies use: who asks for what, on what, under which conditions. All statements are allows. */
import type { Statement } from '../../src/deploy/iam-policies.ts'

export interface Ask {
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

/** @throws {Error} for a condition operator that it does not know: better no answer than a wrong one */
export const isAllowed = (statements: readonly Statement[], ask: Ask): boolean =>
  statements.some(
    ({ Action, Resource, Condition = {} }) =>
      Action.some((pattern) => like(pattern, ask.action)) &&
      Resource.some((pattern) => like(pattern, ask.resource)) &&
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, [wanted].flat(), ask.context?.[key])),
      ),
  )

/** "*" is any text, "?" one character; case matters in resources, and none of our actions differ by case alone. */
function like(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(value)
}

function holds(operator: string, wanted: readonly string[], given: string | readonly string[] | undefined): boolean {
  const values = given === undefined ? [] : [given].flat()
  switch (operator) {
    case 'StringEquals':
      return values.length === 1 && values.every((value) => wanted.includes(value))
    case 'StringEqualsIfExists':
      return values.every((value) => wanted.includes(value))
    // True for a request that names none at all; that is why it never stands alone.
    case 'ForAllValues:StringEquals':
      return values.every((value) => wanted.includes(value))
    case 'Null':
      return wanted.every((absent) => (values.length === 0) === (absent === 'true'))
    case 'ForAllValues:StringLike':
      return values.every((value) => wanted.some((pattern) => like(pattern, value)))
    case 'ArnEquals':
      return values.length === 1 && values.every((value) => wanted.some((pattern) => like(pattern, value)))
    default:
      throw new Error(`IAM condition ${operator} is not known here`)
  }
}
