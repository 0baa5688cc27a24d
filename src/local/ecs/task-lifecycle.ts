import type { EcsEvent } from '../../core/model/ecs-task.ts'
import type { InjectedFault, TaskFault } from '../faults/ecs-fault-kinds.ts'
import type { Strikes } from '../faults/fault-injector.ts'
import { createEventDelivery } from './event-delivery.ts'
import type { Launch, Launched, Program, ProgramSpec } from './program.ts'
import { applyTaskFault, besideEnded } from './task-faults.ts'
import { taskEvent } from './task-json.ts'
import { type Ending, pending, running, stopped, stopping, type TaskState } from './task-state.ts'
import { withTimeout } from './with-timeout.ts'

export interface TaskLifecycleOptions {
  readonly first: TaskState
  readonly tags: readonly unknown[]
  readonly container: string
  /** What to run, or why there is nothing to run. */
  readonly work:
    | { readonly kind: 'run'; readonly spec: ProgramSpec }
    | { readonly kind: 'fail'; readonly reason: string }
  /** What will befall it. */
  readonly fault?: TaskFault | undefined
  /** A container beside its own. */
  readonly injected?: InjectedFault | undefined
  readonly world: World
}

/** What all tasks of one endpoint share. */
export interface World {
  readonly region: string
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number
  /** Aborted when the endpoint closes. */
  readonly closing: AbortSignal
  readonly launch: Launch
  readonly now: () => number
  readonly onEvent: (event: EcsEvent) => void | Promise<void>
  readonly faults: Pick<Strikes, 'take'>
}

export interface TaskLifecycle {
  state(): TaskState
  tags(): readonly unknown[]
  /** What StopTask does; the first reason stays, and a task that has stopped already stays as it is. */
  stop(reason: string): void
  /** Ends it without a word to anybody. Resolves when its program, and an event that is on its way, are through. */
  close(graceMs: number): Promise<void>
  /** At once, for when our own process goes down. */
  kill(): void
}

type Change = (task: TaskState) => TaskState

/** Starts the task, once whoever called for it has had time to answer. */
export function createTaskLifecycle({
  first,
  tags,
  container,
  work,
  fault,
  injected,
  world,
}: TaskLifecycleOptions): TaskLifecycle {
  const { now, closing } = world
  const courier = createEventDelivery(world, closing)
  let state = first
  let tagged = tags
  const halt = new AbortController()
  let program: Program | undefined
  let grace = world.stopGraceMs

  const turn = (next: TaskState) => {
    state = next
    courier.send(taskEvent(state, world.region))
  }
  const live = async () => {
    await new Promise(setImmediate)
    turn(pending(state, now()))
    const ending = await endingOf()
    program = undefined
    if (injected !== undefined) state = besideEnded(state, now(), injected)
    turn(stopped(state, now(), container, ending))
  }
  const signal = AbortSignal.any([closing, halt.signal])
  const endingOf = async (): Promise<Ending> => {
    if (fault?.kind === 'failed-to-start') return fault
    const launched = await launchWork(work, world.launch, signal)
    if (launched.kind === 'failed-to-start') return launched
    program = launched.program
    turn(running(state, now(), container))
    // Whoever stopped it while it was being launched found no program yet.
    if (signal.aborted) program.stop(grace)
    const victim = { program, graceMs: grace, now, state: () => state, turn: (change: Change) => turn(change(state)) }
    return (fault && (await applyTaskFault(fault, victim))) ?? program.ended
  }
  const done = live()

  return {
    state: () => state,
    tags: () => tagged,
    stop(reason) {
      if (state.desiredStatus === 'STOPPED') return
      state = stopping(state, now(), 'UserInitiated', reason)
      // "Any tags associated with the task will be deleted": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
      tagged = []
      halt.abort()
      program?.stop(grace)
    },
    async close(graceMs) {
      grace = graceMs
      program?.stop(grace)
      // Whoever listens may be stuck, or be waiting for this very close.
      await Promise.all([done, withTimeout(graceMs, courier.idle())])
    },
    kill: () => program?.kill(),
  }
}

const launchWork = (
  work: TaskLifecycleOptions['work'],
  launch: Launch,
  signal: AbortSignal,
): Promise<Launched> | Launched =>
  work.kind === 'run' ? launch(work.spec, signal) : { kind: 'failed-to-start', reason: work.reason }
