/** CEL expressions of the config: `if: event.forced == false`, `with: { dataset: "${event.repository.name}" }`. Pure. */
import { type ASTNode, Environment, Optional, type ParseResult } from '@marcbachmann/cel-js'
import { messageOf } from '../errors.ts'

/** What an expression may look at. */
export interface Scope {
  /** The sender's payload; `body` is another name for it. */
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

const environment = newEnvironment()
  .registerVariable('event', 'dyn')
  .registerVariable('body', 'dyn')
  .registerVariable('source', 'string')
  .registerVariable('actor', 'string')

// JSON numbers arrive as doubles, and people write `event.number + 1`.
for (const [operator, apply] of Object.entries({
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
})) {
  environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => apply(a, Number(b)))
  environment.registerOperator(`int ${operator} double`, (a: bigint, b: number) => apply(Number(a), b))
}

/** Of a task: it knows its parameters, and nothing of the delivery. */
const ofParams = newEnvironment().registerVariable('params', 'dyn')

/** @throws {Error} with one line that says what is wrong with the text */
function parse(text: string, known: Environment = environment): { run: ParseResult; type: string } {
  let checked: ReturnType<Environment['check']>
  try {
    checked = known.check(text)
    if (checked.valid) return { run: known.parse(text), type: String(checked.type) }
  } catch (cause) {
    throw new Error(summaryOf(cause), { cause })
  }
  throw new Error(summaryOf(checked.error))
}

const summaryOf = (error: unknown): string => messageOf(error).split('\n', 1)[0] ?? ''

const sourceOf = (condition: string): string => /^\$\{([\s\S]*)\}$/.exec(condition.trim())?.[1] ?? condition

/** The condition of an `if`. @throws {Error} where it does not compile or cannot be true or false */
export function compileCondition(text: string): Expression {
  const { run, type } = parse(sourceOf(text))
  if (type !== 'bool' && type !== 'dyn') throw new Error(`gives ${type}, and a condition is true or false`)
  return (scope) => run({ ...scope })
}

/**
 * A value with `${ … }` in it. One expression alone keeps its type, text around it makes text.
 * An expression that asks for something the payload does not have gives undefined: not given.
 * @throws {Error} where one does not compile
 */
export const compileTemplate = (text: string): Expression => templateOf(text, environment)

/** The same over a task's parameters: `${params.dataset}`. @throws {Error} where it does not compile */
export const compileParamTemplate = (text: string): ((params: object) => unknown) => {
  const template = templateOf<{ readonly params: object }>(text, ofParams)
  return (params) => template({ params })
}

function templateOf<S extends object>(text: string, known: Environment): (scope: S) => unknown {
  const parts = splitTemplate(text).map((part) => (typeof part === 'string' ? part : parse(part.expression, known).run))
  const [only] = parts
  if (parts.length === 1 && typeof only === 'function') return (scope) => orMissing(only, scope)
  return (scope) => {
    const values = parts.map((part) => (typeof part === 'string' ? part : orMissing(part, scope)))
    return values.includes(undefined) ? undefined : values.map(textOf).join('')
  }
}

/** `event.head.ref` of a payload without a head, `event.commits[0]` of an empty list. */
const missing = new Set(['no_such_key', 'index_out_of_bounds'])

function orMissing(run: ParseResult, scope: object): unknown {
  try {
    const value: unknown = run({ ...scope })
    return (value instanceof Optional ? value.orValue(undefined) : value) ?? undefined
  } catch (error) {
    if (missing.has((error as { code?: string }).code ?? '')) return undefined
    throw new Error(summaryOf(error), { cause: error })
  }
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return String(value)
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner))
}

/** What is asked in a condition or a template, as trees: for whoever judges what it costs. @throws {Error} where one is not closed */
export const treesOf = (kind: 'condition' | 'template', text: string): ASTNode[] =>
  (kind === 'condition' ? [{ expression: sourceOf(text) }] : splitTemplate(text)).flatMap((part) =>
    typeof part === 'string' ? [] : [environment.parse(part.expression).ast],
  )

/** Text and expressions in turn. Braces and quotes inside an expression are counted, so `${ {"a": "}"}.a }` is one. */
function splitTemplate(text: string): (string | { expression: string })[] {
  const parts: (string | { expression: string })[] = []
  let rest = 0
  for (let start = text.indexOf('${'); start >= 0; start = text.indexOf('${', rest)) {
    if (start > rest) parts.push(text.slice(rest, start))
    const end = endOfExpression(text, start + 2)
    parts.push({ expression: text.slice(start + 2, end) })
    rest = end + 1
  }
  if (rest < text.length || parts.length === 0) parts.push(text.slice(rest))
  return parts
}

function endOfExpression(text: string, start: number): number {
  let depth = 1
  let quote = ''
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? ''
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return at
  }
  throw new Error('"${" is never closed')
}
