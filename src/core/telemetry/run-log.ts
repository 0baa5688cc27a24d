/** The log lines of a run: what each of them says of it stands here once. */

import type { RunRecord } from '../model/run-record.ts'
import { traceIdOf } from '../model/trace.ts'
import type { Log } from './log.ts'
import type { RunEntry } from './log-entries.ts'

type Named = Pick<RunRecord, 'run' | 'source' | 'trace'>

/** By which a line is found. */
export const runContext = ({ run, source, trace }: Named) => ({
  run,
  source,
  ...(trace !== undefined && { trace: traceIdOf(trace) }),
})

export type RunStep = Omit<RunEntry, 'run' | 'task' | 'source' | 'trace'>

export const logRunStep = (log: Log, row: Named & Pick<RunRecord, 'plan'>, step: RunStep): void =>
  log.run({ ...runContext(row), task: row.plan.task, ...step })

/** What ECS has said, by an event or when it was asked. @param row as it now stands */
export function logStatusChange(log: Log, before: RunRecord, row: RunRecord): void {
  const { status, exitCode, reason, taskArn, startedAt, createdAt } = row
  if (status === before.status) return
  // Of a task that was quick its end may be heard first.
  const first = startedAt !== undefined && before.startedAt === undefined
  logRunStep(log, row, {
    status,
    ...(taskArn !== undefined && { taskArn }),
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(first && { toRunningMs: Math.max(0, Date.parse(startedAt) - createdAt) }),
  })
}
