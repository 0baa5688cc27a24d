/** A run needs a slot of its concurrency group. If the group is full it waits, replaces older runs or is rejected, as its task says. */
import { type ReleaseServices, releaseSlot } from '../lifecycle/concurrency-release.ts'
import { type Entered, type Group, insideRuns, oldestBeyond, ticketOf } from '../model/concurrency-queue.ts'
import type { GroupSlot } from '../model/plan.ts'
import { startDeadline } from '../model/retry-policy.ts'
import { isTerminal } from '../model/run.ts'
import type { ClaimedRun, RunRecord } from '../model/run-record.ts'
import { type End, type GateDecision, proceed } from './decision.ts'

/** When a run ends, it queues the start of the next one. If that message is lost, the sweep queues it after this long, in milliseconds. */
const reviewWaitingAfterMs = 1_800_000
/** A group is one item of the table, which can have 400 kB. */
const maxQueueLength = 1000

/** Acquires a slot, or a place in the queue; then decides. */
export async function concurrencyGate(services: ReleaseServices, row: ClaimedRun): Promise<GateDecision> {
  const { concurrency } = row.plan
  if (concurrency === undefined) return proceed
  const entered = await enterGroup(services, row, concurrency)
  if (entered === undefined) return { kind: 'gone' }
  return decide(row, concurrency, entered, services.now())
}

function decide(row: ClaimedRun, slot: GroupSlot, { place, group }: Entered, now: number): GateDecision {
  const { limit, whenFull } = slot
  if (place === 0) return proceed
  if (place > maxQueueLength) return refused(`${maxQueueLength} runs are already waiting`)
  if (whenFull === 'reject') return refused(fullReason(slot))
  return {
    kind: 'wait',
    waiting: { kind: 'slot', place, limit },
    dueAt: Math.min(now + reviewWaitingAfterMs, startDeadline(row) ?? Number.POSITIVE_INFINITY),
    // Their ends queue the starts of the runs that are left.
    ...(whenFull === 'cancel-oldest' && { replaces: oldestBeyond(group, limit) }),
  }
}

const refused = (reason: string): End => ({ kind: 'end', end: { kind: 'failed-to-start' }, reason })

const fullReason = ({ limit, label }: GroupSlot): string =>
  `rejected, because ${limit === 1 ? 'another run' : `${limit} other runs`}${label === '' ? '' : ` of ${label}`} had not ended`

/** @returns undefined: the run has ended in the meantime, and its slot was released again */
async function enterGroup(
  services: ReleaseServices,
  row: ClaimedRun,
  { name, limit }: GroupSlot,
): Promise<Entered | undefined> {
  // A run that needed approval has its place in the queue by the time of the approval.
  const ticket = ticketOf(row.run, row.approvedAt ?? row.createdAt)
  const first = await services.groups.enter(name, ticket, limit)
  const entered =
    first.place > 0 && (await releaseEnded(services, row, first.group))
      ? await services.groups.enter(name, ticket, limit)
      : first
  // It may have ended, and released its slot, just before it entered.
  if (!hasEndedIn(await services.ledger.read(row.run))) return entered
  await releaseSlot(services, row, { resend: false })
  return undefined
}

const hasEndedIn = (row: RunRecord | undefined): boolean => row === undefined || isTerminal(row.status)

/** How many runs inside the group are checked, the oldest first. One that stays forever becomes one of the oldest. */
const mostChecked = 20

/**
 * The write of a function that has died may arrive after its run has ended and left, and bring it back into the group. That run would
 * never leave, and all others would wait for it.
 * @returns whether there was one
 */
async function releaseEnded(services: ReleaseServices, { plan }: ClaimedRun, group: Group): Promise<boolean> {
  const oldest = insideRuns(group).slice(0, mostChecked)
  const rows = await Promise.all(oldest.map((run) => services.ledger.read(run)))
  const ended = oldest.filter((_, at) => hasEndedIn(rows[at]))
  for (const run of ended) await releaseSlot(services, { run, plan }, { resend: false })
  return ended.length > 0
}
