/** Telling the sender, and what a sender may see of a run. */
import type { Json, RunView, SenderTools } from '../adapter.ts'
import { NotPublic } from '../errors.ts'
import { statusTokenOf, statusUrlOf } from '../http/run-tokens.ts'
import { approvalDeadline } from '../model/approval-window.ts'
import { placedText } from '../model/attempts.ts'
import { isTerminal } from '../model/run.ts'
import { isFullyNotified, type PublicRecord, type RunRecord } from '../model/run-record.ts'
import { shownParams } from '../model/secret-params.ts'
import type { Services, Source } from '../services.ts'
import type { Notification } from '../store/ledger.ts'
import { runContext } from '../telemetry/run-log.ts'
import { logUrlOf } from '../text/cloudwatch-link.ts'
import { releaseSlot } from './concurrency-release.ts'
import { rerunInterrupted } from './interruption-rerun.ts'
import { parseStoredAddress, parseStoredMemory } from './parse-stored.ts'

/** @param token that its link carries; default: one that only shows the run */
export function runView(row: PublicRecord, key: string, token = statusTokenOf(row.run, key)): RunView {
  const { run, plan, status, origin, createdAt, exitCode, reason, startedAt, stoppedAt, taskArn, rerunOf } = row
  const { container, logs, progress: { percent, message, outputs, links } = {}, approvedBy, trace } = row
  const placed = placedText(row.attempts)
  const until = approvalDeadline(row)
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

const senderTimeoutMs = 5_000

export const senderTools = (services: Services, source: string): SenderTools => ({
  // A sender that never answers must not hold up the others: `settle` tells many, one after another.
  fetch: (input, init) => services.fetch(input, { ...init, signal: AbortSignal.timeout(senderTimeoutMs) }),
  fetchPublic: (input, init) => services.fetchPublic(input, { ...init, signal: AbortSignal.timeout(senderTimeoutMs) }),
  now: services.now,
  async token(name) {
    const references = services.sources.get(source)?.config.tokens[name]
    return references === undefined ? undefined : services.secrets.current(references)
  },
})

/** The same for `receive`, which has such tokens only as routes depend on. */
export function receiveTools(services: Services, { config }: Source): SenderTools {
  const tools = senderTools(services, config.name)
  return {
    ...tools,
    token: async (name) => (config.receiveTokens?.includes(name) === true ? tools.token(name) : undefined),
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
export async function notify(services: Services, first: RunRecord): Promise<void> {
  let row = await claimNotification(services, first)
  if (row !== undefined && row !== first && isUpToDate(services, row))
    await services.ledger.recordNotification(row.run, notificationOf(services, row))
  for (let round = 0; row !== undefined && !isUpToDate(services, row) && round < 4; round++) {
    const told: RunRecord = row
    try {
      // First: a run that has ended and been told is closed, and no sweep would find it.
      if (isTerminal(told.status)) {
        await releaseSlot(services, told)
        await rerunInterrupted(services, told)
      }
      const adapter = services.sources.get(told.source)?.adapter
      const view = runView(told, await services.secrets.current([services.key]))
      const replyAddress = await replyAddressOf(services, told)
      const memory = await adapter?.updateStatus(
        parseStoredAddress(adapter, replyAddress),
        view,
        senderTools(services, told.source),
        parseStoredMemory(adapter, told.memory),
      )
      row = await services.ledger.recordNotification(told.run, { ...notificationOf(services, told), memory })
    } catch (error) {
      await retryNotification(services, told, error)
      return
    }
  }
}

const notificationOf = ({ now }: Services, { status, progressRev = 0, notifiedAt = 0 }: RunRecord): Notification => ({
  status,
  rev: progressRev,
  since: notifiedAt,
  at: now(),
  dueAt: now() + backoffMs(0),
})

/** Longer than an adapter's calls may take. */
const notificationLeaseMs = 40_000

/**
 * `start` and `settle` may want to tell at the same time, and each would write a message of its own: who edits its messages tells alone.
 * Whoever comes meanwhile may go, since the other one tells what is newest by then.
 */
async function claimNotification(services: Services, row: RunRecord): Promise<RunRecord | undefined> {
  if (isFullyNotified(row) || services.sources.get(row.source)?.adapter.editsMessages !== true) return row
  return services.ledger.claimNotification(row.run, services.now(), services.now() + notificationLeaseMs)
}

/** Of its progress only who edits is told. */
const isUpToDate = ({ sources }: Services, row: RunRecord): boolean =>
  sources.get(row.source)?.adapter.editsMessages === true ? isFullyNotified(row) : row.notified === row.status

/** A run that was repeated over HTTP answers where the first one did. */
async function replyAddressOf({ ledger }: Services, { replyAddress, replyAddressFrom }: RunRecord): Promise<Json> {
  return replyAddressFrom === undefined ? replyAddress : ((await ledger.read(replyAddressFrom))?.replyAddress ?? null)
}

/** A run that is on its way is looked at when it must be, whoever knows of it. */
const nextNotifyAt = ({ now }: Services, row: RunRecord, tries: number): number =>
  Math.min(
    now() + backoffMs(tries),
    isTerminal(row.status) ? Number.POSITIVE_INFINITY : (row.deadline ?? Number.POSITIVE_INFINITY),
  )

async function retryNotification(services: Services, row: RunRecord, error: unknown): Promise<void> {
  const tries = error instanceof NotPublic ? maxTries : (row.notifyTries ?? 0) + 1
  services.log.warn(`could not tell the sender that the run is ${row.status}`, { ...runContext(row), error })
  try {
    // It may have been told already, and this have come after it: then the newest is told once more.
    if (!isTerminal(row.status) && tries >= maxTries)
      await services.ledger.recordNotification(row.run, notificationOf(services, row))
    else if (tries < maxTries) {
      const open = await services.ledger.scheduleReview(row.run, nextNotifyAt(services, row, tries), tries)
      // Others have told the end meanwhile. A call that was given up may still arrive, after theirs: so the end is told once more.
      if (!open && !isTerminal(row.status) && services.sources.get(row.source)?.adapter.editsMessages !== true)
        await services.ledger.recordNotification(row.run, { ...notificationOf(services, row), memory: null })
    } else {
      services.log.error('the sender was never told; giving up', { ...runContext(row), counts: 'Untold' })
      await services.ledger.close(row.run, row.notifiedAt ?? 0)
    }
  } catch (cause) {
    services.log.error('could not note that the sender must still be told', { ...runContext(row), error: cause })
  }
}
