import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for the promise, but at most `ms` milliseconds. It leaves no timer behind. */
export async function withTimeout(ms: number, promise: Promise<unknown>): Promise<void> {
  const timer = new AbortController()
  const late = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)
  await Promise.race([promise, late])
  timer.abort()
}
