/** `GET /runs/<id>?token=…&wait=…`: a run's current state. */
import { setTimeout as sleep } from 'node:timers/promises'
import { BadRequest, Unauthorized } from '../errors.ts'
import { json } from '../http/json-reply.ts'
import { tokenKindOf } from '../http/run-tokens.ts'
import type { HttpRequest } from '../model/http-request.ts'
import { isTerminal } from '../model/run.ts'
import type { PublicRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import type { Handled } from './handled.ts'
import { readRun, shownRun } from './read-run.ts'

/** Seconds. Lambda must reply to a function URL well before its own timeout. */
const maxWaitSeconds = 20

export async function showRun(
  services: Pick<Services, 'ledger' | 'secrets' | 'tokenKeyReference'>,
  { query }: HttpRequest,
  run: string,
): Promise<Handled> {
  // The token is checked before the ledger is read, so guessing ids reveals nothing.
  const kind = await tokenKindOf(services, run, query.get('token') ?? '', ['status', 'control'])
  if (kind === undefined) throw new Unauthorized('the status token does not match')
  const wait = secondsOf(query.get('wait'))
  // A status link may be public, and a public link must not keep a function busy.
  const row = await waitForChange(services, run, kind === 'control' ? wait : 0)
  return { reply: json(200, await shownRun(services, row, kind === 'control')) }
}

/** @throws {BadRequest} */
function secondsOf(wait: string | null): number {
  if (wait === null) return 0
  if (!/^\d{1,3}$/.test(wait)) throw new BadRequest(`"wait" must be a number of seconds, at most ${maxWaitSeconds}`)
  return Math.min(Number(wait), maxWaitSeconds)
}

/** The run as soon as its status changes, or as it is after that many seconds. */
async function waitForChange(services: Pick<Services, 'ledger'>, run: string, seconds: number): Promise<PublicRecord> {
  const first = await readRun(services, run)
  let row = first
  for (let second = 0; second < seconds && row.status === first.status && !isTerminal(row.status); second++) {
    await sleep(1000)
    row = await readRun(services, run)
  }
  return row
}
