/** `POST /runs/<id>/cancel` and `/rerun`, for the holder of the run's control token. */
import { BadRequest, Unauthorized } from '../errors.ts'
import { bodyText, parseJson } from '../http/body.ts'
import { json } from '../http/json-reply.ts'
import { tokenKindOf } from '../http/run-tokens.ts'
import { type RerunServices, rerun } from '../lifecycle/rerun.ts'
import type { HttpReply, HttpRequest } from '../model/http-request.ts'
import { isTerminal } from '../model/run.ts'
import type { PublicRecord } from '../model/run-record.ts'
import { traceOf } from '../model/trace.ts'
import type { Services } from '../services.ts'
import { plainName } from '../text/plain-name.ts'
import { type Handled, handledError } from './handled.ts'
import { readRun, shownRun } from './read-run.ts'

export type ActServices = RerunServices & Pick<Services, 'secrets' | 'tokenKeyReference' | 'unique'>

export async function actOnRun(
  services: ActServices,
  request: HttpRequest,
  run: string,
  verb: 'cancel' | 'rerun',
): Promise<Handled> {
  const kind = await tokenKindOf(services, run, request.query.get('token') ?? '', ['control'])
  if (kind === undefined) throw new Unauthorized('the control token does not match')
  const row = await readRun(services, run)
  const by = personOf(request) ?? row.source
  const log = { source: row.source, event: verb, actor: by, runs: [run] }
  try {
    const reply = verb === 'cancel' ? await queueCancel(services, row, by) : await rerunRun(services, request, row)
    return { reply, log: { ...log, outcome: 'controlled' } }
  } catch (error) {
    return handledError(error, log)
  }
}

async function queueCancel(
  services: Pick<Services, 'queue' | 'secrets' | 'tokenKeyReference'>,
  row: PublicRecord,
  by: string,
): Promise<HttpReply> {
  const shown = await shownRun(services, row, true)
  if (isTerminal(row.status)) return json(200, shown)
  await services.queue.send({ kind: 'cancel', run: row.run, by })
  return json(202, { ...shown, reason: `is being cancelled by ${by}` })
}

async function rerunRun(services: ActServices, request: HttpRequest, row: PublicRecord): Promise<HttpReply> {
  const { fresh, row: newRow } = await rerun(services, row, {
    requestKey: request.headers['idempotency-key'] ?? services.unique(),
    // The caller can give any name as `by`, so the container gets the source, which holds the token.
    actor: row.source,
    origin: request.origin,
    trace: traceOf(request.headers),
    answer: { kind: 'as', run: row.replyAddressFrom ?? row.run },
  })
  return json(fresh ? 202 : 200, await shownRun(services, newRow, true))
}

/** `{"by": "ann"}`: the name for the run's reason. Undefined: none is given. @throws {BadRequest} */
function personOf({ body }: HttpRequest): string | undefined {
  if (body.length === 0) return undefined
  const value = parseJson(bodyText(body))
  const by = value instanceof Object && 'by' in value ? value.by : undefined
  if (by !== undefined && typeof by !== 'string') throw new BadRequest('"by" must be text')
  return by === undefined ? undefined : plainName(by)
}
