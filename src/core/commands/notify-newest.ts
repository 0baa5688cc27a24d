/** Notifies the sender of the newest state: of a new status at once, of progress only now and then. */
import { type NotifyServices, notify } from '../lifecycle/notify.ts'
import { isFullyNotified, type RunRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'

type NotifyInTimeServices = NotifyServices & Pick<Services, 'queue'>

/** Milliseconds between two notifications of progress. */
const progressEveryMs = 5_000

export async function notifyNewest(services: NotifyInTimeServices, run: string): Promise<void> {
  const row = await services.ledger.read(run)
  if (row !== undefined) await notifyInTime(services, row)
}

export async function notifyInTime(services: NotifyInTimeServices, row: RunRecord): Promise<void> {
  const restMs = (row.notifiedAt ?? 0) + progressEveryMs - services.now()
  if (row.notified !== row.status || isFullyNotified(row) || restMs <= 0) return notify(services, row)
  await services.queue.send({ kind: 'notify', run: row.run }, restMs / 1000)
}
