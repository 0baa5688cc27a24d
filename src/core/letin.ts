/** May new runs be opened now? Rate limits and, for a run that is there already, the answer that it has. */
import { durationText } from './describe.ts'
import { TaskhookError } from './errors.ts'
import type { Parts } from './parts.ts'
import { rateText } from './rate.ts'
import { type Asked, bucketOf, type Empty } from './rates.ts'
import type { NewRun } from './row.ts'

type Wanted = Pick<NewRun, 'run' | 'actor' | 'plan'>

/**
 * A duplicate is let in, and takes no token.
 * @throws {TaskhookError} `too-many`, with what the sender is told
 */
export async function letIn(parts: Parts, source: string, wanted: readonly Wanted[]): Promise<void> {
  const asked = bucketsFor(parts, source, wanted[0]?.actor ?? '')
  if (asked.length === 0) return
  const known = await Promise.all(wanted.map(({ run }) => parts.ledger.readPublic(run)))
  if (known.every((row) => row !== undefined)) return
  const empty = await parts.rates.take(asked)
  if (empty !== undefined) throw tooMany(empty, empty.key === bucketOf(source))
}

function bucketsFor({ sources }: Parts, source: string, actor: string): Asked[] {
  const { deliveries, perActor } = sources.get(source)?.config.limits ?? {}
  return [
    ...(perActor === undefined ? [] : [{ key: bucketOf(source, actor), rate: perActor }]),
    ...(deliveries === undefined ? [] : [{ key: bucketOf(source), rate: deliveries }]),
  ]
}

function tooMany({ rate, waitMs }: Empty, ofAll: boolean): TaskhookError {
  const retryAfter = Math.ceil(waitMs / 1000)
  const what = ofAll ? `The limit here is ${rateText(rate)}` : `You have asked for more than ${rateText(rate)}`
  return new TaskhookError('too-many', `${what}; try again in ${durationText(retryAfter)}`, { retryAfter })
}
