/** A run in one plain sentence, the same wherever it is told. Pure. */
import type { RunView } from '../adapter.ts'

/** `succeeded in 1 min 12 s`, `failed with exit code 3 after 4 s`, … without the task's name. */
export function describeRun(run: RunView): string {
  const took = durationOf(run)
  const after = took === undefined ? '' : ` after ${took}`
  const reason = run.reason === undefined ? '' : `: ${run.reason}`
  switch (run.status) {
    case 'queued':
      if (run.approval !== undefined) return 'waits for approval'
      if (run.reason === undefined) return 'queued'
      return / in line, |^paused: /.test(run.reason) ? `queued, ${run.reason}` : `queued, to be tried again${reason}`
    case 'starting':
    case 'running':
      return [run.status, progressOf(run) || (run.placed ?? '')].filter(Boolean).join(', ')
    case 'succeeded':
      return `succeeded${took === undefined ? '' : ` in ${took}`}`
    case 'failed':
      return run.exitCode === undefined
        ? `failed${after}${reason}`
        : `failed with exit code ${run.exitCode}${after}${withoutExitCode(reason)}`
    case 'cancelled':
      // By whom: the one reason that we give ourselves.
      return /^(cancelled|rejected) by /.test(run.reason ?? '')
        ? `was ${run.reason}${after}`
        : `was cancelled${after}${reason}`
    case 'timed-out':
      return `timed out${after} and was stopped`
    case 'failed-to-start':
      return `could not be started${reason}`
  }
}

/** `40 %: reading the archive` */
const progressOf = ({ progress: { percent, message } = {} }: RunView): string =>
  [percent === undefined ? '' : `${percent} %`, message ?? ''].filter(Boolean).join(': ')

const withoutExitCode = (reason: string): string => (/^: the container exited with \d+$/.test(reason) ? '' : reason)

/** How long the task ran: `4 s`, `1 min 12 s`, `2 h 3 min`. Undefined where it did not start or has not ended. */
export function durationOf({ startedAt, stoppedAt }: Pick<RunView, 'startedAt' | 'stoppedAt'>): string | undefined {
  if (startedAt === undefined || stoppedAt === undefined) return undefined
  const seconds = Math.round((Date.parse(stoppedAt) - Date.parse(startedAt)) / 1000)
  return Number.isFinite(seconds) ? durationText(seconds) : undefined
}

/** @param seconds whole ones */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'under a second'
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return withRest(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  return withRest(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min')
}

const withRest = (count: number, unit: string, rest: number, restUnit: string): string =>
  rest === 0 ? `${count} ${unit}` : `${count} ${unit} ${rest} ${restUnit}`

/** `dataset=sales depth=3`, or the empty string. */
export const describeParams = ({ params }: Pick<RunView, 'params'>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
