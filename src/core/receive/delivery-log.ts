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
const outcomes: Readonly<Record<Exclude<Answer['kind'], 'accepted' | 'batch'>, DeliveryEntry['outcome']>> = {
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
  if (answer.kind === 'batch') return logOfBatch(answer.answers)
  const outcome = outcomes[answer.kind]
  if (answer.kind === 'ignored') return { outcome, reason: answer.reason }
  return answer.kind === 'refused' ? { outcome, reason: answer.title } : { outcome }
}

/** A batch counts as what the first of these says that one of its elements is. */
const batchOutcomes = ['accepted', 'refused', 'duplicate', 'ignored'] as const

function logOfBatch(answers: readonly Answer[]): DeliveryLog {
  const logs = answers.map(logOfAnswer)
  const outcome = batchOutcomes.find((each) => logs.some((log) => log.outcome === each)) ?? 'ignored'
  const refused = logs.filter((log) => log.outcome === 'refused')
  const about = `a batch of ${answers.length}`
  const reason =
    refused[0] === undefined
      ? about
      : `${about}, of which ${refused.length} refused, the first because: ${refused[0].reason}`
  return { outcome, reason }
}

/** The fields by which an operator finds the other lines of a delivery. */
export const deliveryContext = ({ source, runs, trace }: DeliveryLog) => ({
  ...(source !== undefined && { source }),
  ...(runs !== undefined && { runs }),
  ...(trace !== undefined && { trace }),
})
