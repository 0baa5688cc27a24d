/**
 * Everything taskhook does is one of three pipelines, and this file is all three, top to bottom:
 *   receive   HTTP → verify → translate → plan → ledger → queue → answer          (deliver.ts, runs.ts)
 *   start     queue → claim → RunTask → ledger → acknowledge                      (obey.ts, launch.ts)
 *   settle    ECS event → outcome → ledger → acknowledge, and a schedule that puts right what stands still (sweep.ts)
 */
import type { HttpReply } from './adapter.ts'
import { handleMessage } from './commands/handle-message.ts'
import { errorReply } from './http/json-reply.ts'
import { type FunctionUrlEvent, type FunctionUrlResult, toFunctionUrlResult, toHttpRequest } from './http/lambda-url.ts'
import { concludeAndNotify } from './lifecycle/conclude.ts'
import { notify } from './lifecycle/notify.ts'
import type { EcsEvent } from './model/ecs-task.ts'
import { queueAgeMs, type SqsRecord } from './model/queue-messages.ts'
import { hasEnded } from './model/run-record.ts'
import { traceIdOf, traceOf } from './model/trace.ts'
import { handleDelivery } from './receive/delivery.ts'
import { type DeliveryLog, deliveryContext, logError } from './receive/delivery-log.ts'
import { handleRunRequest } from './receive/run-api.ts'
import type { Services } from './services.ts'
import { stopStrayTask } from './settle/stray-task.ts'
import { sweep } from './settle/sweep.ts'
import { findRun, recordTaskEvent } from './settle/task-event.ts'

export interface SqsEvent {
  readonly Records: readonly SqsRecord[]
}
export interface SqsResult {
  readonly batchItemFailures: { readonly itemIdentifier: string }[]
}

export interface Bridge {
  receive(event: FunctionUrlEvent): Promise<FunctionUrlResult>
  start(event: SqsEvent): Promise<SqsResult>
  settle(event: EcsEvent): Promise<void>
}

export const createBridge = (services: Services): Bridge => ({
  receive: (event) => receive(services, event),
  start: (event) => start(services, event),
  settle: (event) => settle(services, event),
})

// ── receive ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function receive(services: Services, event: FunctionUrlEvent): Promise<FunctionUrlResult> {
  const began = services.now()
  const note: DeliveryLog = {}
  let reply: HttpReply
  try {
    const request = toHttpRequest(event)
    note.bytes = request.body.length
    const trace = traceOf(request.headers)
    if (trace !== undefined) note.trace = traceIdOf(trace)
    reply = /^\/runs(\/|$)/.test(request.path)
      ? await handleRunRequest(services, request)
      : await handleDelivery(services, request, note)
  } catch (error) {
    logError(note, error)
    if (note.outcome === 'failed') services.log.error('a delivery failed', { ...deliveryContext(note), error })
    reply = errorReply(error)
  }
  if (note.outcome !== undefined) {
    const { source = '', outcome, bytes = 0, ...rest } = note
    services.log.delivery({ ...rest, source, outcome, bytes, status: reply.status, ms: services.now() - began })
  }
  return toFunctionUrlResult(reply)
}

// ── start ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function start(services: Services, { Records }: SqsEvent): Promise<SqsResult> {
  services.log.waits(Records.flatMap((record) => queueAgeMs(record, services.now()) ?? []))
  const failures = await Promise.all(Records.map((record) => handleMessage(services, record)))
  return { batchItemFailures: failures.flat() }
}

// ── settle ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function settle(services: Services, event: EcsEvent): Promise<void> {
  if (event['detail-type'] === 'Scheduled Event') return sweep(services)
  const found = await findRun(services, event)
  if (found === undefined) return
  const row = await recordTaskEvent(services, found)
  if (row === undefined) return stopStrayTask(services, found.row, found.task)
  if (row.status === found.row.status) return
  if (hasEnded(row)) await concludeAndNotify(services, row)
  else await notify(services, row)
}
