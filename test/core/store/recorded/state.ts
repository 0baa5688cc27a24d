/** A state that a run can be in, and what there is to be seen of it: items of the table, queue messages, ECS events and RunTask calls. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { EcsEvent } from '../../../../src/core/model/ecs-task.ts'
import type { Pauses } from '../../../../src/core/model/pause.ts'
import type { Stage } from '../../../support/stage.ts'

export type Item = Readonly<Record<string, AttributeValue>>

/** The run that is in the state. */
export interface Subject {
  readonly run: string
  /** Path and query of its status URL, where the sender has been given one. */
  readonly statusPath?: string
}

export interface Means {
  /** Writes the pauses as `taskhook pause` does. */
  pause(pauses: Pauses): Promise<void>
}

/** Brings a new stage into the state. */
export type Bring = (on: Stage, means: Means) => Promise<Subject | undefined>

/** A state as a version of taskhook has left it. */
export interface Recording {
  readonly subject?: Subject | undefined
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly items: readonly Item[]
  /** Bodies of every message that was put into the queue so far, oldest first. */
  readonly messages: readonly string[]
  /** Every event that ECS has sent, oldest first. The functions have seen some of them. */
  readonly events: readonly EcsEvent[]
  readonly runTaskCalls: readonly Readonly<Record<string, unknown>>[]
  /** The body of `GET /runs/<id>`, where the sender has been given a status URL. */
  readonly view?: unknown
}
