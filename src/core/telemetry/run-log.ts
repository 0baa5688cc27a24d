/** The log lines of a run: what each of them says of it stands here once. */

import type { PublicRow } from '../model/run-record.ts'
import { traceIdOf } from '../model/trace.ts'
import type { Log, RunEntry } from './log.ts'

type Named = Pick<PublicRow, 'run' | 'source' | 'trace'>

/** By which a line is found. */
export const aboutRun = ({ run, source, trace }: Named) => ({
  run,
  source,
  ...(trace !== undefined && { trace: traceIdOf(trace) }),
})

export type Step = Omit<RunEntry, 'run' | 'task' | 'source' | 'trace'>

export const noteStep = (log: Log, row: Named & Pick<PublicRow, 'plan'>, step: Step): void =>
  log.run({ ...aboutRun(row), task: row.plan.task, ...step })

/** What ECS has said, by an event or when it was asked. @param row as it now stands */
export function noteMove(log: Log, before: PublicRow, row: PublicRow): void {
  const { status, exitCode, reason, taskArn, startedAt, createdAt } = row
  if (status === before.status) return
  // Of a task that was quick its end may be heard first.
  const first = startedAt !== undefined && before.startedAt === undefined
  noteStep(log, row, {
    status,
    ...(taskArn !== undefined && { taskArn }),
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(first && { toRunningMs: Math.max(0, Date.parse(startedAt) - createdAt) }),
  })
}
