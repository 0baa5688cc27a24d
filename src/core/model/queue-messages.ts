/** Messages of the queue: what to do with which run, and a source's deferred work. Never a payload, never a secret. Pure. */
import type { Json } from './json.ts'
import type { Report } from './progress.ts'
import { isRunId } from './run.ts'

export type QueueMessage =
  | { readonly verb: 'start'; readonly run: string }
  /** Its sender does not know the newest yet. */
  | { readonly verb: 'tell'; readonly run: string }
  /** @property by a person's name, for the reason */
  | { readonly verb: 'cancel' | 'reject'; readonly run: string; readonly by: string }
  /** @property actor the same person, as the sender calls him */
  | { readonly verb: 'approve'; readonly run: string; readonly by: string; readonly actor: string }
  /** @property at when the container said so, in milliseconds since the epoch */
  | { readonly verb: 'progress'; readonly run: string; readonly report: Report; readonly at: number }
  | DeferredMessage

/** @property key of the delivery, so that what comes of it twice is done once */
export interface DeferredMessage {
  readonly verb: 'errand'
  readonly source: string
  readonly what: Json
  readonly key: string
  readonly origin: string
}

/** A message as Lambda hands it over; what runs elsewhere needs no attributes. */
export interface SqsRecord {
  readonly messageId: string
  readonly body: string
  readonly receiptHandle?: string
  readonly attributes?: { readonly SentTimestamp?: string; readonly ApproximateReceiveCount?: string }
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string | undefined }>>
}

/**
 * Seconds until a message that was not taken comes back: doubled each time, so that nine tries take an hour. What AWS or a sender has to
 * mend is mended by then, or a person must look.
 */
export const retryDelaySeconds = (received: number): number =>
  Math.min(15 * 2 ** Math.max(0, received - 1), maxDelaySeconds)

/** SQS takes a delay of 15 minutes at most. */
export const maxDelaySeconds = 900

/** How long a message could have been taken, in milliseconds: the pause that it was sent with is none of it. Undefined: nobody says. */
export function queueAgeMs({ attributes, messageAttributes }: SqsRecord, now: number): number | undefined {
  const sent = Number(attributes?.SentTimestamp ?? Number.NaN)
  const delay = Number(messageAttributes?.delay?.stringValue ?? 0)
  const waited = now - sent - delay * 1000
  return Number.isFinite(waited) ? Math.max(0, waited) : undefined
}

/** Undefined: not a command of ours; trying again would not make it one. */
export function parseMessage(body: string): QueueMessage | undefined {
  try {
    const command = JSON.parse(body) as Readonly<Record<string, unknown>>
    if (command.verb === 'errand') return isErrand(command) ? (command as unknown as QueueMessage) : undefined
    const { verb, run, by, actor, report, at } = command
    if (typeof run !== 'string' || !isRunId(run)) return undefined
    const name = typeof by === 'string' ? by : 'somebody'
    switch (verb) {
      case 'start':
      case 'tell':
        return { verb, run }
      case 'cancel':
      case 'reject':
        return { verb, run, by: name }
      case 'approve':
        return typeof actor === 'string' ? { verb, run, by: name, actor } : undefined
      case 'progress':
        return isObject(report) && typeof at === 'number' ? { verb, run, report, at } : undefined
      default:
        return undefined
    }
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isErrand = ({ source, key, origin, what }: Readonly<Record<string, unknown>>): boolean =>
  [source, key, origin].every((text) => typeof text === 'string') && what !== undefined
