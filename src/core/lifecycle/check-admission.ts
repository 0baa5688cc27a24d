/** May new runs be opened now? Not of a task that is paused, and not more than a source's limits say. */

import { TaskhookError } from '../errors.ts'
import { type Pause, pausedText, pauseSeconds } from '../model/pause.ts'
import type { NewRun } from '../model/run-record.ts'
import { rateText } from '../model/token-bucket.ts'
import type { Services } from '../services.ts'
import { type BucketRequest, bucketKey, type EmptyBucket } from '../store/rate-limit-store.ts'
import { durationText } from '../text/run-summary.ts'

type Wanted = Pick<NewRun, 'run' | 'actor' | 'plan'>

/**
 * A duplicate is let in, and takes no token. The look at what is there already is only made where something could stand in the way.
 * @throws {TaskhookError} `paused` or `too-many`, with what the sender is told
 */
export async function checkAdmission(services: Services, source: string, wanted: readonly Wanted[]): Promise<void> {
  const asked = bucketsFor(services, source, wanted[0]?.actor ?? '')
  const paused = await pausedOf(services, wanted)
  if (asked.length === 0 && paused.length === 0) return
  const fresh = await newRunsOf(services, wanted)
  const stop = paused.find(({ run }) => fresh.has(run))
  if (stop !== undefined) throw isPaused(stop.task, stop.pause, services.now())
  const empty = fresh.size === 0 || asked.length === 0 ? undefined : await services.rates.take(asked)
  if (empty !== undefined) throw tooMany(empty, empty.key === bucketKey(source))
}

async function pausedOf({ pauses }: Services, wanted: readonly Wanted[]) {
  const found = await Promise.all(
    wanted.map(async ({ run, plan: { task } }) => ({ run, task, pause: await pauses.of(task) })),
  )
  return found.flatMap(({ run, task, pause }) => (pause === undefined ? [] : [{ run, task, pause }]))
}

/** Those that are not there yet. */
async function newRunsOf({ ledger }: Services, wanted: readonly Wanted[]): Promise<ReadonlySet<string>> {
  const rows = await Promise.all(wanted.map(({ run }) => ledger.readPublic(run)))
  return new Set(wanted.flatMap(({ run }, at) => (rows[at] === undefined ? [run] : [])))
}

const isPaused = (task: string, pause: Pause, now: number): TaskhookError =>
  new TaskhookError('paused', `${task} is ${pausedText(pause)}`, { retryAfter: pauseSeconds(pause, now) })

function bucketsFor({ sources }: Services, source: string, actor: string): BucketRequest[] {
  const { deliveries, perActor } = sources.get(source)?.config.limits ?? {}
  return [
    ...(perActor === undefined ? [] : [{ key: bucketKey(source, actor), rate: perActor }]),
    ...(deliveries === undefined ? [] : [{ key: bucketKey(source), rate: deliveries }]),
  ]
}

function tooMany({ rate, waitMs }: EmptyBucket, ofAll: boolean): TaskhookError {
  const retryAfter = Math.ceil(waitMs / 1000)
  const what = ofAll ? `The limit here is ${rateText(rate)}` : `You have asked for more than ${rateText(rate)}`
  return new TaskhookError('too-many', `${what}; try again in ${durationText(retryAfter)}`, { retryAfter })
}
