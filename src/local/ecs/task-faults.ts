/** What befalls a task that runs. */
import type { InjectedFault, TaskFault } from '../faults/ecs-fault-kinds.ts'
import type { Program } from './program.ts'
import { type Ending, ended, stopping, type TaskState } from './task-state.ts'

export interface FaultTarget {
  readonly program: Program
  readonly graceMs: number
  readonly now: () => number
  state(): TaskState
  /** Changes the task, and tells of it. */
  turn(change: (task: TaskState) => TaskState): void
}

/** @returns how it ends, where that is not for the program to say */
export async function applyTaskFault(fault: TaskFault, victim: FaultTarget): Promise<Ending | undefined> {
  const { program, graceMs, now, state, turn } = victim
  if (fault.kind === 'failed-to-start' || (await endsWithin(fault.afterMs ?? 0, program.ended))) return undefined
  // Somebody stopped it in the meantime, and that reason stays.
  if (state().desiredStatus === 'STOPPED') return undefined
  switch (fault.kind) {
    case 'exit':
      program.kill()
      await program.ended
      return endingOf(fault)
    case 'interrupted':
      turn((task) => stopping(task, now(), fault.stopCode, fault.reason))
      program.stop(graceMs)
      return undefined
    case 'sidecar':
      turn((task) =>
        stopping(
          ended(task, now(), fault.name, fault.exitCode),
          now(),
          'EssentialContainerExited',
          'Essential container in task exited',
        ),
      )
      program.stop(graceMs)
      return undefined
  }
}

const endingOf = ({ exitCode, reason }: Extract<TaskFault, { kind: 'exit' }>): Ending =>
  exitCode === undefined
    ? { kind: 'lost', reason: reason ?? 'Essential container in task exited' }
    : { kind: 'exited', exitCode, ...(reason !== undefined && { containerReason: reason }) }

async function endsWithin(ms: number, end: Promise<unknown>): Promise<boolean> {
  // At once is before the program has done anything.
  if (ms <= 0) return false
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  try {
    return await Promise.race([end.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

/** The exit code that a container beside ours has at the end. */
export const besideEnded = (task: TaskState, now: number, { name, exitCode }: InjectedFault): TaskState =>
  exitCode === undefined ? task : ended(task, now, name, exitCode)
