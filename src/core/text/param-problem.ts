/** Says what is wrong with a parameter, for the person who sent it. A secret value is never repeated. Pure. */
import type { Param, ParamDeclarations, ParamValue } from '../model/param.ts'
import { type BrokenRule, brokenRule } from '../model/param-rules.ts'
import { cutText } from './cut-text.ts'
import { describeParam } from './describe-param.ts'
import { didYouMean } from './suggest.ts'

/**
 * @param value undefined: what was sent is not of the parameter's type
 * @param typed what a person typed
 * @returns undefined if the value is allowed
 */
export function paramProblem(param: Param, value: ParamValue | undefined, typed?: string): string | undefined {
  if (value === undefined)
    return typed === undefined || param.secret === true
      ? `is not ${describeParam(param)}`
      : `is ${quoteValue(typed)}, not ${describeParam(param)}`
  const rule = brokenRule(param, value)
  return rule === undefined ? undefined : brokenRuleText(rule, String(value), param.secret === true)
}

function brokenRuleText(rule: BrokenRule, value: string, secret: boolean): string {
  switch (rule.kind) {
    case 'too-small':
      return `${secret ? 'is out of range' : `is ${value}`}; the smallest is ${rule.limit}`
    case 'too-large':
      return `${secret ? 'is out of range' : `is ${value}`}; the largest is ${rule.limit}`
    case 'too-long':
      return `${lengthText(value)}; the maximum is ${rule.limit}`
    case 'too-short':
      return `${lengthText(value)}; the minimum is ${rule.limit}`
    case 'unusable-character':
      return 'contains a character that an environment variable cannot hold'
    case 'not-in-enum': {
      const allowed = rule.allowed.join(', ')
      return secret
        ? `is not one of ${allowed}`
        : `is ${quoteValue(value)}${didYouMean(value, rule.allowed) || `; must be one of ${allowed}`}`
    }
    case 'pattern-mismatch':
      return secret ? `does not match ${rule.pattern}` : `is ${quoteValue(value)}, which does not match ${rule.pattern}`
  }
}

const lengthText = ({ length }: string): string => `has ${length} character${length === 1 ? '' : 's'}`

export const missingParam = (param: Param): string => `is missing: ${describeParam(param)}`

export function unknownParam(name: string, declared: ParamDeclarations): string {
  const names = Object.keys(declared)
  if (names.length === 0) return 'is not a parameter: this task takes none'
  return `is not a parameter${didYouMean(name, names) || `; the task takes ${names.join(', ')}`}`
}

/** Characters of a value that are repeated: the answer must not be larger than what it answers. */
const maxQuoted = 41
export const quoteValue = (value: string): string => `"${cutText(value, maxQuoted)}"`
