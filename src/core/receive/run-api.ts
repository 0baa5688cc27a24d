/**
 * The addresses of runs. `GET /runs/<id>` shows one, `POST /runs/<id>/cancel` and `/rerun` act on it, each for whoever has its token;
 * `POST /runs/<id>/progress` is for its container; `GET /runs?task=…` lists the newest, for whoever signs like a sender.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpReply, HttpRequest } from '../adapter.ts'
import { BadRequest, TaskhookError, Unauthorized } from '../errors.ts'
import { errorReply, json, jsonOf, runBody, textOf } from '../http/lambda-url.ts'
import { kindOf } from '../http/run-tokens.ts'
import { nameOf } from '../lifecycle/cancel.ts'
import { viewOf } from '../lifecycle/notify.ts'
import { repeat } from '../lifecycle/rerun.ts'
import { maxReportBytes, parseReport } from '../model/progress.ts'
import { controlTokenOf, isRunId, isTerminal, progressTokenOf, statusTokenOf } from '../model/run.ts'
import type { PublicRow } from '../model/run-record.ts'
import { type Trace, traceIdOf, traceOf } from '../model/trace.ts'
import type { Parts } from '../services.ts'
import { prove } from './verify.ts'

/** Seconds. Lambda answers a function URL's caller well before `receive` must end. */
const mostWait = 20
const mostListed = 25

export async function runsReply(parts: Parts, request: HttpRequest): Promise<HttpReply> {
  const [, run, verb] = /^\/runs(?:\/([^/]*)(?:\/(cancel|rerun|progress))?)?$/.exec(request.path) ?? []
  if (run === undefined && request.path === '/runs') return list(parts, request)
  if (run === undefined || !isRunId(run)) throw notThere()
  const wanted = verb === undefined ? 'GET' : 'POST'
  if (request.method !== wanted)
    throw new TaskhookError('method-not-allowed', `${verb ?? 'the status'} is asked for with ${wanted}`)
  if (verb === undefined) return show(parts, request, run)
  return verb === 'progress' ? report(parts, request, run) : act(parts, request, run, verb as 'cancel' | 'rerun')
}

const notThere = (): TaskhookError => new TaskhookError('not-found', 'there is nothing at this address')

async function show(parts: Parts, { query }: HttpRequest, run: string): Promise<HttpReply> {
  const token = query.get('token') ?? ''
  const kind = await kindOf(parts, token, {
    status: (key) => statusTokenOf(run, key),
    control: (key) => controlTokenOf(run, key),
  })
  // Before the ledger is read, so whoever guesses ids learns nothing.
  if (kind === undefined) throw new Unauthorized('the status token does not match')
  const wait = secondsOf(query.get('wait'))
  // A link that everybody can read must not hold a function for as long as everybody likes.
  const row = await news(parts, run, kind === 'control' ? wait : 0)
  // Under the current key, so that whoever follows links is not left behind by a rotation.
  const key = await parts.secrets.current([parts.key])
  return json(200, runBody(viewOf(row, key, kind === 'control' ? controlTokenOf(run, key) : undefined)))
}

/** @throws {BadRequest} */
function secondsOf(wait: string | null): number {
  if (wait === null) return 0
  if (!/^\d{1,3}$/.test(wait)) throw new BadRequest(`"wait" is a number of seconds, ${mostWait} at most`)
  return Number(wait)
}

/** The run when it has moved on, or as it stands after `wait` seconds. */
async function news(parts: Parts, run: string, wait: number): Promise<PublicRow> {
  const first = await known(parts, run)
  let row = first
  for (let second = 0; second < Math.min(wait, mostWait); second++) {
    if (row.status !== first.status || isTerminal(row.status)) break
    await sleep(1000)
    row = await known(parts, run)
  }
  return row
}

/** @throws {TaskhookError} `not-found` */
async function known(parts: Parts, run: string): Promise<PublicRow> {
  const row = await parts.ledger.readPublic(run)
  if (row === undefined) throw new TaskhookError('not-found', 'there is no such run (any more)')
  return row
}

async function act(parts: Parts, request: HttpRequest, run: string, verb: 'cancel' | 'rerun'): Promise<HttpReply> {
  const kind = await kindOf(parts, request.query.get('token') ?? '', { control: (key) => controlTokenOf(run, key) })
  if (kind === undefined) throw new Unauthorized('the control token does not match')
  const row = await known(parts, run)
  const by = personOf(request) ?? row.source
  const trace = traceOf(request.headers)
  const note = (status: number): void =>
    parts.log.delivery({
      ...{ source: row.source, outcome: 'controlled', status, bytes: request.body.length, ms: 0 },
      ...{ event: verb, actor: by, runs: [run] },
      ...(trace !== undefined && { trace: traceIdOf(trace) }),
    })
  try {
    const reply = verb === 'cancel' ? await cancel(parts, row, by) : await rerun(parts, request, row, trace)
    note(reply.status)
    return reply
  } catch (error) {
    note(errorReply(error).status)
    throw error
  }
}

async function cancel(parts: Parts, row: PublicRow, by: string): Promise<HttpReply> {
  const { run } = row
  const shown = runBody(viewOf(row, ...(await signersOf(parts, run))))
  if (isTerminal(row.status)) return json(200, shown)
  await parts.queue.send({ verb: 'cancel', run, by })
  return json(202, { ...shown, reason: `is being cancelled by ${by}` })
}

async function rerun(parts: Parts, request: HttpRequest, row: PublicRow, trace: Trace | undefined): Promise<HttpReply> {
  const again = await repeat(parts, row, {
    key: request.headers['idempotency-key'] ?? parts.unique(),
    // Whoever has the token may call himself anything; the job is told who vouches for it.
    actor: row.source,
    origin: request.origin,
    trace,
    answer: { kind: 'as', run: row.answerAs ?? row.run },
  })
  return json(again.fresh ? 202 : 200, runBody(viewOf(again.row, ...(await signersOf(parts, again.row.run)))))
}

/** What signs a run's status link, and the token that may do more. */
async function signersOf({ secrets, key }: Parts, run: string): Promise<[key: string, control: string]> {
  const current = await secrets.current([key])
  return [current, controlTokenOf(run, current)]
}

/** The container tells how far it is. What becomes of it is `start`'s: this function changes no run. */
async function report(parts: Parts, request: HttpRequest, run: string): Promise<HttpReply> {
  const [, token = ''] = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const kind = await kindOf(parts, token, { progress: (key) => progressTokenOf(run, key) })
  if (kind === undefined) throw new Unauthorized('the progress token does not match')
  if (request.body.length > maxReportBytes)
    throw new TaskhookError('too-large', `a report has ${maxReportBytes} bytes at most`)
  const said = parseReport(textOf(request.body))
  if (!parts.reports(run)) throw new TaskhookError('too-many', 'one report a second is enough', { retryAfter: 1 })
  const row = await known(parts, run)
  if (isTerminal(row.status)) throw new TaskhookError('gone', 'the run has ended')
  const { source } = row
  await parts.queue.send({ verb: 'progress', run, report: said, at: parts.now() })
  parts.log.delivery({ source, outcome: 'progress', status: 202, bytes: request.body.length, ms: 0, runs: [run] })
  return json(202, { run })
}

/** `{"by": "ann"}`: whom the reason shall name. Undefined: nobody is named. @throws {BadRequest} */
function personOf({ body }: HttpRequest): string | undefined {
  if (body.length === 0) return undefined
  const value = jsonOf(textOf(body))
  const by = typeof value === 'object' && value !== null ? (value as { readonly by?: unknown }).by : undefined
  if (by !== undefined && typeof by !== 'string') throw new BadRequest('"by" must be text')
  return by === undefined ? undefined : nameOf(by)
}

async function list(parts: Parts, request: HttpRequest): Promise<HttpReply> {
  if (request.method !== 'GET') throw new TaskhookError('method-not-allowed', 'runs are listed with GET')
  const name = request.query.get('source')
  if (name === null) throw new BadRequest('say in "source" as which sender you sign')
  const source = parts.sources.get(name)
  // As little as for a delivery to nowhere.
  if (source === undefined) throw notThere()
  // A signature of nothing but an empty body never changes; and one of a body is a delivery's, which may be read in somebody's log.
  if (source.adapter.signsTime !== true) throw new Unauthorized('this source signs no time, so it cannot ask for lists')
  if (request.body.length > 0) throw new BadRequest('a list is asked for with an empty body')
  await prove(parts, source, request)
  const task = request.query.get('task') ?? ''
  if (!parts.tasks.has(task)) throw new BadRequest(`"task" must be one of ${[...parts.tasks.keys()].join(', ')}`)
  const key = await parts.secrets.current([parts.key])
  const rows = await parts.ledger.recent(task, mostListed)
  const own = rows.filter((row) => row.source === source.config.name)
  return json(200, { runs: own.map((row) => runBody(viewOf(row, key, controlTokenOf(row.run, key)))) })
}
