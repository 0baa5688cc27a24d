/**
 * Everything taskhook does is one of three pipelines, and this file is all three, top to bottom:
 *   receive   HTTP → verify → translate → plan → ledger → queue → answer
 *   start     queue → claim → RunTask → ledger → acknowledge
 *   settle    ECS event → outcome → ledger → acknowledge, and a schedule that puts right what stands still
 */
import type { Answer, Control, HttpReply, HttpRequest, Translation, VerifiedRequest } from './adapter.ts'
import { admit } from './admit.ts'
import { cancelRun } from './cancel.ts'
import { lastRuns, obeyControl } from './control.ts'
import { statusOf, TaskhookError, Unauthorized } from './errors.ts'
import {
  answerReply,
  errorReply,
  type FunctionUrlEvent,
  type FunctionUrlResult,
  toFunctionUrlResult,
  toHttpRequest,
} from './http.ts'
import { launch, leaseMs } from './launch.ts'
import type { RunRow } from './ledger.ts'
import type { DeliveryEntry } from './log.ts'
import { openRun } from './open.ts'
import { type EcsEvent, isOfCluster, outcomeOf, runOfEvent, stopReasons } from './outcome.ts'
import type { Parts, Source } from './parts.ts'
import { prove } from './prove.ts'
import { type Command, parseCommand } from './queue.ts'
import { controlTokenOf, isTerminal } from './run.ts'
import { runsReply } from './runs.ts'
import { release } from './slots.ts'
import { lookAgainAt, sweep } from './sweep.ts'
import { tell, toolsFor, viewOf } from './tell.ts'

export interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[]
}
export interface SqsResult {
  readonly batchItemFailures: { readonly itemIdentifier: string }[]
}

export interface Bridge {
  receive(event: FunctionUrlEvent): Promise<FunctionUrlResult>
  start(event: SqsEvent): Promise<SqsResult>
  settle(event: EcsEvent): Promise<void>
}

export const createBridge = (parts: Parts): Bridge => ({
  receive: (event) => receive(parts, event),
  start: (event) => start(parts, event),
  settle: (event) => settle(parts, event),
})

// ── receive ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

type Note = { -readonly [key in keyof DeliveryEntry]?: DeliveryEntry[key] }

async function receive(parts: Parts, event: FunctionUrlEvent): Promise<FunctionUrlResult> {
  const began = parts.now()
  const note: Note = {}
  let reply: HttpReply
  try {
    const request = toHttpRequest(event)
    note.bytes = request.body.length
    reply = /^\/runs(\/|$)/.test(request.path) ? await runsReply(parts, request) : await deliver(parts, request, note)
  } catch (error) {
    noteError(note, error)
    if (note.outcome === 'failed')
      parts.log.error('a delivery failed', { ...(note.source !== undefined && { source: note.source }), error })
    reply = errorReply(error)
  }
  if (note.outcome !== undefined) {
    const { source = '', outcome, bytes = 0, ...rest } = note
    parts.log.delivery({ ...rest, source, outcome, bytes, status: reply.status, ms: parts.now() - began })
  }
  return toFunctionUrlResult(reply)
}

function noteError(note: Note, error: unknown): void {
  const refused = error instanceof TaskhookError && statusOf[error.code] < 500
  note.outcome = error instanceof Unauthorized ? 'unauthorized' : refused ? 'refused' : 'failed'
  note.reason =
    error instanceof Unauthorized ? error.reason : refused ? error.message : 'see the error before this line'
}

async function deliver(parts: Parts, request: HttpRequest, note: Note): Promise<HttpReply> {
  // As it was asked for, until it is known to be one.
  note.source = request.path.replace(/^\/|\/$/g, '').slice(0, 64)
  const source = sourceOf(parts, request)
  const verified = await prove(parts, source, request)
  const result = await translateAndTake(parts, source, verified, note)
  if (result.kind === 'reply') {
    Object.assign(note, { outcome: 'replied', reason: result.reason })
    return result.reply
  }
  noteAnswer(note, result)
  return source.adapter.reply?.(result) ?? answerReply(result)
}

/** From here on the sender is proven, so whatever goes wrong is an answer in its own words. */
async function translateAndTake(parts: Parts, source: Source, verified: VerifiedRequest, note: Note) {
  try {
    const translation = await source.adapter.translate(verified)
    if (translation.kind === 'reply') return translation
    if (translation.kind === 'ignore') return { kind: 'ignored', reason: translation.reason } as const
    if (translation.kind === 'control') return await takeControl(parts, source, verified, translation.control, note)
    return await take(parts, source, verified, translation, note)
  } catch (error) {
    noteError(note, error)
    if (note.outcome === 'failed') parts.log.error('a delivery failed', { source: source.config.name, error })
    return refusalOf(error)
  }
}

/** A button: done, and told at once, since an HTTP answer to one shows nothing. */
async function takeControl(
  parts: Parts,
  source: Source,
  { deliveryKey = parts.unique(), origin }: VerifiedRequest,
  control: Control,
  note: Note,
): Promise<Answer> {
  const { event, deliveryId, actor, answerTo } = control
  Object.assign(note, { event, delivery: deliveryId, actor, runs: [control.run] })
  const answer = await obeyControl(parts, source.config.name, control, { key: deliveryKey, origin }).catch(
    (error: unknown) => {
      noteError(note, error)
      if (note.outcome === 'failed') parts.log.error('a button failed', { run: control.run, error })
      return { ...refusalOf(error), ofControl: true as const }
    },
  )
  try {
    await source.adapter.interject?.(answerTo, answer, toolsFor(parts, source.config.name))
  } catch (error) {
    parts.log.warn('what became of a button could not be told at once', { run: control.run, error })
  }
  return answer
}

function noteAnswer(note: Note, answer: Answer): void {
  note.outcome ??=
    answer.kind === 'accepted'
      ? answer.fresh
        ? 'accepted'
        : 'duplicate'
      : answer.kind === 'recent'
        ? 'help'
        : answer.kind
  if (answer.kind === 'ignored') note.reason = answer.reason
  if (answer.kind === 'refused') note.reason ??= answer.title
}

function refusalOf(error: unknown): Extract<Answer, { kind: 'refused' }> {
  const known = error instanceof TaskhookError ? error : new TaskhookError('internal', '')
  const status = statusOf[known.code]
  const title = status < 500 ? known.message : 'taskhook failed; its log says why'
  return { kind: 'refused', status, title, problems: known.problems }
}

function sourceOf(parts: Parts, { path, method }: HttpRequest): Source {
  const source = parts.sources.get(path.replace(/^\/|\/$/g, ''))
  if (source === undefined) throw new TaskhookError('not-found', 'there is nothing at this address')
  if (method !== 'POST') throw new TaskhookError('method-not-allowed', 'deliveries are sent with POST')
  return source
}

async function take(
  parts: Parts,
  { config, adapter }: Source,
  { deliveryKey = parts.unique(), origin }: VerifiedRequest,
  { kind, trigger }: Extract<Translation, { kind: 'run' | 'help' | 'recent' }>,
  note: Note,
): Promise<Answer> {
  Object.assign(note, { event: trigger.event, delivery: trigger.deliveryId, actor: trigger.actor })
  const delivery = { source: config.name, trigger, deliveryKey, origin, now: parts.now(), help: kind !== 'run' }
  const { verdicts, result } = admit(parts.routes, parts.tasks, delivery)
  note.routes = verdicts
  if (kind === 'recent' && result.kind === 'help') return lastRuns(parts, config.name, trigger, result.tasks)
  if (result.kind !== 'runs') return result
  const opened = await Promise.all(result.runs.map((run) => openRun(parts, run)))
  note.runs = opened.map(({ row }) => row.run)
  const key = await parts.secrets.current([parts.key])
  // A link that also cancels goes to the sender alone, and never where others read along.
  const token = (run: string) => (adapter.answersInPrivate === true ? controlTokenOf(run, key) : undefined)
  return {
    kind: 'accepted',
    runs: opened.map(({ row }) => viewOf(row, key, token(row.run))),
    fresh: opened.some(({ fresh }) => fresh),
  }
}

// ── start ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function start(parts: Parts, { Records }: SqsEvent): Promise<SqsResult> {
  const failures = await Promise.all(
    Records.map(async ({ messageId, body }) => {
      const command = parseCommand(body)
      if (command === undefined) {
        parts.log.error('the queue held a message that is not a command; dropped')
        return []
      }
      try {
        const taken = await obey(parts, command)
        return taken ? [] : [{ itemIdentifier: messageId }]
      } catch (error) {
        parts.log.error(`a ${command.verb} broke off; the queue will bring it again`, { run: command.run, error })
        return [{ itemIdentifier: messageId }]
      }
    }),
  )
  return { batchItemFailures: failures.flat() }
}

/** @returns false: somebody else is at it, look again later */
async function obey(parts: Parts, command: Command): Promise<boolean> {
  if (command.verb === 'start') return startRun(parts, command.run)
  await cancelRun(parts, command.run, command.by)
  return true
}

/** @returns false: somebody else is at it, look again later */
async function startRun(parts: Parts, run: string): Promise<boolean> {
  const claim = await parts.ledger.claim(run, parts.now(), parts.now() + leaseMs)
  if (claim.kind === 'done' && claim.row !== undefined && isTerminal(claim.row.status))
    await release(parts, claim.row, { remind: false })
  if (claim.kind !== 'claimed') return claim.kind === 'done'
  await launch(parts, claim.row)
  return true
}

// ── settle ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function settle(parts: Parts, event: EcsEvent): Promise<void> {
  if (event['detail-type'] === 'Scheduled Event') {
    await sweep(parts)
    return
  }
  const run = runOfEvent(event)
  if (run === undefined || event.detail === undefined) return
  const before = await parts.ledger.read(run)
  if (before === undefined) return parts.log.warn('an event came for a run that the ledger does not know', { run })
  if (!isOfCluster(event, before.plan.settings.cluster))
    return parts.log.warn('an event came of a task on another cluster', { run })
  const outcome = outcomeOf(run, event.detail, before.container ?? before.plan.container)
  const row = await parts.ledger.settle(outcome, lookAgainAt({ ...before, ...outcome }, parts.now()))
  if (row === undefined) return stopStray(parts, before, event)
  // Noted by `start` after `before` was read: the look that is due must not come after it.
  if (before.deadline === undefined && row.deadline !== undefined && !isTerminal(row.status)) {
    await parts.ledger.due(run, lookAgainAt(row, parts.now()))
  }
  if (row.status === before.status) return
  const { status, exitCode, reason, taskArn } = row
  parts.log.run({
    run,
    task: row.plan.task,
    status,
    ...(taskArn !== undefined && { taskArn }),
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
  })
  await tell(parts, row)
}

/** A task of a run that was cancelled when nobody knew yet that it has one. */
async function stopStray(
  parts: Parts,
  { status, run, taskArn, plan, cancelBy = 'somebody' }: RunRow,
  { detail }: EcsEvent,
) {
  if (status !== 'cancelled' || taskArn !== undefined || detail?.taskArn === undefined) return
  if (detail.lastStatus === 'STOPPED') return
  parts.log.warn('a task came up of a run that was cancelled; it is stopped', { run })
  await (await parts.ecs(plan.settings)).stop(
    plan.settings.cluster,
    detail.taskArn,
    `${stopReasons.cancel} by ${cancelBy}`,
  )
}
