/** Delivers the events of one task in order and one at a time, as EventBridge with a queue would, and injects event faults. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EcsEvent } from '../../core/model/ecs-task.ts'
import type { FaultSource } from '../faults/fault-injector.ts'

export interface EventDelivery {
  send(event: EcsEvent): void
  /** Resolves when no delivery is in progress. */
  idle(): Promise<void>
}

export interface EventDeliveryOptions {
  readonly onEvent: (event: EcsEvent) => void | Promise<void>
  readonly faults: Pick<FaultSource, 'take'>
}

/** Milliseconds before the second and the third attempt. EventBridge retries for a day. */
const retryDelaysMs = [100, 1000]

/** @param signal ends it: a delivery in progress is finished, the others are dropped */
export function createEventDelivery({ onEvent, faults }: EventDeliveryOptions, signal: AbortSignal): EventDelivery {
  let queue = Promise.resolve()
  const late = new Set<Promise<void>>()
  let swapped: EcsEvent[] = []
  const enqueue = (...events: EcsEvent[]) => {
    for (const event of events) queue = queue.then(() => deliver(event, onEvent, signal))
  }
  const sendLate = (event: EcsEvent, ms: number) => {
    const delivery = sleep(ms, undefined, { signal })
      .then(() => deliver(event, onEvent, signal))
      .catch(() => undefined)
      .finally(() => late.delete(delivery))
    late.add(delivery)
  }
  return {
    send(event) {
      const { lastStatus } = event.detail ?? {}
      const fault = faults.take('event', lastStatus === undefined ? {} : { lastStatus })
      // No event follows STOPPED, so it cannot be swapped.
      if (fault?.kind === 'event-swapped' && swapped.length === 0 && lastStatus !== 'STOPPED') {
        swapped = [event]
        return
      }
      if (fault?.kind === 'event-late') sendLate(event, fault.ms)
      else if (fault?.kind !== 'event-lost') enqueue(event)
      if (fault?.kind === 'event-twice') enqueue(event)
      enqueue(...swapped)
      swapped = []
    },
    idle: async () => void (await Promise.all([queue, ...late])),
  }
}

async function deliver(event: EcsEvent, onEvent: EventDeliveryOptions['onEvent'], signal: AbortSignal) {
  for (const retryDelay of [...retryDelaysMs, undefined]) {
    if (signal.aborted) return
    try {
      return await onEvent(event)
    } catch (error) {
      if (retryDelay === undefined)
        process.emitWarning(`an event of ${event.detail?.taskArn} could not be delivered: ${error}`)
      else await sleep(retryDelay, undefined, { signal }).catch(() => undefined)
    }
  }
}
