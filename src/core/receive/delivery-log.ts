/** What the log will say of a delivery, gathered while it is answered. */
import type { Answer } from '../adapter.ts'
import { toPublicError, Unauthorized } from '../errors.ts'
import type { DeliveryEntry } from '../telemetry/log-entries.ts'

export type DeliveryLog = { -readonly [key in keyof DeliveryEntry]?: DeliveryEntry[key] }

/** The `outcome` of the log line for each kind of answer. Operators alarm on these values, so they keep the names of the first version. */
const outcomes: Readonly<Record<Exclude<Answer['kind'], 'accepted'>, DeliveryEntry['outcome']>> = {
  ignored: 'ignored',
  help: 'help',
  recent: 'help',
  'params-requested': 'asked',
  deferred: 'errand',
  action: 'controlled',
  refused: 'refused',
}

export const outcomeOf = (answer: Answer): DeliveryEntry['outcome'] =>
  answer.kind === 'accepted' ? (answer.fresh ? 'accepted' : 'duplicate') : outcomes[answer.kind]

export function logError(note: DeliveryLog, error: unknown): void {
  const { isFailure, text } = toPublicError(error)
  note.outcome = error instanceof Unauthorized ? 'unauthorized' : isFailure ? 'failed' : 'refused'
  note.reason = error instanceof Unauthorized ? error.reason : isFailure ? 'see the error before this line' : text
}

/** By which a line that belongs to the delivery is found. */
export const deliveryContext = ({ source, runs, trace }: DeliveryLog) => ({
  ...(source !== undefined && { source }),
  ...(runs !== undefined && { runs }),
  ...(trace !== undefined && { trace }),
})
