/** The senders of a soak: they retry each delivery until it is accepted. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlannedDelivery } from './deliveries.ts'
import { post } from './post.ts'

export interface SentDeliveries {
  /** Delivery → the runs in the responses. More than one is an error. */
  readonly runs: Map<string, Set<string>>
  /** The number of responses by status, retries included; 0 for a connection that broke. */
  readonly statuses: Map<number, number>
  /** Milliseconds of each accepting response, from the attempt that got it. */
  readonly times: number[]
}

export const emptySent = (): SentDeliveries => ({ runs: new Map(), statuses: new Map(), times: [] })

/** Takes some minutes. Without a limit, permanent 5xx responses would keep the soak from its result. */
const maxAttempts = 500
const [minPauseMs, maxPauseMs] = [25, 400]

/** @param url changes after each response @returns when the delivery is accepted, rejected or given up */
export async function sendUntilAccepted(
  delivery: PlannedDelivery,
  url: () => Promise<string>,
  sent: SentDeliveries,
): Promise<void> {
  let pause = minPauseMs
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const began = performance.now()
    const { status, body } = await post((await url()) + delivery.path, delivery.sign()).catch(() => ({
      status: 0,
      body: '',
    }))
    sent.statuses.set(status, (sent.statuses.get(status) ?? 0) + 1)
    if (status >= 200 && status < 300) {
      sent.times.push(performance.now() - began)
      const { run } = JSON.parse(body) as { run: string }
      sent.runs.set(delivery.id, (sent.runs.get(delivery.id) ?? new Set()).add(run))
      return
    }
    if (status >= 400 && status < 500) return
    await sleep(pause)
    pause = Math.min(pause * 2, maxPauseMs)
  }
}
