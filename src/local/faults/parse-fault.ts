/** Parses `name[:detail][:times][@probability]`. Pure. */
import { didYouMean } from '../../core/text/suggest.ts'
import { type FaultDefinition, FaultError } from './fault-definition.ts'
import type { Fault, FaultFilter } from './fault-kinds.ts'
import { faultDefinitions } from './fault-table.ts'

/** The arguments of `FaultInjector.inject`. */
export interface FaultRequest {
  readonly fault: Fault
  readonly times?: number
  readonly filter: FaultFilter
}

/** The parts of a request, from text or from JSON. */
export interface FaultParts {
  readonly name: string
  readonly detail?: string | undefined
  readonly times?: number | undefined
  readonly probability?: number | undefined
}

/** @throws {FaultError} with what to write instead */
export function parseFault(text: string): FaultRequest {
  const [, before = '', probability] = /^([^@]*)(?:@(.*))?$/s.exec(text) ?? []
  const [name = '', ...parts] = before.split(':')
  const { detail } = definitionOf(name)
  // A number at the end is how often, unless it is the detail: `github:500` is a status.
  const last = parts.at(-1) ?? ''
  const hasTimes = /^(\d+|always)$/.test(last) && (parts.length > 1 || detail?.numeric !== true)
  const given = (hasTimes ? parts.slice(0, -1) : parts).join(':')
  return resolveFault({
    name,
    ...(given !== '' && { detail: given }),
    ...(hasTimes && { times: timesOf(last) }),
    ...(probability !== undefined && { probability: probabilityOf(probability) }),
  })
}

/** @throws {FaultError} */
export function resolveFault({ name, detail, times, probability }: FaultParts): FaultRequest {
  const definition = definitionOf(name)
  if (detail !== undefined && definition.detail === undefined)
    throw new FaultError(`the fault "${name}" takes no detail, but has "${detail}"`)
  if (times !== undefined && !(times > 0 && (Number.isInteger(times) || times === Number.POSITIVE_INFINITY)))
    throw new FaultError('the number of times must be a positive integer, or "always"')
  if (probability !== undefined && !(probability > 0 && probability <= 1))
    throw new FaultError('a probability must be greater than 0 and at most 1')
  const { fault, filter } = create(definition, detail ?? definition.detail?.default ?? '')
  return {
    fault,
    ...(times !== undefined && { times }),
    filter: { ...filter, ...(probability !== undefined && { probability }) },
  }
}

function definitionOf(name: string): FaultDefinition {
  const definition = faultDefinitions.find((one) => one.name === name)
  if (definition !== undefined) return definition
  const names = faultDefinitions.map((one) => one.name)
  throw new FaultError(`unknown fault "${name}"${didYouMean(name, names)}\navailable: ${names.join(', ')}`)
}

function create(definition: FaultDefinition, detail: string) {
  try {
    return definition.create(detail)
  } catch (error) {
    if (error instanceof FaultError) throw new FaultError(`the fault "${definition.name}": ${error.message}`)
    throw error
  }
}

const timesOf = (text: string): number => (text === 'always' ? Number.POSITIVE_INFINITY : Number(text))

/** `0.2`, or `20%`. */
function probabilityOf(text: string): number {
  const [, number, percent] = /^(\d*\.?\d+)(%)?$/.exec(text) ?? []
  if (number === undefined) throw new FaultError(`"${text}" is not a probability; use a value like @0.2 or @20%`)
  return percent === undefined ? Number(number) : Number(number) / 100
}
