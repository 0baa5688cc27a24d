/** Reads what was sent for a parameter as a value of its declared type, for routing/resolve-params.ts. Pure. */
import type { Param, ParamValue } from './param.ts'
import { isAllowed } from './param-rules.ts'

/** Decimal only: `Number` alone would accept "0x10" and the empty string. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
])

/**
 * @param textual the sender can only send text (a command line, a form), so "3" is accepted for 3, and 3 for "3"
 * @returns undefined if the value is not of the parameter's type; the parameter's limits are not checked
 */
export function parseParamValue(param: Param, raw: unknown, textual: boolean): ParamValue | undefined {
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
      const number = textual && typeof value === 'string' && decimal.test(value) ? Number(value) : value
      if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
      return param.type === 'integer' && !Number.isSafeInteger(number) ? undefined : number
    }
  }
}

/** The value of a text that a person typed. Undefined: the parameter does not accept it. */
export function parseTypedValue(param: Param, text: string): ParamValue | undefined {
  const value = parseParamValue(param, text, true)
  return value !== undefined && isAllowed(param, value) ? value : undefined
}
