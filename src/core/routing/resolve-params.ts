/** A task's parameters from what the sender gave and what the route sets. Help and forms use the same declarations. Pure. */

import type { Problem } from '../errors.ts'
import type { Param, ParamDeclarations, ParamValue, ParamValues } from '../model/param.ts'
import { parseParamText } from '../model/parse-param-text.ts'
import { parseParamValue } from '../model/parse-param-value.ts'
import type { RawParams } from '../model/trigger.ts'
import { cutText } from '../text/cut-text.ts'
import { missingParam, paramProblem, quoteValue, unknownParam } from '../text/param-problem.ts'

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
  const sent = namedValues(sendable, rawParams)
  const problems = [...sent.problems]
  for (const name of Object.keys(sent.values)) {
    // One more than the list holds is enough to say that there are more.
    if (problems.length > maxProblems) break
    const message = nameProblem(name, declared, computed)
    if (message !== undefined) problems.push({ path: cutText(name, 101), message })
  }
  const values: Record<string, ParamValue> = Object.create(null)
  let missing = 0
  for (const [name, param] of Object.entries(declared)) {
    const isComputed = Object.hasOwn(computed, name)
    const raw = isComputed ? computed[name] : Object.hasOwn(sent.values, name) ? sent.values[name] : undefined
    const resolved = resolveParam(param, raw, isComputed || sent.textual)
    if (resolved.kind === 'missing') missing++
    if (resolved.kind !== 'value') problems.push({ path: name, message: resolved.message })
    else if (resolved.value !== undefined) values[name] = resolved.value
  }
  if (problems.length === 0) return { ok: true, values }
  return { ok: false, problems: cutProblems(problems), missing: missing === problems.length }
}

/** Undefined: the sender may set this parameter. */
function nameProblem(
  name: string,
  declared: ParamDeclarations,
  computed: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!Object.hasOwn(declared, name)) return unknownParam(name, declared)
  return Object.hasOwn(computed, name) ? 'is set by the route; leave it out' : undefined
}

type ResolvedParam =
  /** Undefined: not given, not required, and no default. */
  | { readonly kind: 'value'; readonly value: ParamValue | undefined }
  | { readonly kind: 'missing' | 'invalid'; readonly message: string }

function resolveParam(param: Param, raw: unknown, textual: boolean): ResolvedParam {
  if (raw === undefined)
    return param.required && param.default === undefined
      ? { kind: 'missing', message: missingParam(param) }
      : { kind: 'value', value: param.default }
  const value = parseParamValue(param, raw, textual)
  const message = paramProblem(param, value)
  return message === undefined ? { kind: 'value', value } : { kind: 'invalid', message }
}

const cutProblems = (problems: readonly Problem[]): readonly Problem[] =>
  problems.length <= maxProblems
    ? problems
    : [...problems.slice(0, maxProblems), { path: '', message: `and more; only the first ${maxProblems} are listed` }]

interface NamedValues {
  readonly values: Readonly<Record<string, unknown>>
  readonly textual: boolean
  readonly problems: readonly Problem[]
}

/** @param sendable the parameters that the sender may set */
function namedValues(sendable: ParamDeclarations, rawParams: RawParams): NamedValues {
  if (rawParams.kind === 'none') return { values: {}, textual: false, problems: [] }
  if (rawParams.kind === 'object') return { ...rawParams, problems: [] }
  const { named, bare, problems } = parseParamText(rawParams.text)
  const names = Object.keys(sendable)
  const required = names.filter((name) => sendable[name]?.required)
  // A bare value is unambiguous if exactly one parameter is required, or only one can be given.
  const only = required.length === 1 ? required[0] : names.length === 1 ? names[0] : undefined
  if (only !== undefined && bare.length === 1 && !Object.hasOwn(named, only))
    return { values: { ...named, [only]: bare[0] }, textual: true, problems }
  const suggestion = only ?? required[0] ?? names[0] ?? 'name'
  const nameless = bare.map((value) => ({
    path: '',
    message: `${quoteValue(value)} has no name; write ${suggestion}=…`,
  }))
  return { values: named, textual: true, problems: [...problems, ...nameless] }
}
