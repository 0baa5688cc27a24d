/** Telling the sender, and what a sender may see of a run. */
import type { Json, RunView, Tools } from '../adapter.ts'
import { NotPublic } from '../errors.ts'
import { waitsUntil } from '../model/approval-window.ts'
import { placedText } from '../model/attempts.ts'
import { isTerminal, statusTokenOf, statusUrlOf } from '../model/run.ts'
import { isTold, type PublicRow, type RunRow } from '../model/run-record.ts'
import { shownParams } from '../routing/params.ts'
import type { Parts, Source } from '../services.ts'
import type { Told } from '../store/ledger.ts'
import { aboutRun } from '../telemetry/run-log.ts'
import { logUrlOf } from '../text/cloudwatch-link.ts'
import { release } from './concurrency-release.ts'
import { rerunInterrupted } from './interruption-rerun.ts'

/** @param token that its link carries; default: one that only shows the run */
export function viewOf(row: PublicRow, key: string, token = statusTokenOf(row.run, key)): RunView {
  const { run, plan, status, origin, createdAt, exitCode, reason, startedAt, stoppedAt, taskArn, rerunOf } = row
  const { container, logs, progress: { percent, message, outputs, links } = {}, approvedBy, trace } = row
  const placed = placedText(row.attempts)
  const until = waitsUntil(row)
  return {
    run,
    task: plan.task,
    status,
    params: shownParams(plan.params, plan.hidden),
    statusUrl: statusUrlOf(origin, run, token),
    createdAt: new Date(createdAt).toISOString(),
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(startedAt !== undefined && { startedAt }),
    ...(stoppedAt !== undefined && { stoppedAt }),
    ...(taskArn !== undefined && { taskArn }),
    ...(rerunOf !== undefined && { rerunOf }),
    ...(placed !== undefined && { placed }),
    ...(logs !== undefined &&
      taskArn !== undefined &&
      container !== undefined && { logUrl: logUrlOf(logs, container, taskArn) }),
    ...(until !== undefined &&
      plan.approval !== undefined && {
        approval: { from: plan.approval.from, until: new Date(until).toISOString() },
      }),
    ...(approvedBy !== undefined && { approvedBy }),
    ...((percent !== undefined || message !== undefined) && {
      progress: { ...(percent !== undefined && { percent }), ...(message !== undefined && { message }) },
    }),
    ...(outputs !== undefined && { outputs }),
    ...(links !== undefined && { links }),
    ...(trace !== undefined && { trace }),
  }
}

const tellMs = 5_000

export const toolsFor = (parts: Parts, source: string): Tools => ({
  // A sender that never answers must not hold up the others: `settle` tells many, one after another.
  fetch: (input, init) => parts.fetch(input, { ...init, signal: AbortSignal.timeout(tellMs) }),
  fetchPublic: (input, init) => parts.fetchPublic(input, { ...init, signal: AbortSignal.timeout(tellMs) }),
  now: parts.now,
  async token(name) {
    const references = parts.sources.get(source)?.config.tokens[name]
    return references === undefined ? undefined : parts.secrets.current(references)
  },
})

/** The same for `receive`, which has such tokens only as routes depend on. */
export function toolsAtTheDoor(parts: Parts, { config }: Source): Tools {
  const tools = toolsFor(parts, config.name)
  return {
    ...tools,
    token: async (name) => (config.atTheDoor?.includes(name) === true ? tools.token(name) : undefined),
  }
}

/** After so many failures the sender is given up: a response_url lives 30 minutes, a deleted repository for ever stays deleted. */
const maxTries = 10
export const backoffMs = (tries: number): number => Math.min(60_000 * 2 ** tries, 3_600_000)

/**
 * Tell the sender how its run stands. `start` and `settle` may do this at the same time; so whoever has told something older than what
 * is true by then tells again, and the last word is the true one.
 * Never throws: what cannot be told now is told by the sweep.
 */
export async function tell(parts: Parts, first: RunRow): Promise<void> {
  let row = await mine(parts, first)
  if (row !== undefined && row !== first && knows(parts, row)) await parts.ledger.told(row.run, toldOf(parts, row))
  for (let round = 0; row !== undefined && !knows(parts, row) && round < 4; round++) {
    const told: RunRow = row
    try {
      // First: a run that has ended and been told is closed, and no sweep would find it.
      if (isTerminal(told.status)) {
        await release(parts, told)
        await rerunInterrupted(parts, told)
      }
      const source = parts.sources.get(told.source)
      const view = viewOf(told, await parts.secrets.current([parts.key]))
      const answerTo = await answerToOf(parts, told)
      const memory = await source?.adapter.acknowledge(answerTo, view, toolsFor(parts, told.source), told.memory)
      row = await parts.ledger.told(told.run, { ...toldOf(parts, told), memory })
    } catch (error) {
      await postponeTelling(parts, told, error)
      return
    }
  }
}

const toldOf = ({ now }: Parts, { status, progressRev = 0, toldAt = 0 }: RunRow): Told => ({
  status,
  rev: progressRev,
  since: toldAt,
  at: now(),
  dueAt: now() + backoffMs(0),
})

/** Longer than an adapter's calls may take. */
const tellingMs = 40_000

/**
 * `start` and `settle` may want to tell at the same time, and each would write a message of its own: who edits its messages tells alone.
 * Whoever comes meanwhile may go, since the other one tells what is newest by then.
 */
async function mine(parts: Parts, row: RunRow): Promise<RunRow | undefined> {
  if (isTold(row) || parts.sources.get(row.source)?.adapter.remembers !== true) return row
  return parts.ledger.tell(row.run, parts.now(), parts.now() + tellingMs)
}

/** Of its progress only who edits is told. */
const knows = ({ sources }: Parts, row: RunRow): boolean =>
  sources.get(row.source)?.adapter.remembers === true ? isTold(row) : row.told === row.status

/** A run that was repeated over HTTP answers where the first one did. */
async function answerToOf({ ledger }: Parts, { answerTo, answerAs }: RunRow): Promise<Json> {
  return answerAs === undefined ? answerTo : ((await ledger.read(answerAs))?.answerTo ?? null)
}

/** A run that is on its way is looked at when it must be, whoever knows of it. */
const dueAfter = ({ now }: Parts, row: RunRow, tries: number): number =>
  Math.min(
    now() + backoffMs(tries),
    isTerminal(row.status) ? Number.POSITIVE_INFINITY : (row.deadline ?? Number.POSITIVE_INFINITY),
  )

async function postponeTelling(parts: Parts, row: RunRow, error: unknown): Promise<void> {
  const tries = error instanceof NotPublic ? maxTries : (row.tellTries ?? 0) + 1
  parts.log.warn(`could not tell the sender that the run is ${row.status}`, { ...aboutRun(row), error })
  try {
    // It may have been told already, and this have come after it: then the newest is told once more.
    if (!isTerminal(row.status) && tries >= maxTries) await parts.ledger.told(row.run, toldOf(parts, row))
    else if (tries < maxTries) {
      const open = await parts.ledger.due(row.run, dueAfter(parts, row, tries), tries)
      // Others have told the end meanwhile. A call that was given up may still arrive, after theirs: so the end is told once more.
      if (!open && !isTerminal(row.status) && parts.sources.get(row.source)?.adapter.remembers !== true)
        await parts.ledger.told(row.run, { ...toldOf(parts, row), memory: null })
    } else {
      parts.log.error('the sender was never told; giving up', { ...aboutRun(row), counts: 'Untold' })
      await parts.ledger.close(row.run, row.toldAt ?? 0)
    }
  } catch (cause) {
    parts.log.error('could not note that the sender must still be told', { ...aboutRun(row), error: cause })
  }
}
