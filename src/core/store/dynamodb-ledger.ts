/** The ledger over DynamoDB: how a run is opened and found. The writes of its later life are in `ledger-start`, `-end` and `-notify`. */
import { ttlAttribute } from './dynamodb-table.ts'
import type { Items } from './items.ts'
import type { Ledger } from './ledger.ts'
import { createEndWrites } from './ledger-end.ts'
import { createNotifyWrites } from './ledger-notify.ts'
import { createStartWrites } from './ledger-start.ts'
import { createRunItems, runOfKey } from './run-item.ts'

/** Longer than GitHub can redeliver (3 days). */
const keepSeconds = 30 * 24 * 3600

export function createLedger(items: Items): Ledger {
  const runItems = createRunItems(items)
  const { read, readPublic, create } = runItems
  return {
    read,
    readPublic,
    ...createStartWrites(runItems),
    ...createEndWrites(runItems),
    ...createNotifyWrites(runItems),

    async open(run, dueAt) {
      const { replyAddress, plan, ...rest } = run
      const created = await create(run.run, {
        ...rest,
        plan: JSON.stringify(plan),
        replyAddress: JSON.stringify(replyAddress),
        task: plan.task,
        status: 'queued',
        attempt: 0,
        open: 'open',
        dueAt,
        [ttlAttribute]: Math.floor(run.createdAt / 1000) + keepSeconds,
      })
      if (created) return { fresh: true, row: { ...rest, plan, status: 'queued', attempt: 0 } }
      const row = await readPublic(run.run)
      if (row === undefined) throw new Error(`run ${run.run} is in the ledger and cannot be read`)
      return { fresh: false, row }
    },

    async recent(task, limit) {
      const keys = await items.keys({ index: 'recent', hash: ['task', task], newestFirst: true, limit })
      const rows = await Promise.all(keys.map((pk) => readPublic(runOfKey(pk))))
      return rows.filter((row) => row !== undefined)
    },

    async dueForReview({ now, limit }) {
      const keys = await items.keys({ index: 'open', hash: ['open', 'open'], upTo: ['dueAt', now], limit })
      return keys.map(runOfKey)
    },
  }
}
