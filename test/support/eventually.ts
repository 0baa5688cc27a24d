/** Waits for a condition, in place of waiting for some time. */
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 25

/**
 * Polls until the condition gives a value.
 * @returns the value
 * @throws {Error} if it gives none (`undefined` or `false`) for `timeoutMs`
 */
export async function eventually<T>(
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 15_000,
): Promise<T> {
  const end = Date.now() + timeoutMs
  while (true) {
    const value = await condition()
    if (value !== undefined && value !== false) return value
    if (Date.now() > end) throw new Error(`the condition did not become true within ${timeoutMs} ms: ${condition}`)
    await sleep(pollMs)
  }
}
