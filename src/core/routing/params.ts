/** Typed parameters: one declaration serves validation, help, forms and the docs. Pure. */
import type { RawParams } from '../adapter.ts'
import type { Problem } from '../errors.ts'
import type { NumberParam, Param, ParamDeclarations, ParamValue, ParamValues, StringParam } from '../model/param.ts'
import { describeParam } from '../text/describe-param.ts'
import { didYouMean } from '../text/suggest.ts'
import { parseParamText } from './param-text.ts'
/** ECS takes 8,192 characters for all of a task's overrides, so no single value needs to be looked at beyond that. */
export const maxValueLength = 8192

/** Nobody reads more, and the answer must stay smaller than what caused it. */
const mostProblems = 50

export type Resolved =
  | { readonly ok: true; readonly values: ParamValues }
  /** `missing`: nothing is wrong but that something is not given. */
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly missing: boolean }

/**
 * The task's parameters out of what the sender gave and what the route computes, which wins. All problems at once.
 * @param computed values of the route's `with`; an undefined one counts as not given
 */
export function resolveParams(
  declared: ParamDeclarations,
  given: RawParams,
  computed: Readonly<Record<string, unknown>> = {},
): Resolved {
  const problems: Problem[] = []
  let missing = 0
  // What the route sets is not the sender's to give.
  const open = Object.fromEntries(Object.entries(declared).filter(([name]) => !Object.hasOwn(computed, name)))
  const sent = namedValues(open, given, problems)
  const values: Record<string, ParamValue> = Object.create(null)

  for (const name of Object.keys(sent.values)) {
    // One too many is enough to say that there are more.
    if (problems.length > mostProblems) break
    if (!Object.hasOwn(declared, name)) problems.push({ path: shown(name, 100), message: unknownParam(name, declared) })
    else if (Object.hasOwn(computed, name)) problems.push({ path: name, message: 'is set by the route; leave it out' })
  }
  for (const [name, param] of Object.entries(declared)) {
    const fixed = Object.hasOwn(computed, name)
    const raw = fixed ? computed[name] : Object.hasOwn(sent.values, name) ? sent.values[name] : undefined
    if (raw === undefined) {
      if (param.default !== undefined) values[name] = param.default
      else if (param.required) {
        problems.push({ path: name, message: `is missing: ${describeParam(param)}` })
        missing++
      }
      continue
    }
    const value = convert(param, raw, fixed || sent.textual)
    const wrong = value === undefined ? `is not ${describeParam(param)}` : whyInvalid(param, value)
    if (wrong !== undefined) problems.push({ path: name, message: wrong })
    else if (value !== undefined) values[name] = value
  }
  if (problems.length === 0) return { ok: true, values }
  return { ok: false, problems: shortened(problems), missing: missing === problems.length }
}

const shortened = (problems: readonly Problem[]): readonly Problem[] =>
  problems.length <= mostProblems
    ? problems
    : [...problems.slice(0, mostProblems), { path: '', message: 'and more; this is where the list ends' }]

function namedValues(open: ParamDeclarations, given: RawParams, problems: Problem[]) {
  if (given.kind === 'none') return { values: {}, textual: false }
  if (given.kind === 'object') return given
  const { named, bare, problems: unread } = parseParamText(given.text)
  problems.push(...unread)
  // A bare value is unambiguous where one parameter must be given, or only one can be.
  const names = Object.keys(open)
  const required = names.filter((name) => open[name]?.required)
  const only = required.length === 1 ? required[0] : names.length === 1 ? names[0] : undefined
  if (only !== undefined && bare.length === 1 && !Object.hasOwn(named, only)) {
    return { values: { ...named, [only]: bare[0] }, textual: true }
  }
  for (const value of bare) {
    problems.push({
      path: '',
      message: `"${shown(value)}" has no name; write ${only ?? required[0] ?? names[0] ?? 'name'}=…`,
    })
  }
  return { values: named, textual: true }
}

function unknownParam(name: string, declared: ParamDeclarations): string {
  const names = Object.keys(declared)
  if (names.length === 0) return 'is not a parameter: this task takes none'
  return `is not a parameter${didYouMean(name, names) || `; the task takes ${names.join(', ')}`}`
}

/** `textual`: the value was text on its way here, so "3" may stand for 3, and 3 for "3". */
function convert(param: Param, raw: unknown, textual: boolean): ParamValue | undefined {
  const value = typeof raw === 'bigint' ? Number(raw) : raw
  switch (param.type) {
    case 'string':
      if (typeof value === 'string') return value
      return textual && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : undefined
    case 'boolean':
      if (typeof value === 'boolean') return value
      return textual && (typeof value === 'string' || typeof value === 'number')
        ? booleans.get(String(value).toLowerCase())
        : undefined
    default: {
      const number =
        textual && typeof value === 'string' && /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(value)
          ? Number(value)
          : value
      if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
      return param.type === 'integer' && !Number.isSafeInteger(number) ? undefined : number
    }
  }
}

const booleans = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
])

/** What is wrong with a value of the right type; undefined: nothing. */
export function whyInvalid(param: Param, value: ParamValue): string | undefined {
  switch (param.type) {
    case 'boolean':
      return undefined
    case 'string':
      return stringFault(param, String(value))
    default:
      return numberFault(param, Number(value))
  }
}

function numberFault(param: NumberParam, value: number): string | undefined {
  const is = param.secret === true ? 'is out of range' : `is ${value}`
  if (param.min !== undefined && value < param.min) return `${is}; the smallest is ${param.min}`
  if (param.max !== undefined && value > param.max) return `${is}; the largest is ${param.max}`
  return undefined
}

function stringFault(param: StringParam, value: string): string | undefined {
  const max = Math.min(param.maxLength ?? maxValueLength, maxValueLength)
  if (value.length > max) return `has ${value.length} characters; the most is ${max}`
  if (param.minLength !== undefined && value.length < param.minLength)
    return `has ${value.length} characters; the least is ${param.minLength}`
  if (value.includes('\0') || !value.isWellFormed()) return 'holds a character that an environment variable cannot'
  if (param.enum !== undefined && !param.enum.includes(value))
    return param.secret === true
      ? `is not one of ${param.enum.join(', ')}`
      : `is "${shown(value)}"${didYouMean(value, param.enum) || `; one of ${param.enum.join(', ')}`}`
  if (param.pattern !== undefined && !new RegExp(param.pattern, 'u').test(value))
    return param.secret === true
      ? `does not match ${param.pattern}`
      : `is "${shown(value)}", which does not match ${param.pattern}`
  return undefined
}

const shown = (value: string, max = 40): string => (value.length > max ? `${value.slice(0, max)}…` : value)
