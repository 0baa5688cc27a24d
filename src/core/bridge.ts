/**
 * Everything taskhook does is one of three pipelines, and this file is all three, top to bottom:
 *   receive   HTTP → verify → translate → plan → ledger → queue → answer          (deliver.ts, runs.ts)
 *   start     queue → claim → RunTask → ledger → acknowledge                      (obey.ts, launch.ts)
 *   settle    ECS event → outcome → ledger → acknowledge, and a schedule that puts right what stands still (sweep.ts)
 */
import type { HttpReply } from './adapter.ts'
import { dispatch } from './commands/dispatch.ts'
import { errorReply } from './http/json-reply.ts'
import { type FunctionUrlEvent, type FunctionUrlResult, toFunctionUrlResult, toHttpRequest } from './http/lambda-url.ts'
import { withRerunNotice } from './lifecycle/interruption-rerun.ts'
import { notify } from './lifecycle/notify.ts'
import type { EcsEvent } from './model/ecs-task.ts'
import { isOfCluster, outcomeOf, runOfEvent } from './model/outcome.ts'
import {
  parseMessage,
  type QueueMessage,
  queueAgeMs,
  retryDelaySeconds,
  type SqsRecord,
} from './model/queue-messages.ts'
import { isTerminal } from './model/run.ts'
import type { RunRecord } from './model/run-record.ts'
import { traceIdOf, traceOf } from './model/trace.ts'
import { handleDelivery } from './receive/delivery.ts'
import { type DeliveryLog, deliveryContext, logError } from './receive/delivery-log.ts'
import { handleRunRequest } from './receive/run-api.ts'
import type { Services } from './services.ts'
import { nextReviewAt, sweep } from './settle/sweep.ts'
import { logStatusChange, runContext } from './telemetry/run-log.ts'
import { stopReasons } from './text/stop-reasons.ts'

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
  const failures = await Promise.all(
    Records.map(async (record) => {
      const { messageId, body } = record
      const command = parseMessage(body)
      if (command === undefined) {
        services.log.error('the queue held a message that is not a command; dropped')
        return []
      }
      try {
        const taken = await dispatch(services, command)
        if (taken) return []
      } catch (error) {
        services.log.error(`${command.verb} broke off; the queue will bring it again`, { ...aboutOf(command), error })
      }
      await putOff(services, record)
      return [{ itemIdentifier: messageId }]
    }),
  )
  return { batchItemFailures: failures.flat() }
}

/** Where that fails it comes back all the same, when its visibility timeout ends. */
async function putOff({ queue, log }: Services, { receiptHandle, attributes }: SqsRecord): Promise<void> {
  if (receiptHandle === undefined) return
  try {
    await queue.retryLater(receiptHandle, retryDelaySeconds(Number(attributes?.ApproximateReceiveCount ?? 1)))
  } catch (error) {
    log.warn('a message could not be put off', { error })
  }
}

const aboutOf = (command: QueueMessage) =>
  command.verb === 'errand' ? { source: command.source } : { run: command.run }

// ── settle ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function settle(services: Services, event: EcsEvent): Promise<void> {
  if (event['detail-type'] === 'Scheduled Event') {
    await sweep(services)
    return
  }
  const run = runOfEvent(event)
  if (run === undefined || event.detail === undefined) return
  const before = await services.ledger.read(run)
  if (before === undefined) return services.log.warn('an event came for a run that the ledger does not know', { run })
  if (!isOfCluster(event, before.plan.settings.cluster))
    return services.log.warn('an event came of a task on another cluster', runContext(before))
  const said = outcomeOf(run, event.detail, before.container ?? before.plan.container)
  const outcome = withRerunNotice(services, before, said)
  const row = await services.ledger.recordOutcome(outcome, nextReviewAt({ ...before, ...outcome }, services.now()))
  if (row === undefined) return stopStray(services, before, event)
  // Noted by `start` after `before` was read: the look that is due must not come after it.
  if (before.deadline === undefined && row.deadline !== undefined && !isTerminal(row.status)) {
    await services.ledger.scheduleReview(run, nextReviewAt(row, services.now()))
  }
  if (row.status === before.status) return
  logStatusChange(services.log, before, row)
  await notify(services, row)
}

/** A task of a run that was ended when nobody knew yet that it has one, or a second one, which the run has no use for. */
async function stopStray(services: Services, row: RunRecord, { detail }: EcsEvent) {
  const { status, taskArn, plan, cancelBy = 'taskhook' } = row
  const isStray = taskArn === undefined ? isTerminal(status) : taskArn !== detail?.taskArn
  if (!isStray || detail?.taskArn === undefined || detail.lastStatus === 'STOPPED') return
  services.log.warn(`a task came up that a run which is ${status} has no use for; it is stopped`, runContext(row))
  const ecs = await services.ecs(plan.settings)
  await ecs.stop(plan.settings.cluster, detail.taskArn, `${stopReasons.cancel} by ${cancelBy}`)
}
