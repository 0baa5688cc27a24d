/** CEL expressions of the config: `if: event.forced == false`, `with: { dataset: "${event.repository.name}" }`. Pure. */
import { type ASTNode, Environment, Optional, type ParseResult } from '@marcbachmann/cel-js'
import { messageOf } from '../errors.ts'
import { splitTemplate } from './split-template.ts'

/** The variables of an expression. */
export interface Scope {
  /** The sender's payload; `body` is the same. */
  readonly event: unknown
  readonly body: unknown
  readonly source: string
  readonly actor: string
}

export type Expression = (scope: Scope) => unknown

const newEnvironment = () =>
  new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 1000, maxDepth: 50 },
  })

const deliveryEnvironment = newEnvironment()
  .registerVariable('event', 'dyn')
  .registerVariable('body', 'dyn')
  .registerVariable('source', 'string')
  .registerVariable('actor', 'string')

// JSON numbers are doubles in CEL, but people write `event.number + 1`, which is a double and an int.
for (const [operator, apply] of Object.entries({
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
})) {
  deliveryEnvironment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => apply(a, Number(b)))
  deliveryEnvironment.registerOperator(`int ${operator} double`, (a: bigint, b: number) => apply(Number(a), b))
}

/** A task's expressions know its parameters, but nothing of the delivery. */
const paramEnvironment = newEnvironment().registerVariable('params', 'dyn')

/** @throws {Error} with one line that says what is wrong with the text */
function parse(text: string, environment: Environment): { run: ParseResult; type: string } {
  const { valid, type, error } = environment.check(text)
  if (!valid) throw new Error(firstLineOf(error))
  return { run: environment.parse(text), type: String(type) }
}

const firstLineOf = (error: unknown): string => messageOf(error).split('\n', 1)[0] ?? ''

/** An `if` may be written as `${…}` as well. */
const withoutBraces = (condition: string): string => /^\$\{([\s\S]*)\}$/.exec(condition.trim())?.[1] ?? condition

/** The condition of an `if`. @throws {Error} if it does not compile, or cannot be true or false */
export function compileCondition(text: string): Expression {
  const { run, type } = parse(withoutBraces(text), deliveryEnvironment)
  if (type !== 'bool' && type !== 'dyn') throw new Error(`must be true or false, but is of type ${type}`)
  return (scope) => run({ ...scope })
}

/**
 * A value that may contain `${…}`. One expression alone keeps its type; with text around it, the result is text.
 * An expression that reads what the payload does not have gives undefined: not given.
 * @throws {Error} if an expression does not compile
 */
export const compileTemplate = (text: string): Expression => compileWith(text, deliveryEnvironment)

/** The same over a task's parameters: `${params.dataset}`. @throws {Error} if it does not compile */
export const compileParamTemplate = (text: string): ((params: object) => unknown) => {
  const template = compileWith<{ readonly params: object }>(text, paramEnvironment)
  return (params) => template({ params })
}

function compileWith<S extends object>(text: string, environment: Environment): (scope: S) => unknown {
  const parts = splitTemplate(text).map((part) =>
    typeof part === 'string' ? part : parse(part.expression, environment).run,
  )
  const [only] = parts
  if (parts.length === 1 && typeof only === 'function') return (scope) => valueOrUndefined(only, scope)
  return (scope) => {
    const values = parts.map((part) => (typeof part === 'string' ? part : valueOrUndefined(part, scope)))
    return values.includes(undefined) ? undefined : values.map(textOf).join('')
  }
}

/** `event.head.ref` of a payload without `head`, and `event.commits[0]` of an empty list. */
const missingCodes = new Set(['no_such_key', 'index_out_of_bounds'])

function valueOrUndefined(run: ParseResult, scope: object): unknown {
  try {
    const value: unknown = run({ ...scope })
    return (value instanceof Optional ? value.orValue(undefined) : value) ?? undefined
  } catch (error) {
    if (missingCodes.has((error as { code?: string }).code ?? '')) return undefined
    throw new Error(firstLineOf(error), { cause: error })
  }
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return String(value)
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner))
}

/** The syntax trees of a condition or a template, to check what they cost. @throws {Error} if an expression is never closed */
export const treesOf = (kind: 'condition' | 'template', text: string): ASTNode[] =>
  (kind === 'condition' ? [{ expression: withoutBraces(text) }] : splitTemplate(text)).flatMap((part) =>
    typeof part === 'string' ? [] : [deliveryEnvironment.parse(part.expression).ast],
  )
