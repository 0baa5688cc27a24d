/** Log entries as text for a person. Pure. */
import type { Report } from '../../core/model/progress.ts'
import type { DeliveryEntry, RunEntry } from '../../core/telemetry/log-entries.ts'
import { durationText } from '../../core/text/quantities.ts'
import { stopReasonText } from '../../core/text/stop-reasons.ts'
import { parseObject } from './parse-object.ts'

/** `→ 202 accepted in 12 ms  push by ann`, and on another line the runs or the reason. */
export function deliveryText(entry: DeliveryEntry): { readonly summary: string; readonly detail: string } {
  const { source, outcome, status, event, actor, reason, runs = [], ms } = entry
  const what = [event, actor === undefined || actor === source ? undefined : `by ${actor}`].filter(Boolean).join(' ')
  const hasRuns = outcome === 'accepted' || outcome === 'duplicate'
  return {
    summary: `→ ${status} ${outcome} in ${ms} ms${what === '' ? '' : `  ${what}`}`,
    detail: (hasRuns ? runs.map((run) => `run ${run}`).join(', ') : reason) ?? '',
  }
}

/** `failed, exit code 137: OutOfMemoryError`, `queued: no capacity; retry in 58 s` */
export function runText({ status, exitCode, reason, againMs }: RunEntry): string {
  const repeatsExitCode = exitCode !== undefined && reason === stopReasonText({ kind: 'exit', exitCode })
  return [
    status,
    exitCode === undefined ? '' : `, exit code ${exitCode}`,
    reason === undefined || repeatsExitCode ? '' : `: ${reason}`,
    againMs === undefined ? '' : `; retry in ${durationText(Math.ceil(againMs / 1000))}`,
  ].join('')
}

/** `40 %: reading · rows=1200 · Report https://…` */
export function progressText(body: string): string {
  const { percent, message, outputs, links } = parseObject(body) as Report
  const status = [percent === undefined ? '' : `${percent} %`, message ?? ''].filter(Boolean).join(': ')
  const pairs = Object.entries(outputs ?? {}).map(([name, value]) => `${name}=${value}`)
  return [status, ...pairs, ...(links ?? []).map(({ label, url }) => `${label} ${url}`)].filter(Boolean).join(' · ')
}

/** Removing escape sequences takes time that grows with the square of a line's length. */
const maxLineLength = 4000

export const truncateLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line))
    .join('\n')
