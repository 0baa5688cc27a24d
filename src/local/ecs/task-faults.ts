/** Applies a fault to a running task. */
import type { ExtraContainerFault, TaskFault } from '../faults/ecs-fault-kinds.ts'
import type { Program } from './program.ts'
import { containerExited, stopping, type TaskEnding, type TaskState } from './task-state.ts'

export interface FaultTarget {
  readonly program: Program
  readonly graceMs: number
  readonly now: () => number
  state(): TaskState
  /** Changes the task and sends the event. */
  transition(change: (task: TaskState) => TaskState): void
}

/** @returns how the task ends, unless the program decides */
export async function applyTaskFault(fault: TaskFault, target: FaultTarget): Promise<TaskEnding | undefined> {
  const { program, graceMs, now, state, transition } = target
  if (fault.kind === 'failed-to-start' || (await endsWithin(fault.afterMs ?? 0, program.ended))) return undefined
  // StopTask was called in the meantime, and its reason stays.
  if (state().desiredStatus === 'STOPPED') return undefined
  switch (fault.kind) {
    case 'exit':
      program.kill()
      await program.ended
      return endingOf(fault)
    case 'interrupted':
      transition((task) => stopping(task, now(), fault.stopCode, fault.reason))
      program.stop(graceMs)
      return undefined
    case 'sidecar':
      transition((task) =>
        stopping(
          containerExited(task, now(), fault.name, fault.exitCode),
          now(),
          'EssentialContainerExited',
          'Essential container in task exited',
        ),
      )
      program.stop(graceMs)
      return undefined
  }
}

const endingOf = ({ exitCode, reason }: Extract<TaskFault, { kind: 'exit' }>): TaskEnding =>
  exitCode === undefined
    ? { kind: 'lost', reason: reason ?? 'Essential container in task exited' }
    : { kind: 'exited', exitCode, ...(reason !== undefined && { containerReason: reason }) }

async function endsWithin(ms: number, ended: Promise<unknown>): Promise<boolean> {
  // Without a delay the fault comes before the program has done anything.
  if (ms <= 0) return false
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  try {
    return await Promise.race([ended.then(() => true), timeout])
  } finally {
    clearTimeout(timer)
  }
}

export const extraContainerExited = (
  task: TaskState,
  now: number,
  { name, exitCode }: ExtraContainerFault,
): TaskState => (exitCode === undefined ? task : containerExited(task, now, name, exitCode))
