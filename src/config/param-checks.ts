/** What the shape of a parameter cannot say. */

import type { Param, ParamValue } from '../core/model/param.ts'
import { maxValueLength } from '../core/model/param-rules.ts'
import { describeParam } from '../core/text/describe-param.ts'
import { paramProblem } from '../core/text/param-problem.ts'
import { type ConfigFinding, type Mapping, mapping } from './config-error.ts'
import { isRegExp } from './fields.ts'
import { redosRisk } from './redos-check.ts'
import { whyReserved } from './reserved.ts'

export function checkParams(path: ConfigFinding['path'], params: Mapping): ConfigFinding[] {
  const owners = new Map<string, string>()
  return Object.entries(params).flatMap(([name, declared]) => {
    const { env = name.toUpperCase().replaceAll('-', '_'), ...param } = mapping(declared)
    const at = [...path, name]
    const findings: ConfigFinding[] = []
    const reserved = typeof env === 'string' ? whyReserved(env) : undefined
    if (reserved !== undefined) findings.push({ path: [...at, 'env'], message: reserved })
    const other = owners.get(String(env))
    if (other !== undefined)
      findings.push({ path: [...at, 'env'], message: `"${env}" is the variable of "${other}" already` })
    owners.set(String(env), name)
    return [...findings, ...checkParam(at, param)]
  })
}

function checkParam(at: ConfigFinding['path'], param: Mapping): ConfigFinding[] {
  const { min, max, minLength, maxLength, required } = param
  const findings: ConfigFinding[] = []
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    findings.push({ path: [...at, 'min'], message: `is ${min}, and max is ${max}` })
  if (typeof minLength === 'number' && typeof maxLength === 'number' && minLength > maxLength)
    findings.push({ path: [...at, 'minLength'], message: `is ${minLength}, and maxLength is ${maxLength}` })
  const hangs = whyPatternHangs(param)
  // A default that is held against it might hang as well.
  if (hangs !== undefined) return [...findings, { path: [...at, 'pattern'], message: hangs }]
  if (param.default === undefined) return findings
  if (required === true)
    findings.push({
      path: [...at, 'required'],
      message: 'says nothing where there is a default; leave one of the two out',
    })
  const wrong = misfit(param, param.default)
  return wrong === undefined ? findings : [...findings, { path: [...at, 'default'], message: wrong }]
}

/** The length is looked at before the pattern is. */
function whyPatternHangs({ type, pattern, maxLength }: Mapping): string | undefined {
  if (type !== 'string' || typeof pattern !== 'string') return undefined
  // What is none, the shape says.
  if (!isRegExp(pattern)) return undefined
  return redosRisk(pattern, 'u', typeof maxLength === 'number' ? Math.min(maxLength, maxValueLength) : maxValueLength)
}

/** Why a literal cannot be the value of a parameter. Kept quiet where the declaration itself is broken. */
export function misfit(declared: Mapping, value: unknown): string | undefined {
  const type = declared.type === 'integer' ? 'number' : declared.type
  if (type !== 'string' && type !== 'number' && type !== 'boolean') return undefined
  const param = declared as unknown as Param
  try {
    if (typeof value !== type || (declared.type === 'integer' && !Number.isInteger(value)))
      return `is not ${describeParam(param)}`
    return paramProblem(param, value as ParamValue)
  } catch {
    return undefined
  }
}
