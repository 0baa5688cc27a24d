/**
 * The addresses of runs. `GET /runs/<id>` shows one, `POST /runs/<id>/cancel` and `/rerun` act on it, each for whoever has its token;
 * `POST /runs/<id>/progress` is for its container; `GET /runs?task=…` lists the newest, for whoever signs like a sender.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpReply, HttpRequest } from '../adapter.ts'
import { BadRequest, TaskhookError, Unauthorized } from '../errors.ts'
import { runJson } from '../http/answer-json.ts'
import { bodyText, parseJson } from '../http/body.ts'
import { errorReply, json } from '../http/json-reply.ts'
import { controlTokenOf, progressTokenOf, statusTokenOf, tokenKindOf } from '../http/run-tokens.ts'
import { rerun } from '../lifecycle/rerun.ts'
import { runView } from '../lifecycle/run-view.ts'
import { isRunId, isTerminal } from '../model/run.ts'
import type { PublicRecord } from '../model/run-record.ts'
import { type Trace, traceIdOf, traceOf } from '../model/trace.ts'
import type { Services } from '../services.ts'
import { plainName } from '../text/plain-name.ts'
import { maxReportBytes, parseReport } from './progress-report.ts'
import { verifyDelivery } from './verify.ts'

/** Seconds. Lambda answers a function URL's caller well before `receive` must end. */
const mostWait = 20
const mostListed = 25

export async function handleRunRequest(services: Services, request: HttpRequest): Promise<HttpReply> {
  const [, run, verb] = /^\/runs(?:\/([^/]*)(?:\/(cancel|rerun|progress))?)?$/.exec(request.path) ?? []
  if (run === undefined && request.path === '/runs') return list(services, request)
  if (run === undefined || !isRunId(run)) throw notThere()
  const wanted = verb === undefined ? 'GET' : 'POST'
  if (request.method !== wanted)
    throw new TaskhookError('method-not-allowed', `${verb ?? 'the status'} is asked for with ${wanted}`)
  if (verb === undefined) return show(services, request, run)
  return verb === 'progress' ? report(services, request, run) : act(services, request, run, verb as 'cancel' | 'rerun')
}

const notThere = (): TaskhookError => new TaskhookError('not-found', 'there is nothing at this address')

async function show(services: Services, { query }: HttpRequest, run: string): Promise<HttpReply> {
  const token = query.get('token') ?? ''
  const kind = await tokenKindOf(services, token, {
    status: (key) => statusTokenOf(run, key),
    control: (key) => controlTokenOf(run, key),
  })
  // Before the ledger is read, so whoever guesses ids learns nothing.
  if (kind === undefined) throw new Unauthorized('the status token does not match')
  const wait = secondsOf(query.get('wait'))
  // A link that everybody can read must not hold a function for as long as everybody likes.
  const row = await waitForChange(services, run, kind === 'control' ? wait : 0)
  // Under the current key, so that whoever follows links is not left behind by a rotation.
  const key = await services.secrets.current([services.key])
  return json(200, runJson(runView(row, key, kind === 'control' ? controlTokenOf(run, key) : undefined)))
}

/** @throws {BadRequest} */
function secondsOf(wait: string | null): number {
  if (wait === null) return 0
  if (!/^\d{1,3}$/.test(wait)) throw new BadRequest(`"wait" is a number of seconds, ${mostWait} at most`)
  return Number(wait)
}

/** The run when it has moved on, or as it stands after `wait` seconds. */
async function waitForChange(services: Services, run: string, wait: number): Promise<PublicRecord> {
  const first = await readRun(services, run)
  let row = first
  for (let second = 0; second < Math.min(wait, mostWait); second++) {
    if (row.status !== first.status || isTerminal(row.status)) break
    await sleep(1000)
    row = await readRun(services, run)
  }
  return row
}

/** @throws {TaskhookError} `not-found` */
async function readRun(services: Services, run: string): Promise<PublicRecord> {
  const row = await services.ledger.readPublic(run)
  if (row === undefined) throw new TaskhookError('not-found', 'there is no such run (any more)')
  return row
}

async function act(
  services: Services,
  request: HttpRequest,
  run: string,
  verb: 'cancel' | 'rerun',
): Promise<HttpReply> {
  const kind = await tokenKindOf(services, request.query.get('token') ?? '', {
    control: (key) => controlTokenOf(run, key),
  })
  if (kind === undefined) throw new Unauthorized('the control token does not match')
  const row = await readRun(services, run)
  const by = personOf(request) ?? row.source
  const trace = traceOf(request.headers)
  const note = (status: number): void =>
    services.log.delivery({
      ...{ source: row.source, outcome: 'controlled', status, bytes: request.body.length, ms: 0 },
      ...{ event: verb, actor: by, runs: [run] },
      ...(trace !== undefined && { trace: traceIdOf(trace) }),
    })
  try {
    const reply =
      verb === 'cancel' ? await cancelRunOnRequest(services, row, by) : await rerunRun(services, request, row, trace)
    note(reply.status)
    return reply
  } catch (error) {
    note(errorReply(error).status)
    throw error
  }
}

async function cancelRunOnRequest(services: Services, row: PublicRecord, by: string): Promise<HttpReply> {
  const { run } = row
  const shown = runJson(runView(row, ...(await signersOf(services, run))))
  if (isTerminal(row.status)) return json(200, shown)
  await services.queue.send({ kind: 'cancel', run, by })
  return json(202, { ...shown, reason: `is being cancelled by ${by}` })
}

async function rerunRun(
  services: Services,
  request: HttpRequest,
  row: PublicRecord,
  trace: Trace | undefined,
): Promise<HttpReply> {
  const again = await rerun(services, row, {
    key: request.headers['idempotency-key'] ?? services.unique(),
    // Whoever has the token may call himself anything; the job is told who vouches for it.
    actor: row.source,
    origin: request.origin,
    trace,
    answer: { kind: 'as', run: row.replyAddressFrom ?? row.run },
  })
  return json(again.fresh ? 202 : 200, runJson(runView(again.row, ...(await signersOf(services, again.row.run)))))
}

/** What signs a run's status link, and the token that may do more. */
async function signersOf({ secrets, key }: Services, run: string): Promise<[key: string, control: string]> {
  const current = await secrets.current([key])
  return [current, controlTokenOf(run, current)]
}

/** The container tells how far it is. What becomes of it is `start`'s: this function changes no run. */
async function report(services: Services, request: HttpRequest, run: string): Promise<HttpReply> {
  const [, token = ''] = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const kind = await tokenKindOf(services, token, { progress: (key) => progressTokenOf(run, key) })
  if (kind === undefined) throw new Unauthorized('the progress token does not match')
  if (request.body.length > maxReportBytes)
    throw new TaskhookError('too-large', `a report has ${maxReportBytes} bytes at most`)
  const said = parseReport(bodyText(request.body))
  if (!services.onceASecond(run))
    throw new TaskhookError('too-many', 'one report a second is enough', { retryAfter: 1 })
  const row = await readRun(services, run)
  if (isTerminal(row.status)) throw new TaskhookError('gone', 'the run has ended')
  const { source } = row
  await services.queue.send({ kind: 'progress', run, report: said, at: services.now() })
  services.log.delivery({ source, outcome: 'progress', status: 202, bytes: request.body.length, ms: 0, runs: [run] })
  return json(202, { run })
}

/** `{"by": "ann"}`: whom the reason shall name. Undefined: nobody is named. @throws {BadRequest} */
function personOf({ body }: HttpRequest): string | undefined {
  if (body.length === 0) return undefined
  const value = parseJson(bodyText(body))
  const by = typeof value === 'object' && value !== null ? (value as { readonly by?: unknown }).by : undefined
  if (by !== undefined && typeof by !== 'string') throw new BadRequest('"by" must be text')
  return by === undefined ? undefined : plainName(by)
}

async function list(services: Services, request: HttpRequest): Promise<HttpReply> {
  if (request.method !== 'GET') throw new TaskhookError('method-not-allowed', 'runs are listed with GET')
  const name = request.query.get('source')
  if (name === null) throw new BadRequest('say in "source" as which sender you sign')
  const source = services.sources.get(name)
  // As little as for a delivery to nowhere.
  if (source === undefined) throw notThere()
  // A signature of nothing but an empty body never changes; and one of a body is a delivery's, which may be read in somebody's log.
  if (source.adapter.signsTimestamp !== true)
    throw new Unauthorized('this source signs no time, so it cannot ask for lists')
  if (request.body.length > 0) throw new BadRequest('a list is asked for with an empty body')
  await verifyDelivery(services, source, request)
  const task = request.query.get('task') ?? ''
  if (!services.tasks.has(task)) throw new BadRequest(`"task" must be one of ${[...services.tasks.keys()].join(', ')}`)
  const key = await services.secrets.current([services.key])
  const rows = await services.ledger.recent(task, mostListed)
  const own = rows.filter((row) => row.source === source.config.name)
  return json(200, { runs: own.map((row) => runJson(runView(row, key, controlTokenOf(row.run, key)))) })
}
