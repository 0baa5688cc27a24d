/** `name[:detail][:times][@probability]` → what is to go wrong. Pure. */
import { didYouMean } from '../../core/text/suggest.ts'
import { FaultError, type FaultRow } from './fault-definition.ts'
import type { Fault, When } from './fault-kinds.ts'
import { faultRows } from './fault-table.ts'

/** What `Faults.next` takes. */
export interface Asked {
  readonly fault: Fault
  readonly times?: number
  readonly when: When
}

/** The parts, as text or from JSON. */
export interface Request {
  readonly name: string
  readonly detail?: string | undefined
  readonly times?: number | undefined
  readonly probability?: number | undefined
}

/** @throws {FaultError} that says what to write instead */
export function parseFault(text: string): Asked {
  const [, before = '', chance] = /^([^@]*)(?:@(.*))?$/s.exec(text) ?? []
  const [name = '', ...parts] = before.split(':')
  const row = rowOf(name)
  // A number at the end is how often, but where it is the detail: `github:500` is a status.
  const last = parts.at(-1) ?? ''
  const counted = /^(\d+|always)$/.test(last) && (parts.length > 1 || row.detail?.numeric !== true)
  const detail = (counted ? parts.slice(0, -1) : parts).join(':')
  return ask({
    name,
    ...(detail !== '' && { detail }),
    ...(counted && { times: timesOf(last) }),
    ...(chance !== undefined && { probability: probabilityOf(chance) }),
  })
}

/** @throws {FaultError} */
export function ask({ name, detail, times, probability }: Request): Asked {
  const row = rowOf(name)
  if (detail !== undefined && row.detail === undefined)
    throw new FaultError(`the fault "${name}" takes no detail, and "${detail}" is one`)
  if (times !== undefined && !(times > 0 && (Number.isInteger(times) || times === Number.POSITIVE_INFINITY)))
    throw new FaultError('a fault comes once or more often; "always" is until it is taken back')
  if (probability !== undefined && !(probability > 0 && probability <= 1))
    throw new FaultError('a probability is more than 0, and 1 at most')
  const { fault, when } = make(row, detail ?? row.detail?.default ?? '')
  return {
    fault,
    ...(times !== undefined && { times }),
    when: { ...when, ...(probability !== undefined && { probability }) },
  }
}

function rowOf(name: string): FaultRow {
  const row = faultRows.find((row) => row.name === name)
  if (row !== undefined) return row
  const names = faultRows.map((row) => row.name)
  throw new FaultError(`there is no fault "${name}"${didYouMean(name, names)}\nthere are: ${names.join(', ')}`)
}

function make(row: FaultRow, detail: string) {
  try {
    return row.make(detail)
  } catch (error) {
    if (error instanceof FaultError) throw new FaultError(`the fault "${row.name}": ${error.message}`)
    throw error
  }
}

const timesOf = (text: string): number => (text === 'always' ? Number.POSITIVE_INFINITY : Number(text))

/** `0.2`, or `20%`. */
function probabilityOf(text: string): number {
  const [, number, percent] = /^(\d*\.?\d+)(%)?$/.exec(text) ?? []
  if (number === undefined) throw new FaultError(`"${text}" is no probability; write it like @0.2 or @20%`)
  return percent === undefined ? Number(number) : Number(number) / 100
}
