/** What a row of the table of faults is, and how its details are read. */
import { didYouMean } from '../../core/text/suggest.ts'
import { type EcsAction, ecsActions } from './ecs-fault-kinds.ts'
import type { Fault, When } from './fault-kinds.ts'

export interface FaultRow {
  readonly name: string
  readonly does: string
  readonly detail?: Detail
  /** @throws {FaultError} where the detail is none */
  make(detail: string): Ask
}

export interface Detail {
  /** As the help writes it: `TIME`. */
  readonly shown: string
  /** Taken where none is given; it may say so in words, which `make` never sees. */
  readonly default: string
  readonly means: string
  /** It can be a number alone, which elsewhere is how often. */
  readonly numeric?: boolean
}

/** What a name stands for. */
export interface Ask {
  readonly fault: Fault
  readonly when?: When
}

/** For whoever asked for a fault: what was wrong with it, and what to write. */
export class FaultError extends Error {
  override readonly name = 'FaultError'
}

/** @throws {FaultError} */
export function actionOf(text: string): EcsAction {
  const action = ecsActions.find((name) => name === text)
  if (action !== undefined) return action
  throw new FaultError(
    `"${text}" is no action that taskhook calls${didYouMean(text, ecsActions)}\nthere are: ${ecsActions.join(', ')}`,
  )
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds. @throws {FaultError} */
export function millisecondsOf(text: string): number {
  const [, number, unit = ''] = /^([+-]?\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? []
  const scale = units[unit]
  if (number === undefined || scale === undefined)
    throw new FaultError(`"${text}" is no time; write it like 400ms, 3s or 5m`)
  return Number(number) * scale
}

/** The same, and not backwards. @throws {FaultError} */
export function pauseOf(text: string): number {
  const ms = millisecondsOf(text)
  if (ms < 0) throw new FaultError(`"${text}" is less than no time`)
  return ms
}

/** @throws {FaultError} */
export function exitCodeOf(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text)
  throw new FaultError(`"${text}" is no exit code; there are 0 to 255`)
}
