/** RunTask in place after place, until one accepts the run. */
import type { FoundContainer } from '../aws/ecs.ts'
import { progressTokenOf } from '../http/run-tokens.ts'
import { type Attempt, withAttempt } from '../model/attempts.ts'
import { clientTokenOf } from '../model/run.ts'
import type { ClaimedRun } from '../model/run-record.ts'
import type { Refusal } from '../model/run-task-errors.ts'
import { progressEnv } from '../routing/container-env.ts'
import { placesOf } from '../routing/places.ts'
import { requestFor } from '../routing/run-task-input.ts'
import type { Services } from '../services.ts'
import type { BegunAttempt } from '../store/ledger.ts'
import { logRunStep } from '../telemetry/run-log.ts'
import { noPlaceText } from '../text/placement.ts'
import { leaseMs } from './lease.ts'
import { refusalStep } from './retry-or-fail.ts'

export type PlaceServices = Pick<Services, 'ledger' | 'ecs' | 'secrets' | 'tokenKeyReference' | 'log' | 'now'>

/** @property row with its attempts so far, under the newest lease */
export type PlaceResult =
  | { readonly kind: 'started'; readonly row: ClaimedRun; readonly attempt: number; readonly taskArn: string }
  | { readonly kind: 'refused'; readonly row: ClaimedRun; readonly attempt: number; readonly refusal: Refusal }
  | { readonly kind: 'lease-lost' }

export async function tryPlaces(
  services: PlaceServices,
  claimed: ClaimedRun,
  { name: container, logs }: FoundContainer,
): Promise<PlaceResult> {
  const { run, plan, refusals = 0 } = claimed
  const ecs = await services.ecs(plan.settings)
  const env = await progressEnvOf(services, claimed)
  const places = placesOf(plan)
  // If this call starts in the middle, the places before were not tried, so waiting may help.
  const startsAtFirstPlace = claimed.attempt % places.length === 0
  let allRefusalsLasting = startsAtFirstPlace
  let row = claimed
  for (let attempt = claimed.attempt; ; attempt++) {
    const place = places[attempt % places.length]
    if (place === undefined) throw new Error('the plan has no place')
    const begun = await beginAttempt(services, row, { attempt, container, logs })
    if (begun === undefined) return { kind: 'lease-lost' }
    const result = await ecs.runTask(requestFor(plan, run, container, place, env), clientTokenOf(run, attempt))
    const outcome = result.kind === 'started' ? 'started' : result.class
    row = {
      ...begun,
      attempts: withAttempt(row.attempts ?? [], { ...place, attempt, round: refusals, at: services.now(), outcome }),
    }
    if (result.kind === 'started') return { kind: 'started', row, attempt, taskArn: result.taskArn }
    if (!mayTryNextPlace(claimed, result)) return { kind: 'refused', row, attempt, refusal: result }
    allRefusalsLasting &&= result.lasting === true
    if ((attempt + 1) % places.length === 0)
      return {
        kind: 'refused',
        row,
        attempt,
        refusal: noPlace(row.attempts ?? [], places.length, result, allRefusalsLasting),
      }
    logRunStep(services.log, row, { ...refusalStep(attempt, result), status: 'starting', kind: 'elsewhere' })
  }
}

/**
 * Recorded before the call, since the task may end before its answer arrives: `settle` judges this container, and after a crash the call
 * must be repeated with this token. A crash before this point means RunTask was not called.
 */
async function beginAttempt(
  { ledger, now }: PlaceServices,
  row: ClaimedRun,
  attempt: Pick<BegunAttempt, 'attempt' | 'container' | 'logs'>,
): Promise<ClaimedRun | undefined> {
  const { run, leaseUntil: lease, attempts = [] } = row
  const leaseUntil = await ledger.beginAttempt({ run, lease, ...attempt, attempts, leaseUntil: now() + leaseMs })
  return leaseUntil === undefined ? undefined : { ...row, leaseUntil }
}

/**
 * If an earlier try may have started a task, only the same token finds it, so no other place may be tried. A place that will never
 * accept the run may refuse it before ECS checks the token.
 */
const mayTryNextPlace = ({ unsure }: ClaimedRun, refusal: Refusal): boolean =>
  refusal.kind === 'elsewhere' && refusal.unsure !== true && !(unsure === true && refusal.lasting === true)

function noPlace(attempts: readonly Attempt[], places: number, last: Refusal, allLasting: boolean): Refusal {
  const { lasting: _, ...refusal } = last
  return { ...refusal, reason: noPlaceText(attempts.slice(-places), last), ...(allLasting && { lasting: true }) }
}

/** With these the container reports its progress. */
async function progressEnvOf({ secrets, tokenKeyReference }: PlaceServices, { run, origin }: ClaimedRun) {
  return progressEnv(origin, run, progressTokenOf(run, await secrets.current([tokenKeyReference])))
}
