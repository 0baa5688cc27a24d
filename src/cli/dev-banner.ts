/** What `taskhook dev` prints first: where it listens, what is simulated, and what to try. */
import type { Config, TaskConfig } from '../core/model/config.ts'
import { wrap } from '../core/text/terminal-text.ts'
import type { DevServer } from '../local/dev-server.ts'
import type { PendingFault } from '../local/faults/fault-injector.ts'
import { pendingFaultText } from '../local/faults/fault-text.ts'

/** Columns after the indentation of two. */
const width = 78

/** One text, so that a program that waits for its first line gets all of it. */
export function devBanner(
  { url, placeholderReferences, faults }: DevServer,
  { sources, tasks }: Config,
  { live, example }: { readonly live: boolean; readonly example: string },
): string {
  const mode = live
    ? 'Live: Slack, GitHub and Secrets Manager are the real ones.'
    : 'Nothing leaves this machine. Messages to senders are shown here.'
  return [
    `listening on ${url}`,
    '',
    ...Object.keys(sources).map((source) => `  POST ${url}/${source}`),
    '',
    `  ${mode}`,
    ...placeholderReferences.map((reference) => `  Placeholder secret for ${reference}`),
    ...faults.pending().flatMap((pending) => faultLines(pending, Object.values(tasks))),
    '  Ctrl-C stops it, including running tasks.',
    `  Try:  ${example}`,
    '',
  ].join('\n')
}

const faultLines = (pending: PendingFault, tasks: readonly TaskConfig[]): string[] =>
  wrap(`Fault: ${pendingFaultText(pending)}.${placeWarning(pending, tasks)}`, width).map((line) => `  ${line}`)

/** A fault for a mistyped place would never be injected, and everything would seem to work. */
function placeWarning({ filter: { subnet, capacity } }: PendingFault, tasks: readonly TaskConfig[]): string {
  const unknown = [subnet, capacity].find(
    (place) => place !== undefined && !tasks.some((task) => [...task.subnets, ...task.capacity].includes(place)),
  )
  return unknown === undefined ? '' : ` No task in this config uses ${unknown}.`
}
