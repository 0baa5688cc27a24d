/** Records what a sender sends: a delivery, its retry, and another delivery, at a fixed time. */
import type { HmacScheme } from '../../../../src/adapters/hmac/hmac-scheme.ts'

export interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One request of a sender. */
export interface Attempt {
  /** Stays the same in every retry. */
  readonly id: string
  /** 0 for the first attempt, 1 for the retry. */
  readonly number: number
  /** Seconds since the epoch. */
  readonly seconds: number
  readonly ms: number
  readonly date: Date
}

export interface Sender {
  readonly name: string
  /** The name of the event, if the sender gives one. */
  readonly event?: string
  /** `package@version`, or `documentation: URL`. */
  readonly by: string
  /** What of the package made or confirmed the deliveries, or where the rule is documented. */
  readonly how: string
  /** The name of a preset, or a custom scheme. */
  readonly scheme: string | HmacScheme
  /** Keys of the source beside its scheme. */
  readonly source?: Readonly<Record<string, unknown>>
  readonly secret: string
  /** Why a retry cannot be recognized. Without it, a retry must be the same run. */
  readonly anotherRunBecause?: string
  readonly send: (attempt: Attempt) => Sent | Promise<Sent>
  /** Throws, or returns false, if the vendor's package refuses the delivery. */
  readonly confirm?: (sent: Sent, attempt: Attempt) => unknown
}

export interface Recording extends Omit<Sender, 'send' | 'confirm'> {
  readonly deliveries: Readonly<Record<'first' | 'retry' | 'other', Sent & { readonly seconds: number }>>
}

export const start = 1_772_359_200
const RealDate = Date

/** What the vendors' packages read as the current time. */
function setClock(ms: number): void {
  globalThis.Date = class extends RealDate {
    constructor(...values: unknown[]) {
      if (values.length === 0) super(ms)
      else super(...(values as [number]))
    }
    static override now = () => ms
  } as DateConstructor
}

export async function atTime<T>(seconds: number, run: () => Promise<T>): Promise<T> {
  setClock(seconds * 1000)
  try {
    return await run()
  } finally {
    globalThis.Date = RealDate
  }
}

export async function record({ send, confirm, ...sender }: Sender): Promise<Recording> {
  const at = async (id: string, number: number, seconds: number): Promise<Sent & { seconds: number }> => {
    const ms = seconds * 1000
    const attempt = { id, number, seconds, ms, date: new Date(ms) }
    return atTime(seconds, async () => {
      const sent = await send(attempt)
      if (confirm !== undefined) await confirmBoth(sender.name, confirm, sent, attempt)
      return { seconds, ...sent }
    })
  }
  return {
    ...sender,
    deliveries: {
      first: await at('1001', 0, start),
      retry: await at('1001', 1, start + 100),
      other: await at('1002', 0, start + 200),
    },
  }
}

/** The package must accept the delivery, and refuse it with another body. */
async function confirmBoth(
  name: string,
  confirm: NonNullable<Sender['confirm']>,
  sent: Sent,
  attempt: Attempt,
): Promise<void> {
  if (!(await accepts(confirm, sent, attempt))) throw new Error(`${name}: the package refuses its own delivery`)
  const forged = { ...sent, body: sent.body.replace('é', 'è') }
  if (forged.body === sent.body || (await accepts(confirm, forged, attempt)))
    throw new Error(`${name}: the package accepts another body`)
}

async function accepts(confirm: NonNullable<Sender['confirm']>, sent: Sent, attempt: Attempt): Promise<boolean> {
  try {
    return (await confirm(sent, attempt)) !== false
  } catch (error) {
    if (process.env.DEBUG !== undefined) console.error(error)
    return false
  }
}
