/** The log lines of a run's steps. */
import type { RunRecord } from '../model/run-record.ts'
import { traceIdOf } from '../model/trace.ts'
import type { Log } from './log.ts'
import type { RunEntry } from './log-entries.ts'

type Identified = Pick<RunRecord, 'run' | 'source' | 'trace'>

/** The fields by which an operator finds the other lines of a run. */
export const runContext = ({ run, source, trace }: Identified) => ({
  run,
  source,
  ...(trace !== undefined && { trace: traceIdOf(trace) }),
})

export type RunStep = Omit<RunEntry, 'run' | 'task' | 'source' | 'trace'>

export const logRunStep = (log: Log, row: Identified & Pick<RunRecord, 'plan'>, step: RunStep): void =>
  log.run({ ...runContext(row), task: row.plan.task, ...step })

/** A status that ECS reported, in an event or when it was asked. @param row the run after the change */
export function logStatusChange(log: Log, before: RunRecord, row: RunRecord): void {
  const { status, exitCode, reason, taskArn, startedAt, createdAt } = row
  if (status === before.status) return
  // Not `status === 'running'`: the first event of a short task may be the one of its end.
  const isFirstStart = startedAt !== undefined && before.startedAt === undefined
  logRunStep(log, row, {
    status,
    ...(taskArn !== undefined && { taskArn }),
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(isFirstStart && { toRunningMs: Math.max(0, Date.parse(startedAt) - createdAt) }),
  })
}
