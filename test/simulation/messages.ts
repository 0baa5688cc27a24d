import type { SqsRecord } from '../../src/core/model/queue-messages.ts'
import type { Pace } from './faults.ts'
import type { Random } from './random.ts'
import type { Command } from './requests.ts'
import type { Ending, Scheduler } from './scheduler.ts'

interface Message {
  readonly id: string
  readonly body: string
  receives: number
  /** Milliseconds until it is visible again if this delivery fails. */
  invisibleMs: number
}

export interface Messages {
  /** The commands that `core/aws/queue.ts` sends. */
  send(command: Command): unknown
  put(body: string, delaySeconds?: number): void
  /** Whether no message waits or is being processed. */
  isEmpty(): boolean
}

/** As deployed: a visibility timeout of six times the timeout of `start`, and ten receives. */
const visibilityTimeoutMs = 360_000
const mostReceives = 10
const mostAtOnce = 5

/** @param start an invocation with these messages */
export function createMessages(
  { scheduler, random, pace }: { readonly scheduler: Scheduler; readonly random: Random; readonly pace: Pace },
  start: (records: readonly SqsRecord[], ended: (how: Ending) => void) => void,
): Messages {
  const { at, now, faults, count, note } = scheduler
  const waiting = new Set<Message>()
  const atWork = new Map<string, Message>()
  let held = 0
  let sent = 0
  let taken = 0

  const show = (message: Message, delayMs: number): void => {
    held++
    at(now() + delayMs, () => {
      held--
      waiting.add(message)
      // Lambda takes one message or several.
      if (random.chance(0.8) || waiting.size >= mostAtOnce) take()
      else at(now() + 500, take)
    })
  }

  const take = (): void => {
    const batch = [...waiting].slice(0, mostAtOnce)
    if (batch.length === 0) return
    for (const message of batch) {
      waiting.delete(message)
      message.receives++
      message.invisibleMs = visibilityTimeoutMs
      if (random.chance(faults().again)) {
        count('messages delivered twice')
        show({ ...message }, random.below(random.chance(0.5) ? pace.delivery : 60_000))
      }
    }
    held += batch.length
    const handles = batch.map((message) => {
      const handle = `receipt ${++taken}`
      atWork.set(handle, message)
      return handle
    })
    start(
      batch.map(({ id, body, receives }, at) => ({
        messageId: id,
        body,
        receiptHandle: handles[at] ?? '',
        attributes: { ApproximateReceiveCount: String(receives) },
      })),
      (how) => {
        held -= batch.length
        for (const handle of handles) atWork.delete(handle)
        for (const message of batch) if (!isTaken(how, message)) bringBack(message)
      },
    )
  }

  const bringBack = (message: Message): void => {
    const dead = message.receives >= mostReceives
    count(dead ? 'dead letters' : 'messages delivered again')
    if (dead) note(`a dead letter: ${message.body}`)
    else show(message, message.invisibleMs)
  }

  const put = (body: string, delaySeconds = 0): void =>
    show(
      { id: `m${++sent}`, body, receives: 0, invisibleMs: visibilityTimeoutMs },
      delaySeconds * 1000 + random.below(pace.delivery),
    )

  return {
    put,
    send({ constructor: { name }, input }) {
      if (name === 'ChangeMessageVisibilityCommand') {
        const message = atWork.get(String(input.ReceiptHandle))
        if (message !== undefined) message.invisibleMs = Number(input.VisibilityTimeout) * 1000
      } else put(String(input.MessageBody), Number(input.DelaySeconds ?? 0))
      return {}
    },
    isEmpty: () => held === 0 && waiting.size === 0,
  }
}

function isTaken(how: Ending, { id }: Message): boolean {
  if (how.kind !== 'done') return false
  const { batchItemFailures } = how.value as { batchItemFailures: { itemIdentifier: string }[] }
  return !batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === id)
}
