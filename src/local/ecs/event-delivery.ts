/** Brings a task's events to whoever listens: one after another, each awaited, as EventBridge behind a queue of one would. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EcsEvent } from '../../core/model/ecs-task.ts'
import type { Strikes } from '../faults/fault-injector.ts'

export interface EventDelivery {
  send(event: EcsEvent): void
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>
}

export interface Recipient {
  readonly onEvent: (event: EcsEvent) => void | Promise<void>
  readonly faults: Pick<Strikes, 'take'>
}

/** Milliseconds before the second and the third try; EventBridge tries for a day. */
const pauses = [100, 1000]

/** @param signal ends it: what is under way is finished, what waits is dropped */
export function createEventDelivery({ onEvent, faults }: Recipient, signal: AbortSignal): EventDelivery {
  let queue = Promise.resolve()
  const late = new Set<Promise<void>>()
  let held: EcsEvent[] = []
  const line = (...events: EcsEvent[]) => {
    for (const event of events) queue = queue.then(() => bring(event, onEvent, signal))
  }
  const sendLate = (event: EcsEvent, ms: number) => {
    const brought = sleep(ms, undefined, { signal })
      .then(() => bring(event, onEvent, signal))
      .catch(() => undefined)
      .finally(() => late.delete(brought))
    late.add(brought)
  }
  return {
    send(event) {
      const { lastStatus } = event.detail ?? {}
      const fault = faults.take('event', lastStatus === undefined ? {} : { lastStatus })
      // After STOPPED comes nothing that it could wait for.
      if (fault?.kind === 'event-swapped' && held.length === 0 && lastStatus !== 'STOPPED') {
        held = [event]
        return
      }
      if (fault?.kind === 'event-late') sendLate(event, fault.ms)
      else if (fault?.kind !== 'event-lost') line(event)
      if (fault?.kind === 'event-twice') line(event)
      line(...held)
      held = []
    },
    idle: async () => void (await Promise.all([queue, ...late])),
  }
}

async function bring(event: EcsEvent, deliver: Recipient['onEvent'], signal: AbortSignal) {
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
