/** What a named fault is, and how the details in its name are parsed. */
import { didYouMean } from '../../core/text/suggest.ts'
import { type EcsAction, ecsActions } from './ecs-fault-kinds.ts'
import type { Fault, FaultFilter } from './fault-kinds.ts'

/** A fault that has a name on the command line. */
export interface FaultDefinition {
  readonly name: string
  /** One line for the help and the docs. */
  readonly description: string
  readonly detail?: FaultDetail
  /** @throws {FaultError} if the detail is invalid */
  create(detail: string): ResolvedFault
}

export interface FaultDetail {
  /** Its name in the help: `TIME`. */
  readonly placeholder: string
  /** Used if none is given. It can be a word that only `create` of this fault understands. */
  readonly default: string
  readonly description: string
  /** It can be a number. In other faults a number at the end is how often. */
  readonly numeric?: boolean
}

export interface ResolvedFault {
  readonly fault: Fault
  readonly filter?: FaultFilter
}

/** A fault that was requested incorrectly; the message says what to write. */
export class FaultError extends Error {
  override readonly name = 'FaultError'
}

/** @throws {FaultError} */
export function actionOf(text: string): EcsAction {
  const action = ecsActions.find((name) => name === text)
  if (action !== undefined) return action
  throw new FaultError(
    `"${text}" is not an ECS action that taskhook calls${didYouMean(text, ecsActions)}\navailable: ${ecsActions.join(', ')}`,
  )
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds, possibly negative. @throws {FaultError} */
export function millisecondsOf(text: string): number {
  const [, number, unit = ''] = /^([+-]?\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? []
  const scale = units[unit]
  if (number === undefined || scale === undefined)
    throw new FaultError(`"${text}" is not a duration; use a value like 400ms, 3s or 5m`)
  return Number(number) * scale
}

/** Milliseconds, not negative. @throws {FaultError} */
export function delayOf(text: string): number {
  const ms = millisecondsOf(text)
  if (ms < 0) throw new FaultError(`"${text}" is negative; use a duration like 3s`)
  return ms
}

/** @throws {FaultError} */
export function exitCodeOf(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text)
  throw new FaultError(`"${text}" is not an exit code; use a number from 0 to 255`)
}
