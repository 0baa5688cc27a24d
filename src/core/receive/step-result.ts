/** What a step of a delivery returns. An error does not lose what the steps before it have to log. */
import { toPublicError } from '../errors.ts'
import type { Answer } from '../model/answer.ts'
import { type DeliveryLog, logOfError } from './delivery-log.ts'

export interface StepResult {
  readonly answer: Answer
  /** This step's part of the log line. */
  readonly log: DeliveryLog
  /** Our own failure, which the answer does not describe. */
  readonly failure?: unknown
}

/** Adds `fields` to what a step logs. If the step throws, its answer is a refusal, and the fields are logged all the same. */
export async function withLog(fields: DeliveryLog, step: () => Promise<StepResult>): Promise<StepResult> {
  try {
    const result = await step()
    return { ...result, log: { ...fields, ...result.log } }
  } catch (error) {
    return refuse(error, fields)
  }
}

/** The refusal that an error becomes. @param known what the log line says besides the error */
export function refuse(error: unknown, known: DeliveryLog = {}): StepResult {
  const { status, text, problems, retryAfter } = toPublicError(error)
  const { log, failure } = logOfError(error)
  return {
    answer: { kind: 'refused', status, title: text, problems, ...(retryAfter !== undefined && { retryAfter }) },
    log: { ...known, ...log },
    failure,
  }
}
