/** SQS in memory: at least once, in any order. What is not taken comes back, five times in all. */
import type { Pace } from './faults.ts'
import type { Random } from './random.ts'
import type { Ending, Scheduler } from './scheduler.ts'

interface Message {
  readonly id: string
  readonly body: string
  receives: number
}

export interface Messages {
  send(input: Readonly<Record<string, unknown>>): unknown
  /** Neither waiting nor at work. */
  isEmpty(): boolean
}

/** As deployed: six times what `start` may take, and five tries. */
const invisibleMs = 360_000
const mostReceives = 5
const mostAtOnce = 5

/** @param start an invocation with these messages */
export function createMessages(
  { scheduler, random, pace }: { readonly scheduler: Scheduler; readonly random: Random; readonly pace: Pace },
  start: (records: { messageId: string; body: string }[], ended: (how: Ending) => void) => void,
): Messages {
  const { at, now, faults, count, note } = scheduler
  const waiting = new Set<Message>()
  let held = 0
  let sent = 0

  const show = (message: Message, delayMs: number): void => {
    held++
    at(now() + delayMs, () => {
      held--
      waiting.add(message)
      // Lambda takes one or several.
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
      if (random.chance(faults().again)) {
        count('messages brought twice')
        show({ ...message }, random.below(random.chance(0.5) ? pace.delivery : 60_000))
      }
    }
    held += batch.length
    start(
      batch.map(({ id, body }) => ({ messageId: id, body })),
      (how) => {
        held -= batch.length
        for (const message of batch) if (!isTaken(how, message)) bringBack(message)
      },
    )
  }

  const bringBack = (message: Message): void => {
    const dead = message.receives >= mostReceives
    count(dead ? 'dead letters' : 'messages that came back')
    if (dead) note(`a dead letter: ${message.body}`)
    else show(message, invisibleMs)
  }

  return {
    send({ MessageBody, DelaySeconds }) {
      show(
        { id: `m${++sent}`, body: String(MessageBody), receives: 0 },
        Number(DelaySeconds ?? 0) * 1000 + random.below(pace.delivery),
      )
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
