/** Checks declared parameters beyond their shape. */
import type { Param, ParamValue } from '../core/model/param.ts'
import { maxValueLength } from '../core/model/param-rules.ts'
import { paramProblem } from '../core/text/param-problem.ts'
import { envNameOf, whyReserved } from './env-names.ts'
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import { isRegExp } from './param-schema.ts'
import { redosRisk } from './redos-check.ts'
import { asMapping, type Mapping } from './yaml-values.ts'

export function checkParams(path: ConfigPath, params: Mapping): ConfigFinding[] {
  const ownerOf = new Map<string, string>()
  return Object.entries(params).flatMap(([name, declared]) => {
    const { env = envNameOf(name), ...param } = asMapping(declared)
    const at = [...path, name]
    const reserved = typeof env === 'string' ? whyReserved(env) : undefined
    const owner = ownerOf.get(String(env))
    ownerOf.set(String(env), name)
    return [
      ...(reserved === undefined ? [] : finding([...at, 'env'], reserved)),
      ...(owner === undefined
        ? []
        : finding([...at, 'env'], `"${env}" is already the variable of "${owner}"; choose another name`)),
      ...checkParam(at, param),
    ]
  })
}

function checkParam(path: ConfigPath, param: Mapping): ConfigFinding[] {
  const findings = [...checkRange(path, param, 'min', 'max'), ...checkRange(path, param, 'minLength', 'maxLength')]
  const risk = patternRisk(param)
  // The default is not tried against such a pattern: that could hang as well.
  if (risk !== undefined) return [...findings, ...finding([...path, 'pattern'], risk)]
  if (param.default === undefined) return findings
  if (param.required === true)
    findings.push(...finding([...path, 'required'], 'has no effect if there is a default; remove one of the two'))
  const problem = literalProblem(param, param.default)
  return problem === undefined ? findings : [...findings, ...finding([...path, 'default'], problem)]
}

function checkRange(path: ConfigPath, param: Mapping, lower: string, upper: string): ConfigFinding[] {
  const [min, max] = [param[lower], param[upper]]
  return typeof min === 'number' && typeof max === 'number' && min > max
    ? finding([...path, lower], `is ${min}, but ${upper} is ${max}`)
    : []
}

/** How long a pattern takes depends on the length of the value, which is checked before it. */
function patternRisk({ type, pattern, maxLength }: Mapping): string | undefined {
  if (type !== 'string' || typeof pattern !== 'string' || !isRegExp(pattern)) return undefined
  return redosRisk(pattern, 'u', typeof maxLength === 'number' ? Math.min(maxLength, maxValueLength) : maxValueLength)
}

/** Why a literal of the config cannot be the value of a parameter. Undefined also if the declaration itself is invalid. */
export function literalProblem(declared: Mapping, value: unknown): string | undefined {
  const type = declared.type === 'integer' ? 'number' : declared.type
  if (type !== 'string' && type !== 'number' && type !== 'boolean') return undefined
  const param = declared as unknown as Param
  const isOfType = typeof value === type && (declared.type !== 'integer' || Number.isInteger(value))
  try {
    return paramProblem(param, isOfType ? (value as ParamValue) : undefined)
  } catch {
    // A pattern that is not a regular expression, or an enum that is not a list.
    return undefined
  }
}
