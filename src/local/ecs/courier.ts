/** Brings a task's events to whoever listens: one after another, each awaited, as EventBridge behind a queue of one would. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EcsEvent } from '../../core/outcome.ts'

export interface Courier {
  send(event: EcsEvent): void
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>
}

/** Milliseconds before the second and the third try; EventBridge tries for a day. */
const pauses = [100, 1000]

/** @param signal ends it: what is under way is finished, what waits is dropped */
export function createCourier(deliver: (event: EcsEvent) => void | Promise<void>, signal: AbortSignal): Courier {
  let queue = Promise.resolve()
  return {
    send(event) {
      queue = queue.then(() => bring(event, deliver, signal))
    },
    idle: () => queue,
  }
}

async function bring(event: EcsEvent, deliver: (event: EcsEvent) => void | Promise<void>, signal: AbortSignal) {
  for (const pause of [...pauses, undefined]) {
    if (signal.aborted) return
    try {
      return await deliver(event)
    } catch (error) {
      if (pause === undefined) process.emitWarning(`an event of ${event.detail?.taskArn} was given up: ${error}`)
      else await sleep(pause, undefined, { signal }).catch(() => undefined)
    }
  }
}
