/** A person approves a run. */
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'

export type ApproveServices = Pick<Services, 'ledger' | 'queue' | 'now'>

interface Approval {
  readonly run: string
  /** A person's name, for people. */
  readonly by: string
  /** The same person, as the sender calls them. */
  readonly actor: string
}

/** Does not check the deadline: `receive` accepted the approval in time, however late the queue delivers it. */
export async function approve({ ledger, queue, now }: ApproveServices, { run, by, actor }: Approval): Promise<void> {
  const at = now()
  const approved = await ledger.approve({ run, by, actor, now: at, dueAt: at + reviewAfterMs.queued })
  const row = approved ?? (await ledger.read(run))
  // The function that recorded this approval may have died before it queued the start, and a second start does no harm.
  if (row?.approvedBy === by && row.status === 'queued') await queue.send({ kind: 'start', run })
}
