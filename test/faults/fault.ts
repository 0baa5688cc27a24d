/** A row of the fault matrix: what goes wrong, and what follows from it. docs/faults.md is generated from the rows, and each row is a test. */
import type { RunStatus } from '../../src/core/model/run.ts'
import type { Stage } from '../support/stage.ts'

export interface Seen {
  /** What the sender has seen, in order: the HTTP answer if the row is about it, then its commit statuses. */
  readonly sender: readonly string[]
  /** The log. */
  readonly operator: string
  /** Calls of RunTask, and the number of different client tokens. */
  readonly starts: number
  readonly tokens: number
  readonly tasks: number
  readonly end: RunStatus | 'nothing runs'
}

export interface Fault {
  readonly name: string
  readonly sender: readonly string[]
  /** Part of a log line. */
  readonly operator: string
  readonly retried: string
  readonly end: Seen['end']
  /** How often RunTask is called, and with how many tokens; any: it depends on timing. Default: 1. */
  readonly starts?: number | 'any'
  readonly tokens?: number | 'any'
  /** How many tasks there are in the end. Default: 1. */
  readonly tasks?: number
  play(on: Stage): Promise<Seen>
}

export interface Chapter {
  readonly title: string
  readonly about: string
  readonly faults: readonly Fault[]
}

/** Replaces durations, which differ from run to run. */
export const timeless = (text: string): string =>
  text.replace(/\b(in|after) (under a second|\d+ (s|min|h)( \d+ (s|min))?)(?=\W|$)/g, '$1 …')
