/** Declared parameters as JSON Schema, such that it takes what `resolveParams` takes of a JSON body, and nothing else. */
import type { Json } from '../core/adapter.ts'
import type { TaskConfig } from '../core/model/config.ts'
import type { NumberParam, Param, StringParam } from '../core/model/param.ts'
import type { Schema } from './openapi-types.ts'

/** No value of an ECS override can be longer, so core takes none. */
const longest = 8192

/** @param more what the body may hold beside the parameters */
export function paramsSchema({ name, description, params }: TaskConfig, more: Readonly<Record<string, Schema>> = {}) {
  const required = Object.keys(params).filter((param) => params[param]?.required && params[param].default === undefined)
  return {
    type: 'object',
    description: description === undefined ? `What ${name} takes.` : `What ${name} takes. ${description}`,
    properties: { ...mapped(params, paramSchema), ...more },
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  } satisfies Schema
}

const mapped = <T, U>(of: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value)]))

export const paramSchema = (param: Param): Schema => ({
  type: param.type,
  ...given({ description: param.description }),
  ...(param.secret && { format: 'password', writeOnly: true }),
  ...rulesOf(param),
  // Of a secret it is shown to nobody.
  ...(param.secret !== true && given({ default: param.type === 'number' ? finite(param.default) : param.default })),
})

function rulesOf(param: Param): Schema {
  if (param.type === 'boolean') return {}
  return param.type === 'string' ? textRules(param) : numberRules(param)
}

const textRules = ({ enum: options, pattern, minLength, maxLength }: StringParam): Schema => ({
  ...given({ enum: options === undefined ? undefined : [...new Set(options)], pattern, minLength }),
  // A list of options is bound enough.
  ...given({
    maxLength: options === undefined || maxLength !== undefined ? Math.min(maxLength ?? longest, longest) : undefined,
  }),
})

/** Beyond these JSON's integers lose their last digits on the way, so core takes none. */
const integers = { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER }

function numberRules({ type, min, max }: NumberParam): Schema {
  if (type === 'number') return given({ minimum: finite(min), maximum: finite(max) })
  return {
    minimum: Math.max(min ?? integers.least, integers.least),
    maximum: Math.min(max ?? integers.most, integers.most),
  }
}

/** YAML has `.inf`, JSON has not. */
const finite = (bound: number | undefined): number | undefined => (Number.isFinite(bound) ? bound : undefined)

/** Without what is not there. */
function given(values: Readonly<Record<string, Json | undefined>>): Schema {
  const there = Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  return Object.fromEntries(there)
}
