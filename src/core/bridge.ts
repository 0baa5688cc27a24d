/**
 * The three pipelines, each from top to bottom:
 *   receive   HTTP → verify → translate → plan the runs → ledger → queue → answer     (receive/handle-request.ts)
 *   start     queue → claim → gates → RunTask → ledger → notify                       (commands/, launch/)
 *   settle    ECS event → outcome → ledger → conclude → notify; a schedule → sweep    (settle/)
 */
import { handleMessage } from './commands/handle-message.ts'
import type { FunctionUrlEvent, FunctionUrlResult } from './http/lambda-url.ts'
import { concludeAndNotify } from './lifecycle/conclude.ts'
import { notify } from './lifecycle/notify.ts'
import type { EcsEvent } from './model/ecs-task.ts'
import { queueAgeMs, type SqsRecord } from './model/queue-messages.ts'
import { hasEnded } from './model/run-record.ts'
import { handleRequest } from './receive/handle-request.ts'
import type { Services } from './services.ts'
import { stopIfStray } from './settle/stray-task.ts'
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

/** `createBridge` in compose.ts makes the services and calls this. */
export const createPipelines = (services: Services): Bridge => ({
  receive: (event) => handleRequest(services, event),
  start: (event) => start(services, event),
  settle: (event) => settle(services, event),
})

// ── start ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function start(services: Services, { Records }: SqsEvent): Promise<SqsResult> {
  services.log.queueAges(Records.flatMap((record) => queueAgeMs(record, services.now()) ?? []))
  const failures = await Promise.all(Records.map((record) => handleMessage(services, record)))
  return { batchItemFailures: failures.flat() }
}

// ── settle ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function settle(services: Services, event: EcsEvent): Promise<void> {
  if (event['detail-type'] === 'Scheduled Event') return sweep(services)
  const found = await findRun(services, event)
  if (found === undefined) return
  const row = await recordTaskEvent(services, found)
  // The event is old, the run has ended, or the task is not the run's own. `stopIfStray` tells these cases apart.
  if (row === undefined) return stopIfStray(services, found.row, found.task)
  // The event repeats the status (ECS has more states than taskhook), so there is nothing to conclude or to notify.
  if (row.status === found.row.status) return
  if (hasEnded(row)) await concludeAndNotify(services, row)
  else await notify(services, row)
}
