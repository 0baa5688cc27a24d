/** A claimed run → a task: the gates, then place after place, then a retry or the end. */
import type { FoundContainer } from '../aws/ecs.ts'
import { stopTask } from '../lifecycle/cancel.ts'
import { notify } from '../lifecycle/notify.ts'
import type { ClaimedRun } from '../model/run-record.ts'
import type { Refusal } from '../model/run-task-errors.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'
import { logRunStep, runContext } from '../telemetry/run-log.ts'
import { type ApplyServices, applyDecision } from './apply-decision.ts'
import { approvalGate } from './approval-gate.ts'
import { cancelGate } from './cancel-gate.ts'
import { concurrencyGate } from './concurrency-gate.ts'
import { deadlineGate } from './deadline-gate.ts'
import type { Gate } from './decision.ts'
import { pauseGate } from './pause-gate.ts'
import { retryOrFail } from './retry-or-fail.ts'
import { type PlaceResult, type PlaceServices, tryPlaces } from './try-places.ts'

export type LaunchServices = ApplyServices & PlaceServices & Pick<Services, 'pauses'>

/** The slot comes last, so that a run that waits for something else does not hold one. */
const gates: readonly Gate<LaunchServices>[] = [cancelGate, approvalGate, deadlineGate, pauseGate, concurrencyGate]

export async function launch(services: LaunchServices, row: ClaimedRun): Promise<void> {
  for (const gate of gates) {
    const decision = await gate(services, row)
    if (decision.kind !== 'proceed') return applyDecision(services, row, decision)
  }
  const container = await findContainer(services, row)
  const result: PlaceResult =
    container.kind === 'found'
      ? await tryPlaces(services, row, container)
      : { kind: 'refused', row, attempt: row.attempt, refusal: container }
  switch (result.kind) {
    case 'started':
      return recordLaunch(services, result)
    case 'refused':
      return handleRefusal(services, result)
    case 'lease-lost':
      return
  }
}

/** The one that the config names, or the only one of the task definition. */
async function findContainer(services: LaunchServices, row: ClaimedRun): Promise<FoundContainer | Refusal> {
  const { settings, container } = row.plan
  const ecs = await services.ecs(settings)
  const found = await ecs.findContainer(settings.taskDefinition, container)
  if (container === undefined || found.kind === 'found') return found
  // Only the link to its log is missing, so the run can start.
  services.log.warn(`cannot link to the container's log: ${found.detail}`, runContext(row))
  return { kind: 'found', name: container }
}

async function recordLaunch(
  services: LaunchServices,
  { row, attempt, taskArn }: Extract<PlaceResult, { kind: 'started' }>,
): Promise<void> {
  const { ledger, log, now } = services
  const { run, plan, attempts = [] } = row
  const deadline = plan.timeout === undefined ? undefined : now() + plan.timeout * 1000
  const dueAt = Math.min(deadline ?? Number.POSITIVE_INFINITY, now() + reviewAfterMs.running)
  const launched = await ledger.recordLaunch({ run, taskArn, dueAt, deadline, launchedAt: now(), attempts })
  logRunStep(log, row, { status: 'starting', taskArn, attempt, kind: 'started' })
  // The cancellation came while the run was being started.
  if (launched?.cancelBy !== undefined) await stopTask(services, launched, launched.cancelBy)
  await notify(services, { ...row, taskArn })
}

async function handleRefusal(
  services: LaunchServices,
  { row, attempt, refusal }: Extract<PlaceResult, { kind: 'refused' }>,
): Promise<void> {
  if (refusal.class === 'unknown')
    services.log.error(
      `ECS refused a start with a message that taskhook does not know: ${refusal.detail}`,
      runContext(row),
    )
  await applyDecision(services, row, retryOrFail(row, attempt, refusal, services.now()))
}
