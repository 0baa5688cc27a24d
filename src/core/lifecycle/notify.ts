/**
 * Notifies the sender of the newest state of a run. `start` and `settle` may do this at the same time; each of them checks afterwards
 * whether the run has moved on, so the sender's last notification is the true one.
 */
import type { Json } from '../adapter.ts'
import { NotPublic } from '../errors.ts'
import { hasEnded, isFullyNotified, type RunRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import type { Notification } from '../store/ledger.ts'
import { runContext } from '../telemetry/run-log.ts'
import { parseStoredAddress, parseStoredMemory } from './parse-stored.ts'
import { runView } from './run-view.ts'
import { type SenderServices, senderTools } from './sender-tools.ts'

export type NotifyServices = SenderServices & Pick<Services, 'ledger' | 'tokenKeyReference' | 'log'>

interface NotifyOptions {
  /** The run was concluded, so it may be closed once its sender knows the end. Default: false; then the sweep concludes and closes it. */
  readonly concluded?: boolean
}

const maxRounds = 4

/** Never throws: the sweep repeats a notification that failed. */
export async function notify(
  services: NotifyServices,
  first: RunRecord,
  { concluded = false }: NotifyOptions = {},
): Promise<void> {
  const row = await claimNotification(services, first)
  if (row === undefined) return
  if (row !== first && isUpToDate(services, row)) await releaseClaim(services, row, concluded)
  else await notifyUntilUpToDate(services, row, concluded)
}

/** Another function has notified the sender in the meantime. To record that once more gives the claim back. */
async function releaseClaim(services: NotifyServices, row: RunRecord, concluded: boolean): Promise<void> {
  await services.ledger.recordNotification(notificationOf(services, row, concluded))
}

/** The run may move on while its sender is notified. */
async function notifyUntilUpToDate(services: NotifyServices, first: RunRecord, concluded: boolean): Promise<void> {
  let row: RunRecord | undefined = first
  for (let round = 0; row !== undefined && !isUpToDate(services, row) && round < maxRounds; round++)
    row = await notifyOnce(services, row, concluded)
}

/** @returns the newest state; undefined: the sender could not be notified, and a later try is recorded */
async function notifyOnce(
  services: NotifyServices,
  row: RunRecord,
  concluded: boolean,
): Promise<RunRecord | undefined> {
  try {
    const memory = await callAdapter(services, row)
    return await services.ledger.recordNotification({ ...notificationOf(services, row, concluded), memory })
  } catch (error) {
    await recordFailure(services, row, concluded, error)
    return undefined
  }
}

async function callAdapter(services: NotifyServices, row: RunRecord): Promise<Json | undefined> {
  const adapter = services.sources.get(row.source)?.adapter
  if (adapter === undefined) return undefined
  const view = runView(row, await services.secrets.current([services.tokenKeyReference]))
  const address = parseStoredAddress(adapter, await replyAddressOf(services, row))
  return adapter.updateStatus(address, view, senderTools(services, row.source), parseStoredMemory(adapter, row.memory))
}

/** A rerun that was requested over HTTP answers where the first run did. */
async function replyAddressOf(
  { ledger }: NotifyServices,
  { replyAddress, replyAddressFrom }: RunRecord,
): Promise<Json> {
  return replyAddressFrom === undefined ? replyAddress : ((await ledger.read(replyAddressFrom))?.replyAddress ?? null)
}

const notificationOf = ({ now }: NotifyServices, row: RunRecord, mayClose: boolean): Notification => ({
  run: row.run,
  status: row.status,
  rev: row.progressRev ?? 0,
  since: row.notifiedAt ?? 0,
  at: now(),
  dueAt: now() + backoffMs(0),
  mayClose,
})

/** Milliseconds. Longer than an adapter's calls may take. */
const claimMs = 40_000

const editsMessages = ({ sources }: NotifyServices, { source }: RunRecord): boolean =>
  sources.get(source)?.adapter.editsMessages === true

/**
 * Two functions that notify at the same time would write two messages, so an adapter that edits its message is called by one at a time.
 * @returns undefined: another function is notifying, and will notify the sender of the newest state
 */
async function claimNotification(services: NotifyServices, row: RunRecord): Promise<RunRecord | undefined> {
  if (isFullyNotified(row) || !editsMessages(services, row)) return row
  const now = services.now()
  return services.ledger.claimNotification({ run: row.run, now, until: now + claimMs })
}

/** Only adapters that edit their message are notified of progress. */
const isUpToDate = (services: NotifyServices, row: RunRecord): boolean =>
  editsMessages(services, row) ? isFullyNotified(row) : row.notified === row.status

/** A `response_url` lives 30 minutes, and a deleted repository stays deleted. */
const maxTries = 10
export const backoffMs = (tries: number): number => Math.min(60_000 * 2 ** tries, 3_600_000)

/** The sender could not be notified of the end, and is not tried again. */
export const isGivenUp = ({ notifyTries = 0 }: RunRecord): boolean => notifyTries >= maxTries

async function recordFailure(
  services: NotifyServices,
  row: RunRecord,
  concluded: boolean,
  error: unknown,
): Promise<void> {
  const tries = error instanceof NotPublic ? maxTries : (row.notifyTries ?? 0) + 1
  services.log.warn(`could not notify the sender that the run is ${row.status}`, { ...runContext(row), error })
  try {
    if (tries < maxTries) await retryLater(services, row, tries)
    else await giveUp(services, row, concluded)
  } catch (cause) {
    services.log.error('could not record that the sender must still be notified', { ...runContext(row), error: cause })
  }
}

async function retryLater(services: NotifyServices, row: RunRecord, notifyTries: number): Promise<void> {
  const { ledger, now } = services
  const retryAt = now() + backoffMs(notifyTries)
  // A run on its way is checked at its deadline at the latest.
  const dueAt = hasEnded(row) ? retryAt : Math.min(retryAt, row.deadline ?? Number.POSITIVE_INFINITY)
  const open = await ledger.scheduleReview({ run: row.run, dueAt, notifyTries })
  // Another function has notified the sender of the end. The call that failed may still arrive after that, so the sender must be
  // notified of the end again.
  if (!open && !hasEnded(row) && !editsMessages(services, row))
    await ledger.recordNotification({ ...notificationOf(services, row, false), memory: null })
}

async function giveUp(services: NotifyServices, row: RunRecord, concluded: boolean): Promise<void> {
  const { ledger, log, now } = services
  const { run, notifiedAt = 0 } = row
  // The next state is tried again; this one counts as notified.
  if (!hasEnded(row)) {
    await ledger.recordNotification(notificationOf(services, row, false))
    return
  }
  log.error('the sender was never notified of the end; giving up', { ...runContext(row), counts: 'Untold' })
  if (concluded) await ledger.close({ run, since: notifiedAt })
  else await ledger.scheduleReview({ run, dueAt: now() + backoffMs(0), notifyTries: maxTries })
}
