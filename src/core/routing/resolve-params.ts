/** A task's parameters from what the sender gave and what the route sets. Help and forms use the same declarations. Pure. */

import type { Problem } from '../errors.ts'
import type { Param, ParamDeclarations, ParamValue, ParamValues } from '../model/param.ts'
import { parseParamText } from '../model/parse-param-text.ts'
import { parseParamValue } from '../model/parse-param-value.ts'
import type { RawParams } from '../model/trigger.ts'
import { cutText } from '../text/cut-text.ts'
import { missingParam, paramProblem, quoteValue, unknownParam } from '../text/param-problem.ts'
import { typingSlipProblem } from '../text/typing-slip.ts'

/** A longer list helps no one, and the answer must stay smaller than the request. */
const maxProblems = 50

export type ResolvedParams =
  | { readonly ok: true; readonly values: ParamValues }
  /** `missing`: the only problem is that required parameters are missing, so a form can ask for them. */
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly missing: boolean }

/**
 * Reports every problem at once.
 * @param computed values of the route's `with`, which override what was sent; undefined counts as not given
 */
export function resolveParams(
  declared: ParamDeclarations,
  rawParams: RawParams,
  computed: Readonly<Record<string, unknown>> = {},
): ResolvedParams {
  const sendable = Object.fromEntries(Object.entries(declared).filter(([name]) => !Object.hasOwn(computed, name)))
  const sent = rawParams.kind === 'text' ? typedValues(declared, sendable, rawParams.text) : sentValues(rawParams)
  const problems = [...sent.problems]
  for (const name of Object.keys(sent.values)) {
    // One more than the list holds is enough to say that there are more.
    if (problems.length > maxProblems) break
    const problem = nameProblem(name, declared, computed, sent.typedNames?.[name])
    if (problem !== undefined) problems.push(problem)
  }
  const values: Record<string, ParamValue> = Object.create(null)
  let missing = 0
  for (const [name, param] of Object.entries(declared)) {
    const isComputed = Object.hasOwn(computed, name)
    // What is wrong with the word that should have given it is a problem already.
    if (!isComputed && sent.misspelled?.has(name) && !Object.hasOwn(sent.values, name)) continue
    const raw = isComputed ? computed[name] : Object.hasOwn(sent.values, name) ? sent.values[name] : undefined
    const resolved = resolveParam(param, raw, isComputed || sent.textual, !isComputed && sent.typedNames !== undefined)
    if (resolved.kind === 'missing') missing++
    if (resolved.kind !== 'value') problems.push({ path: name, message: resolved.message })
    else if (resolved.value !== undefined) values[name] = resolved.value
  }
  if (problems.length === 0) return { ok: true, values }
  return { ok: false, problems: cutProblems(problems), missing: missing === problems.length }
}

/** @param typed the name with its dashes @returns undefined: the sender may set this parameter */
function nameProblem(
  name: string,
  declared: ParamDeclarations,
  computed: Readonly<Record<string, unknown>>,
  typed = name,
): Problem | undefined {
  if (!Object.hasOwn(declared, name)) return { path: cutText(typed, 101), message: unknownParam(name, declared) }
  return Object.hasOwn(computed, name) ? { path: name, message: 'is set by the route; leave it out' } : undefined
}

type ResolvedParam =
  /** Undefined: not given, not required, and no default. */
  | { readonly kind: 'value'; readonly value: ParamValue | undefined }
  | { readonly kind: 'missing' | 'invalid'; readonly message: string }

/** @param typed a person typed the value, and the problem repeats it */
function resolveParam(param: Param, raw: unknown, textual: boolean, typed: boolean): ResolvedParam {
  if (raw === undefined)
    return param.required && param.default === undefined
      ? { kind: 'missing', message: missingParam(param) }
      : { kind: 'value', value: param.default }
  const value = parseParamValue(param, raw, textual)
  const message = paramProblem(param, value, typed ? String(raw) : undefined)
  return message === undefined ? { kind: 'value', value } : { kind: 'invalid', message }
}

const cutProblems = (problems: readonly Problem[]): readonly Problem[] =>
  problems.length <= maxProblems
    ? problems
    : [...problems.slice(0, maxProblems), { path: '', message: `and more; only the first ${maxProblems} are listed` }]

interface SentValues {
  /** By name. The names need not be declared. */
  readonly values: Readonly<Record<string, unknown>>
  readonly textual: boolean
  readonly problems: readonly Problem[]
  /** Names as a person typed them, with their dashes. */
  readonly typedNames?: Readonly<Record<string, string>>
  /** Parameters of which a problem says how to write them. */
  readonly misspelled?: ReadonlySet<string>
}

const sentValues = (rawParams: Exclude<RawParams, { kind: 'text' }>): SentValues =>
  rawParams.kind === 'none' ? { values: {}, textual: false, problems: [] } : { ...rawParams, problems: [] }

/** @param sendable the parameters that the sender may set */
function typedValues(declared: ParamDeclarations, sendable: ParamDeclarations, text: string): SentValues {
  const { named, typedNames, bare, slips } = parseParamText(text, declared)
  const problems = slips.slice(0, maxProblems + 1).map((slip) => typingSlipProblem(slip, declared))
  const misspelled = new Set(slips.flatMap((slip) => ('name' in slip ? slip.name : [])))
  const about = { textual: true, typedNames, misspelled }
  const names = Object.keys(sendable)
  const required = names.filter((name) => sendable[name]?.required)
  // A bare value is unambiguous if exactly one parameter is required, or only one can be given.
  const only = required.length === 1 ? required[0] : names.length === 1 ? names[0] : undefined
  if (only !== undefined && bare.length === 1 && !Object.hasOwn(named, only))
    return { ...about, values: { ...named, [only]: bare[0] }, problems }
  const suggestion = only ?? required[0] ?? names[0] ?? 'name'
  const nameless = bare.map((value) => ({
    path: '',
    message: `${quoteValue(value)} has no name; write ${suggestion}=…`,
  }))
  return { ...about, values: named, problems: [...problems, ...nameless] }
}
