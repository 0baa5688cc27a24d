/**
 * Messages of the queue: what to do with which run, and a source's deferred work. None holds a delivery's body or a secret of the config.
 * A progress report is as the container sent it: `start` masks the values of secret parameters when it records the report. Deferred work
 * may hold what a person typed for parameters that are not secret. Pure.
 */
import type { Json } from './json.ts'
import type { Report } from './progress.ts'
import { isRunId } from './run.ts'

export type QueueMessage =
  | { readonly kind: 'start'; readonly run: string }
  /** The sender does not know the newest state yet. */
  | { readonly kind: 'notify'; readonly run: string }
  /** @property by a person's name, for the reason */
  | { readonly kind: 'cancel' | 'reject'; readonly run: string; readonly by: string }
  /** @property actor the same person, as the sender calls them */
  | { readonly kind: 'approve'; readonly run: string; readonly by: string; readonly actor: string }
  /** @property at when the container reported it, in milliseconds since the epoch */
  | { readonly kind: 'progress'; readonly run: string; readonly report: Report; readonly at: number }
  | DeferredMessage

/** @property work the adapter's own @property key of the delivery, so that repeated work has the same results */
export interface DeferredMessage {
  readonly kind: 'deferred'
  readonly source: string
  readonly work: Json
  readonly key: string
  readonly origin: string
}

/** The kinds as messages name them. Messages of earlier versions may be in the queue, so these names stay. */
const verbs = {
  start: 'start',
  cancel: 'cancel',
  reject: 'reject',
  approve: 'approve',
  progress: 'progress',
  notify: 'tell',
  deferred: 'errand',
} as const satisfies Readonly<Record<QueueMessage['kind'], string>>

/** A kind as its messages name it. */
export const verbOf = ({ kind }: QueueMessage): string => verbs[kind]

/** The text of a message. */
export function messageBody(message: QueueMessage): string {
  const { kind: _, ...rest } = message
  const verb = verbOf(message)
  if (message.kind !== 'deferred') return JSON.stringify({ verb, ...rest })
  const { source, work: what, key, origin } = message
  return JSON.stringify({ verb, source, what, key, origin })
}

/** Undefined: taskhook did not send it. */
export function parseMessage(body: string): QueueMessage | undefined {
  try {
    const fields = JSON.parse(body) as Readonly<Record<string, unknown>>
    return fields.verb === verbs.deferred ? parseDeferred(fields) : parseRunMessage(fields)
  } catch {
    return undefined
  }
}

function parseRunMessage(fields: Readonly<Record<string, unknown>>): QueueMessage | undefined {
  const { verb, run, by, actor, report, at } = fields
  if (typeof run !== 'string' || !isRunId(run)) return undefined
  const name = typeof by === 'string' ? by : 'somebody'
  switch (verb) {
    case verbs.start:
      return { kind: 'start', run }
    case verbs.notify:
      return { kind: 'notify', run }
    case verbs.cancel:
      return { kind: 'cancel', run, by: name }
    case verbs.reject:
      return { kind: 'reject', run, by: name }
    case verbs.approve:
      return typeof actor === 'string' ? { kind: 'approve', run, by: name, actor } : undefined
    case verbs.progress:
      return isObject(report) && typeof at === 'number' ? { kind: 'progress', run, report, at } : undefined
    default:
      return undefined
  }
}

function parseDeferred({ source, key, origin, what }: Readonly<Record<string, unknown>>): DeferredMessage | undefined {
  if (typeof source !== 'string' || typeof key !== 'string' || typeof origin !== 'string' || what === undefined)
    return undefined
  return { kind: 'deferred', source, work: what as Json, key, origin }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** A message as Lambda delivers it; the local poller has no attributes. */
export interface SqsRecord {
  readonly messageId: string
  readonly body: string
  readonly receiptHandle?: string
  readonly attributes?: { readonly SentTimestamp?: string; readonly ApproximateReceiveCount?: string }
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string | undefined }>>
}

/** SQS accepts a delay of up to 15 minutes. */
export const maxDelaySeconds = 900

/**
 * Seconds until a message that could not be handled comes back: doubled each time, so that the ten deliveries take an hour. By then AWS
 * or the sender works again, or a person must check.
 */
export const retryDelaySeconds = (received: number): number =>
  Math.min(15 * 2 ** Math.max(0, received - 1), maxDelaySeconds)

/** For how long the message was ready in the queue, without the delay it was sent with, in milliseconds. Undefined: unknown. */
export function queueAgeMs({ attributes, messageAttributes }: SqsRecord, now: number): number | undefined {
  const sent = Number(attributes?.SentTimestamp ?? Number.NaN)
  const delay = Number(messageAttributes?.delay?.stringValue ?? 0)
  const waited = now - sent - delay * 1000
  return Number.isFinite(waited) ? Math.max(0, waited) : undefined
}
