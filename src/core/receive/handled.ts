/** What a handler made of a request. */
import { errorReply } from '../http/json-reply.ts'
import type { HttpReply } from '../model/http-request.ts'
import { type DeliveryLog, logOfError } from './delivery-log.ts'

export interface Handled {
  readonly reply: HttpReply
  /** Undefined: there is no log line, since nothing happened (a status was read). */
  readonly log?: DeliveryLog
  /** Our own failure, which the reply does not describe. */
  readonly failure?: unknown
}

/** @param known what the log line says besides the error */
export function handledError(error: unknown, known: DeliveryLog): Handled {
  const { log, failure } = logOfError(error)
  return { reply: errorReply(error), log: { ...known, ...log }, failure }
}
