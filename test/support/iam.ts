/** Evaluates IAM policies, as far as taskhook's policies need it: action, resource and conditions. All statements are Allow. */
import type { Statement } from '../../src/deploy/statement.ts'

export interface AccessRequest {
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

/** @throws {Error} for an unknown condition operator, so that a test cannot pass by accident */
export const isAllowed = (statements: readonly Statement[], request: AccessRequest): boolean =>
  statements.some(
    ({ Action, Resource, Condition = {} }) =>
      Action.some((pattern) => matches(pattern, request.action)) &&
      Resource.some((pattern) => matches(pattern, request.resource)) &&
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, [wanted].flat(), request.context?.[key])),
      ),
  )

/** "*" is any text, "?" any character. Case matters in resources; none of our actions differ only in case. */
function matches(pattern: string, value: string): boolean {
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
    // Also true for a request without the key, so our policies never use it as the only condition.
    case 'ForAllValues:StringEquals':
      return values.every((value) => wanted.includes(value))
    case 'Null':
      return wanted.every((absent) => (values.length === 0) === (absent === 'true'))
    case 'ForAllValues:StringLike':
      return values.every((value) => wanted.some((pattern) => matches(pattern, value)))
    case 'ArnEquals':
      return values.length === 1 && values.every((value) => wanted.some((pattern) => matches(pattern, value)))
    default:
      throw new Error(`unknown IAM condition operator ${operator}`)
  }
}
