/** A run in one plain sentence, the same wherever it is shown. Pure. */
import type { RunView } from '../adapter.ts'
import { durationText } from './quantities.ts'
import { waitingReason } from './waiting-reasons.ts'

/** `succeeded in 1 min 12 s`, `failed with exit code 3 after 4 s`, … without the task's name. */
export function describeRun(run: RunView): string {
  const took = durationOf(run)
  const after = took === undefined ? '' : ` after ${took}`
  const reason = run.reason === undefined ? '' : `: ${run.reason}`
  switch (run.status) {
    case 'queued':
      return describeWaiting(run)
    case 'starting':
    case 'running':
      return [run.status, progressOf(run) || (run.placed ?? '')].filter(Boolean).join(', ')
    case 'succeeded':
      return `succeeded${took === undefined ? '' : ` in ${took}`}`
    case 'failed':
      if (run.exitCode === undefined) return `failed${after}${reason}`
      // The reason of a plain exit says nothing but the exit code.
      return `failed with exit code ${run.exitCode}${after}${run.stopCause === 'exit' ? '' : reason}`
    case 'cancelled':
      return run.endedBy === undefined
        ? `was cancelled${after}${reason}`
        : `was ${run.endedBy.kind} by ${run.endedBy.by}${after}`
    case 'timed-out':
      return `timed out${after} and was stopped`
    case 'failed-to-start':
      return `could not be started${reason}`
  }
}

function describeWaiting({ approval, waiting, reason }: RunView): string {
  if (approval !== undefined) return 'waits for approval'
  if (waiting === undefined) return reason === undefined ? 'queued' : `queued: ${reason}`
  return waiting.kind === 'retry'
    ? `queued, to be tried again: ${waitingReason(waiting)}`
    : `queued, ${waitingReason(waiting)}`
}

/** `40 %: reading the archive` */
const progressOf = ({ progress: { percent, message } = {} }: RunView): string =>
  [percent === undefined ? '' : `${percent} %`, message ?? ''].filter(Boolean).join(': ')

/** How long the task ran: `4 s`, `1 min 12 s`. Undefined: it did not start, or has not ended. */
export function durationOf({ startedAt, stoppedAt }: Pick<RunView, 'startedAt' | 'stoppedAt'>): string | undefined {
  if (startedAt === undefined || stoppedAt === undefined) return undefined
  const seconds = Math.round((Date.parse(stoppedAt) - Date.parse(startedAt)) / 1000)
  return Number.isFinite(seconds) ? durationText(seconds) : undefined
}

/** `dataset=sales depth=3`, or the empty string. */
export const describeParams = ({ params }: Pick<RunView, 'params'>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
