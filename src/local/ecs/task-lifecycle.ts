/** A task from PROVISIONING to STOPPED: launches its program, sends its events, and applies its faults. */
import type { EcsEvent } from '../../core/model/ecs-task.ts'
import type { ExtraContainerFault, TaskFault } from '../faults/ecs-fault-kinds.ts'
import type { FaultSource } from '../faults/fault-injector.ts'
import { createEventDelivery } from './event-delivery.ts'
import type { LaunchProgram, LaunchResult, Program, ProgramSpec } from './program.ts'
import { applyTaskFault, extraContainerExited } from './task-faults.ts'
import { taskEvent } from './task-json.ts'
import { pending, running, stopped, stopping, type TaskEnding, type TaskState } from './task-state.ts'
import { withTimeout } from './with-timeout.ts'

export interface LocalTaskOptions {
  readonly initialState: TaskState
  readonly tags: readonly unknown[]
  /** The container that the program represents. */
  readonly container: string
  readonly program: TaskProgram
  readonly fault?: TaskFault | undefined
  readonly extraContainer?: ExtraContainerFault | undefined
  readonly environment: TaskEnvironment
}

/** What to run, or why there is nothing to run. */
export type TaskProgram =
  | { readonly kind: 'run'; readonly spec: ProgramSpec }
  | { readonly kind: 'fail'; readonly reason: string }

/** What all tasks of one endpoint share. */
export interface TaskEnvironment {
  readonly region: string
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number
  /** Aborted when the endpoint closes. */
  readonly closing: AbortSignal
  readonly launch: LaunchProgram
  readonly now: () => number
  readonly onEvent: (event: EcsEvent) => void | Promise<void>
  readonly faults: Pick<FaultSource, 'take'>
}

export interface LocalTask {
  state(): TaskState
  tags(): readonly unknown[]
  /** StopTask: the first reason stays, and a stopped task does not change. */
  stop(reason: string): void
  /** Ends the task without an event. Resolves when its program has ended and no event delivery is in progress. */
  close(graceMs: number): Promise<void>
  /** Ends the program at once and synchronously, for the exit of taskhook's own process. */
  kill(): void
}

type Change = (task: TaskState) => TaskState

/** The first event comes after the caller had time to answer RunTask. */
export function startLocalTask(options: LocalTaskOptions): LocalTask {
  const { initialState, container, fault, extraContainer, environment } = options
  const { now, closing } = environment
  const events = createEventDelivery(environment, closing)
  const stopRequested = new AbortController()
  const signal = AbortSignal.any([closing, stopRequested.signal])
  let state = initialState
  let tags = options.tags
  let program: Program | undefined
  let graceMs = environment.stopGraceMs

  const transition = (change: Change) => {
    state = change(state)
    events.send(taskEvent(state, environment.region))
  }
  const runProgram = async (): Promise<TaskEnding> => {
    if (fault?.kind === 'failed-to-start') return fault
    const launched = await launchProgram(options.program, environment.launch, signal)
    if (launched.kind === 'failed-to-start') return launched
    program = launched.program
    transition((task) => running(task, now(), container))
    // A StopTask during the launch found no program that it could stop.
    if (signal.aborted) program.stop(graceMs)
    const target = { program, graceMs, now, state: () => state, transition }
    return (fault && (await applyTaskFault(fault, target))) ?? program.ended
  }
  const runLifecycle = async () => {
    await new Promise(setImmediate)
    transition((task) => pending(task, now()))
    const ending = await runProgram()
    program = undefined
    if (extraContainer !== undefined) state = extraContainerExited(state, now(), extraContainer)
    transition((task) => stopped(task, now(), container, ending))
  }
  const done = runLifecycle()

  return {
    state: () => state,
    tags: () => tags,
    stop(reason) {
      if (state.desiredStatus === 'STOPPED') return
      state = stopping(state, now(), 'UserInitiated', reason)
      // "Any tags associated with the task will be deleted": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
      tags = []
      stopRequested.abort()
      program?.stop(graceMs)
    },
    async close(closeGraceMs) {
      graceMs = closeGraceMs
      program?.stop(graceMs)
      // The receiver of the events can be stuck, or can itself wait for this call.
      await Promise.all([done, withTimeout(graceMs, events.idle())])
    },
    kill: () => program?.kill(),
  }
}

const launchProgram = (
  program: TaskProgram,
  launch: LaunchProgram,
  signal: AbortSignal,
): Promise<LaunchResult> | LaunchResult =>
  program.kind === 'run' ? launch(program.spec, signal) : { kind: 'failed-to-start', reason: program.reason }
