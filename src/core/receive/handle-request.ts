/** One HTTP request: a delivery or a request of the run API. It gets one reply, and one log line that says what became of it. */
import {
  type FunctionUrlEvent,
  type FunctionUrlResult,
  toFunctionUrlResult,
  toHttpRequest,
} from '../http/lambda-url.ts'
import type { HttpRequest } from '../model/http-request.ts'
import { traceIdOf, traceOf } from '../model/trace.ts'
import { isRunRequest, sourceNameOf } from './address.ts'
import { type DeliveryServices, handleDelivery } from './delivery.ts'
import { type DeliveryLog, deliveryContext } from './delivery-log.ts'
import { type Handled, handledError } from './handled.ts'
import { handleRunRequest, type RunApiServices } from './run-api.ts'

export type ReceiveServices = DeliveryServices & RunApiServices

export async function handleRequest(services: ReceiveServices, event: FunctionUrlEvent): Promise<FunctionUrlResult> {
  const startedAt = services.now()
  const { reply, log = {}, failure } = await handle(services, event)
  const { source = '', outcome, bytes = 0, ...rest } = log
  if (failure !== undefined) services.log.error('a delivery failed', { ...deliveryContext(log), error: failure })
  if (outcome !== undefined)
    services.log.delivery({ ...rest, source, outcome, bytes, status: reply.status, ms: services.now() - startedAt })
  return toFunctionUrlResult(reply)
}

async function handle(services: ReceiveServices, event: FunctionUrlEvent): Promise<Handled> {
  let known: DeliveryLog = {}
  try {
    const request = toHttpRequest(event)
    known = logOfRequest(request)
    const handled = await (isRunRequest(request) ? handleRunRequest : handleDelivery)(services, request)
    return { ...handled, ...(handled.log !== undefined && { log: { ...known, ...handled.log } }) }
  } catch (error) {
    return handledError(error, known)
  }
}

function logOfRequest(request: HttpRequest): DeliveryLog {
  const trace = traceOf(request.headers)
  return {
    // As it was requested: there may be no such source.
    ...(!isRunRequest(request) && { source: sourceNameOf(request).slice(0, 64) }),
    bytes: request.body.length,
    ...(trace !== undefined && { trace: traceIdOf(trace) }),
  }
}
