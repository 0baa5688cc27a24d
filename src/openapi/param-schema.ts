/** Declared parameters as a JSON Schema that accepts exactly what `resolveParams` accepts of a JSON body. */
import type { Json } from '../core/adapter.ts'
import type { TaskConfig } from '../core/model/config.ts'
import type { NumberParam, Param, StringParam } from '../core/model/param.ts'
import type { Schema } from './openapi-types.ts'

/** ECS overrides have 8,192 characters in total, so `resolveParams` accepts no longer value. */
const maxTextLength = 8192

/** @param more other properties of the body */
export function paramsSchema({ name, description, params }: TaskConfig, more: Readonly<Record<string, Schema>> = {}) {
  const required = Object.keys(params).filter((param) => params[param]?.required && params[param].default === undefined)
  return {
    type: 'object',
    description: description === undefined ? `Parameters of ${name}.` : `Parameters of ${name}. ${description}`,
    properties: { ...mapValues(params, paramSchema), ...more },
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  } satisfies Schema
}

const mapValues = <T, U>(values: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]))

const paramSchema = (param: Param): Schema => ({
  type: param.type,
  ...withoutUndefined({ description: param.description }),
  ...(param.secret && { format: 'password', writeOnly: true }),
  ...limitsOf(param),
  // The default of a secret is secret, too.
  ...(param.secret !== true &&
    withoutUndefined({ default: param.type === 'number' ? finite(param.default) : param.default })),
})

function limitsOf(param: Param): Schema {
  if (param.type === 'boolean') return {}
  return param.type === 'string' ? textLimits(param) : numberLimits(param)
}

const textLimits = ({ enum: options, pattern, minLength, maxLength }: StringParam): Schema => ({
  ...withoutUndefined({ enum: options === undefined ? undefined : [...new Set(options)], pattern, minLength }),
  // With a list of options, the length needs no limit.
  ...withoutUndefined({
    maxLength:
      options === undefined || maxLength !== undefined
        ? Math.min(maxLength ?? maxTextLength, maxTextLength)
        : undefined,
  }),
})

/** Beyond these limits, JSON.parse rounds integers, so `resolveParams` accepts none. */
const integers = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }

function numberLimits({ type, min, max }: NumberParam): Schema {
  if (type === 'number') return withoutUndefined({ minimum: finite(min), maximum: finite(max) })
  return {
    minimum: Math.max(min ?? integers.min, integers.min),
    maximum: Math.min(max ?? integers.max, integers.max),
  }
}

/** YAML has `.inf`; JSON has no infinity. */
const finite = (bound: number | undefined): number | undefined => (Number.isFinite(bound) ? bound : undefined)

function withoutUndefined(values: Readonly<Record<string, Json | undefined>>): Schema {
  const defined = Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  return Object.fromEntries(defined)
}
