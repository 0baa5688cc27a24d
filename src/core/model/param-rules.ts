/** The limits that a parameter's declaration sets for its values, and which of them a value breaks. Pure. */
import type { NumberParam, Param, ParamValue, StringParam } from './param.ts'

/** Characters. ECS accepts 8,192 for all overrides of a task together, so no single value can be longer. */
export const maxValueLength = 8192

/** What is wrong with a value of the right type. `limit` is the one that applies. */
export type BrokenRule =
  | { readonly kind: 'too-small' | 'too-large' | 'too-short' | 'too-long'; readonly limit: number }
  | { readonly kind: 'not-in-enum'; readonly allowed: readonly string[] }
  | { readonly kind: 'pattern-mismatch'; readonly pattern: string }
  /** An environment variable cannot hold a NUL character or half a surrogate pair. */
  | { readonly kind: 'unusable-character' }

export const isAllowed = (param: Param, value: ParamValue): boolean => brokenRule(param, value) === undefined

/** @returns undefined if the value is allowed */
export function brokenRule(param: Param, value: ParamValue): BrokenRule | undefined {
  switch (param.type) {
    case 'boolean':
      return undefined
    case 'string':
      return brokenStringRule(param, String(value))
    default:
      return brokenNumberRule(param, Number(value))
  }
}

function brokenNumberRule({ min, max }: NumberParam, value: number): BrokenRule | undefined {
  if (min !== undefined && value < min) return { kind: 'too-small', limit: min }
  if (max !== undefined && value > max) return { kind: 'too-large', limit: max }
  return undefined
}

/** The length is checked before the pattern: how long a pattern takes depends on it (config/redos-check.ts). */
function brokenStringRule(param: StringParam, value: string): BrokenRule | undefined {
  const { minLength, enum: allowed, pattern } = param
  const maxLength = Math.min(param.maxLength ?? maxValueLength, maxValueLength)
  if (value.length > maxLength) return { kind: 'too-long', limit: maxLength }
  if (minLength !== undefined && value.length < minLength) return { kind: 'too-short', limit: minLength }
  if (value.includes('\0') || !value.isWellFormed()) return { kind: 'unusable-character' }
  if (allowed !== undefined && !allowed.includes(value)) return { kind: 'not-in-enum', allowed }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return { kind: 'pattern-mismatch', pattern }
  return undefined
}
