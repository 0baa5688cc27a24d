/** A row of the fault matrix: what goes wrong, and everything that follows from it. docs/faults.md is made of these rows, and each is a test. */
import type { RunStatus } from '../../src/core/model/run.ts'
import type { Stage } from '../support/stage.ts'

export interface Seen {
  /** What the sender was told, in turn: the answer over HTTP, then its messages. */
  readonly sender: readonly string[]
  /** What is in the log of it. */
  readonly operator: string
  /** Calls of RunTask, and different client tokens among them. */
  readonly starts: number
  readonly tokens: number
  readonly tasks: number
  readonly end: RunStatus | 'nothing runs'
}

export interface Fault {
  readonly name: string
  readonly sender: readonly string[]
  /** Stands in a line of the log. */
  readonly operator: string
  readonly retried: string
  readonly end: Seen['end']
  /** How often RunTask is called, and with how many tokens; any: chance has a say. Default: once. */
  readonly starts?: number | 'any'
  readonly tokens?: number | 'any'
  /** How many tasks there were in the end. Default: one where it ran. */
  readonly tasks?: number
  play(on: Stage): Promise<Seen>
}

export interface Chapter {
  readonly title: string
  readonly about: string
  readonly faults: readonly Fault[]
}

/** How long things take is another matter. */
export const timeless = (text: string): string =>
  text.replace(/\b(in|after) (under a second|\d+ (s|min|h)( \d+ (s|min))?)(?=\W|$)/g, '$1 …')
