/**
 * Parses the expressions of a request, as dynalite's actions need them. The parser takes half a millisecond, and there are some fifty
 * different expressions, so each result is cached and reused with the values of the present request.
 */
import { validateExpressions } from 'dynalite/validations/index.js'

type Input = Readonly<Record<string, unknown>>
type Values = Readonly<Record<string, object>>

const trees = ['_updates', '_condition', '_projection'] as const
const texts = ['UpdateExpression', 'ConditionExpression', 'ProjectionExpression'] as const
const known = new Map<string, { readonly forest: Input; readonly values: Values }>()

export function parseExpressions(input: Input): Record<string, unknown> {
  const values = (input.ExpressionAttributeValues ?? {}) as Values
  const kinds = Object.entries(values).map(([name, value]) => [name, ...Object.keys(value)])
  const key = JSON.stringify([texts.map((text) => input[text]), input.ExpressionAttributeNames, kinds])
  const before = known.get(key)
  const { forest, values: old } = before ?? { forest: parse(input), values }
  if (before === undefined) known.set(key, { forest, values })
  const now = new Map(Object.entries(old).map(([name, value]) => [value, values[name]]))
  return { ...input, ...(graft(forest, now) as Input) }
}

function parse(input: Input): Input {
  const data = { ...input }
  const wrong = validateExpressions(data)
  if (wrong !== undefined) throw new Error(wrong)
  return Object.fromEntries(trees.flatMap((tree) => (data[tree] === undefined ? [] : [[tree, data[tree]]])))
}

/** A copy, since dynalite changes the trees. */
function graft(tree: unknown, now: ReadonlyMap<unknown, unknown>): unknown {
  if (now.has(tree)) return now.get(tree)
  if (Array.isArray(tree)) return tree.map((each) => graft(each, now))
  if (typeof tree !== 'object' || tree === null) return tree
  return Object.fromEntries(Object.entries(tree).map(([name, each]) => [name, graft(each, now)]))
}
