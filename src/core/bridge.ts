/**
 * Everything taskhook does is one of three pipelines, and this file is all three, top to bottom:
 *   receive   HTTP → verify → translate → plan → ledger → queue → answer          (deliver.ts, runs.ts)
 *   start     queue → claim → RunTask → ledger → acknowledge                      (obey.ts, launch.ts)
 *   settle    ECS event → outcome → ledger → acknowledge, and a schedule that puts right what stands still (sweep.ts)
 */
import type { HttpReply } from './adapter.ts'
import { type Command, comeBackSeconds, parseCommand, type SqsRecord, waitedMs } from './aws/queue.ts'
import { obey } from './commands/dispatch.ts'
import {
  errorReply,
  type FunctionUrlEvent,
  type FunctionUrlResult,
  toFunctionUrlResult,
  toHttpRequest,
} from './http/lambda-url.ts'
import { withSequel } from './lifecycle/interruption-rerun.ts'
import { tell } from './lifecycle/notify.ts'
import { type EcsEvent, isOfCluster, outcomeOf, runOfEvent } from './model/outcome.ts'
import { isTerminal } from './model/run.ts'
import type { RunRow } from './model/run-record.ts'
import { traceIdOf, traceOf } from './model/trace.ts'
import { deliver } from './receive/delivery.ts'
import { aboutNote, type Note, noteError } from './receive/delivery-log.ts'
import { runsReply } from './receive/run-api.ts'
import type { Parts } from './services.ts'
import { lookAgainAt, sweep } from './settle/sweep.ts'
import { aboutRun, noteMove } from './telemetry/run-log.ts'
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

export const createBridge = (parts: Parts): Bridge => ({
  receive: (event) => receive(parts, event),
  start: (event) => start(parts, event),
  settle: (event) => settle(parts, event),
})

// ── receive ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function receive(parts: Parts, event: FunctionUrlEvent): Promise<FunctionUrlResult> {
  const began = parts.now()
  const note: Note = {}
  let reply: HttpReply
  try {
    const request = toHttpRequest(event)
    note.bytes = request.body.length
    const trace = traceOf(request.headers)
    if (trace !== undefined) note.trace = traceIdOf(trace)
    reply = /^\/runs(\/|$)/.test(request.path) ? await runsReply(parts, request) : await deliver(parts, request, note)
  } catch (error) {
    noteError(note, error)
    if (note.outcome === 'failed') parts.log.error('a delivery failed', { ...aboutNote(note), error })
    reply = errorReply(error)
  }
  if (note.outcome !== undefined) {
    const { source = '', outcome, bytes = 0, ...rest } = note
    parts.log.delivery({ ...rest, source, outcome, bytes, status: reply.status, ms: parts.now() - began })
  }
  return toFunctionUrlResult(reply)
}

// ── start ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function start(parts: Parts, { Records }: SqsEvent): Promise<SqsResult> {
  parts.log.waits(Records.flatMap((record) => waitedMs(record, parts.now()) ?? []))
  const failures = await Promise.all(
    Records.map(async (record) => {
      const { messageId, body } = record
      const command = parseCommand(body)
      if (command === undefined) {
        parts.log.error('the queue held a message that is not a command; dropped')
        return []
      }
      try {
        const taken = await obey(parts, command)
        if (taken) return []
      } catch (error) {
        parts.log.error(`${command.verb} broke off; the queue will bring it again`, { ...aboutOf(command), error })
      }
      await putOff(parts, record)
      return [{ itemIdentifier: messageId }]
    }),
  )
  return { batchItemFailures: failures.flat() }
}

/** Where that fails it comes back all the same, when its visibility timeout ends. */
async function putOff({ queue, log }: Parts, { receiptHandle, attributes }: SqsRecord): Promise<void> {
  if (receiptHandle === undefined) return
  try {
    await queue.comeBack(receiptHandle, comeBackSeconds(Number(attributes?.ApproximateReceiveCount ?? 1)))
  } catch (error) {
    log.warn('a message could not be put off', { error })
  }
}

const aboutOf = (command: Command) => (command.verb === 'errand' ? { source: command.source } : { run: command.run })

// ── settle ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function settle(parts: Parts, event: EcsEvent): Promise<void> {
  if (event['detail-type'] === 'Scheduled Event') {
    await sweep(parts)
    return
  }
  const run = runOfEvent(event)
  if (run === undefined || event.detail === undefined) return
  const before = await parts.ledger.read(run)
  if (before === undefined) return parts.log.warn('an event came for a run that the ledger does not know', { run })
  if (!isOfCluster(event, before.plan.settings.cluster))
    return parts.log.warn('an event came of a task on another cluster', aboutRun(before))
  const said = outcomeOf(run, event.detail, before.container ?? before.plan.container)
  const outcome = withSequel(parts, before, said)
  const row = await parts.ledger.settle(outcome, lookAgainAt({ ...before, ...outcome }, parts.now()))
  if (row === undefined) return stopStray(parts, before, event)
  // Noted by `start` after `before` was read: the look that is due must not come after it.
  if (before.deadline === undefined && row.deadline !== undefined && !isTerminal(row.status)) {
    await parts.ledger.due(run, lookAgainAt(row, parts.now()))
  }
  if (row.status === before.status) return
  noteMove(parts.log, before, row)
  await tell(parts, row)
}

/** A task of a run that was ended when nobody knew yet that it has one, or a second one, which the run has no use for. */
async function stopStray(parts: Parts, row: RunRow, { detail }: EcsEvent) {
  const { status, taskArn, plan, cancelBy = 'taskhook' } = row
  const isStray = taskArn === undefined ? isTerminal(status) : taskArn !== detail?.taskArn
  if (!isStray || detail?.taskArn === undefined || detail.lastStatus === 'STOPPED') return
  parts.log.warn(`a task came up that a run which is ${status} has no use for; it is stopped`, aboutRun(row))
  const ecs = await parts.ecs(plan.settings)
  await ecs.stop(plan.settings.cluster, detail.taskArn, `${stopReasons.cancel} by ${cancelBy}`)
}
