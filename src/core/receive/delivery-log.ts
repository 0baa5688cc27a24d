/** What the log line of a delivery says of its answer, or of the error that ended it. Pure. */
import { toPublicError, Unauthorized } from '../errors.ts'
import type { Answer } from '../model/answer.ts'
import type { DeliveryEntry } from '../telemetry/log-entries.ts'

export type DeliveryLog = Partial<DeliveryEntry>

/** Only our own failures get an error line before the delivery's, so only they are `failed`. */
export function logOfError(error: unknown): { readonly log: DeliveryLog; readonly failure?: unknown } {
  if (error instanceof Unauthorized) return { log: { outcome: 'unauthorized', reason: error.reason } }
  const { isFailure, text } = toPublicError(error)
  return isFailure
    ? { log: { outcome: 'failed', reason: 'see the error before this line' }, failure: error }
    : { log: { outcome: 'refused', reason: text } }
}

/** Operators alarm on these values, so they keep the names of the first version. */
const outcomes: Readonly<Record<Exclude<Answer['kind'], 'accepted'>, DeliveryEntry['outcome']>> = {
  ignored: 'ignored',
  help: 'help',
  recent: 'help',
  'params-requested': 'asked',
  deferred: 'errand',
  action: 'controlled',
  refused: 'refused',
}

export function logOfAnswer(answer: Answer): DeliveryLog {
  if (answer.kind === 'accepted') return { outcome: answer.fresh ? 'accepted' : 'duplicate' }
  const outcome = outcomes[answer.kind]
  if (answer.kind === 'ignored') return { outcome, reason: answer.reason }
  return answer.kind === 'refused' ? { outcome, reason: answer.title } : { outcome }
}

/** The fields by which an operator finds the other lines of a delivery. */
export const deliveryContext = ({ source, runs, trace }: DeliveryLog) => ({
  ...(source !== undefined && { source }),
  ...(runs !== undefined && { runs }),
  ...(trace !== undefined && { trace }),
})
