/** Whether new runs may be opened now: their tasks must not be paused, and the source must be within its rate limits. */
import { TaskhookError } from '../errors.ts'
import { type Pause, pauseSeconds } from '../model/pause.ts'
import type { NewRun } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import { type BucketRequest, bucketKey, type EmptyBucket } from '../store/rate-limit-store.ts'
import { durationText, rateText } from '../text/quantities.ts'
import { pausedText } from '../text/waiting-reasons.ts'

export type AdmissionServices = Pick<Services, 'sources' | 'ledger' | 'pauses' | 'rates' | 'now'>

type Wanted = Pick<NewRun, 'run' | 'actor' | 'plan'>

/**
 * Duplicates are always admitted and take no token. Whether a run is one is only checked if something could refuse it.
 * @throws {TaskhookError} `paused` or `too-many`, with the answer for the sender
 */
export async function checkAdmission(
  services: AdmissionServices,
  source: string,
  wanted: readonly Wanted[],
): Promise<void> {
  const buckets = bucketsFor(services, source, wanted[0]?.actor ?? '')
  const paused = await pausedOf(services, wanted)
  if (buckets.length === 0 && paused.length === 0) return
  const fresh = await newRunsOf(services, wanted)
  const stop = paused.find(({ run }) => fresh.has(run))
  if (stop !== undefined) throw isPaused(stop.task, stop.pause, services.now())
  const empty = fresh.size === 0 || buckets.length === 0 ? undefined : await services.rates.take(buckets)
  if (empty !== undefined) throw tooMany(empty, empty.key === bucketKey(source))
}

async function pausedOf({ pauses }: AdmissionServices, wanted: readonly Wanted[]) {
  const found = await Promise.all(
    wanted.map(async ({ run, plan: { task } }) => ({ run, task, pause: await pauses.of(task) })),
  )
  return found.flatMap(({ run, task, pause }) => (pause === undefined ? [] : [{ run, task, pause }]))
}

/** IDs of the runs that the ledger does not have. */
async function newRunsOf({ ledger }: AdmissionServices, wanted: readonly Wanted[]): Promise<ReadonlySet<string>> {
  const rows = await Promise.all(wanted.map(({ run }) => ledger.readPublic(run)))
  return new Set(wanted.flatMap(({ run }, at) => (rows[at] === undefined ? [run] : [])))
}

const isPaused = (task: string, pause: Pause, now: number): TaskhookError =>
  new TaskhookError('paused', `${task} is ${pausedText(pause)}`, { retryAfter: pauseSeconds(pause, now) })

function bucketsFor({ sources }: AdmissionServices, source: string, actor: string): BucketRequest[] {
  const { deliveries, perActor } = sources.get(source)?.config.limits ?? {}
  return [
    ...(perActor === undefined ? [] : [{ key: bucketKey(source, actor), rate: perActor }]),
    ...(deliveries === undefined ? [] : [{ key: bucketKey(source), rate: deliveries }]),
  ]
}

function tooMany({ rate, waitMs }: EmptyBucket, ofSource: boolean): TaskhookError {
  const retryAfter = Math.ceil(waitMs / 1000)
  const what = ofSource ? `The limit here is ${rateText(rate)}` : `You have asked for more than ${rateText(rate)}`
  return new TaskhookError('too-many', `${what}; try again in ${durationText(retryAfter)}`, { retryAfter })
}
