/** A run whose task is paused waits: it was accepted, so it starts when the pause ends. New runs are refused in lifecycle/check-admission.ts. */
import { pauseSeconds } from '../model/pause.ts'
import type { ClaimedRun } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'
import { type GateDecision, proceed } from './decision.ts'

/** An operator can end a pause at any time, so it is checked once a minute. In milliseconds. */
const checkEveryMs = 60_000

export async function pauseGate(
  { pauses, now }: Pick<Services, 'pauses' | 'now'>,
  { plan, cancelBy, refusedAt }: ClaimedRun,
): Promise<GateDecision> {
  // A cancelled run that comes this far may have a task. Looking for that starts nothing new.
  if (cancelBy !== undefined) return proceed
  const pause = await pauses.of(plan.task)
  if (pause === undefined) return proceed
  const againMs = Math.min(checkEveryMs, pauseSeconds(pause, now()) * 1000)
  return {
    kind: 'wait',
    waiting: { kind: 'pause', message: pause.message },
    dueAt: now() + againMs + reviewAfterMs.queued,
    againMs,
    // The time that ECS has to accept a run that it refused begins anew when the pause ends.
    ...(refusedAt !== undefined && { retry: { refusedAt: now() } }),
  }
}
