/** A delivery: verify → translate → plan → ledger → queue → what its sender is told at once. */
import type { Answer, Control, Errand, HttpReply, HttpRequest, Json, Translation, VerifiedRequest } from '../adapter.ts'
import { isTellable, statusOf, TaskhookError } from '../errors.ts'
import { answerReply } from '../http/lambda-url.ts'
import { letIn } from '../lifecycle/check-admission.ts'
import { toolsAtTheDoor, viewOf } from '../lifecycle/notify.ts'
import { openRun } from '../lifecycle/open.ts'
import { controlTokenOf } from '../model/run.ts'
import { traceOf } from '../model/trace.ts'
import { mayCommand, takesCommand } from '../routing/match-routes.ts'
import { admitInTime } from '../routing/plan-runs.ts'
import type { Parts, Source } from '../services.ts'
import { aboutNote, type Note, noteError } from './delivery-log.ts'
import { complete } from './enrich.ts'
import { lastRuns, obeyControl } from './run-action.ts'
import { prove } from './verify.ts'

export async function deliver(parts: Parts, request: HttpRequest, note: Note): Promise<HttpReply> {
  // As it was asked for, until it is known to be one.
  note.source = request.path.replace(/^\/|\/$/g, '').slice(0, 64)
  const source = sourceOf(parts, request)
  const verified = await prove(parts, source, request)
  if (verified.verifiedWith === 'previous') note.secret = 'previous'
  const said = await understand(parts, source, verified, note)
  if (said.kind === 'reply') {
    Object.assign(note, { outcome: 'replied', reason: said.reason })
    return said.reply
  }
  const { answer, answerTo } = said
  noteAnswer(note, answer)
  await interject(parts, source, said, note)
  return source.adapter.reply?.(answer, answerTo) ?? answerReply(answer)
}

function sourceOf(parts: Parts, { path, method }: HttpRequest): Source {
  const source = parts.sources.get(path.replace(/^\/|\/$/g, ''))
  if (source === undefined) throw new TaskhookError('not-found', 'there is nothing at this address')
  if (method !== 'POST') throw new TaskhookError('method-not-allowed', 'deliveries are sent with POST')
  return source
}

interface Said {
  readonly kind: 'said'
  readonly answer: Answer
  /** Of whom it is about; null: nobody who is known. */
  readonly answerTo: Json
}

/** From here on the sender is proven, so whatever goes wrong is an answer in its own words. */
async function understand(
  parts: Parts,
  source: Source,
  verified: VerifiedRequest,
  note: Note,
): Promise<Said | Extract<Translation, { kind: 'reply' }>> {
  let answerTo: Json = null
  let translation: Translation | undefined
  try {
    translation = await source.adapter.translate(verified)
    if (translation.kind === 'reply') return translation
    if (translation.kind === 'control') answerTo = translation.control.answerTo
    if ('trigger' in translation) answerTo = translation.trigger.answerTo
    return { kind: 'said', answer: await act(parts, source, verified, translation, note), answerTo }
  } catch (error) {
    noteError(note, error)
    if (note.outcome === 'failed') parts.log.error('a delivery failed', { ...aboutNote(note), error })
    const answer = refusalOf(error)
    return { kind: 'said', answer: translation?.kind === 'control' ? { ...answer, ofControl: true } : answer, answerTo }
  }
}

async function act(
  parts: Parts,
  source: Source,
  verified: VerifiedRequest,
  translation: Exclude<Translation, { kind: 'reply' }>,
  note: Note,
): Promise<Answer> {
  switch (translation.kind) {
    case 'ignore':
      return { kind: 'ignored', reason: translation.reason }
    case 'control':
      return control(parts, source, verified, translation.control, note)
    case 'errand':
      return sendErrand(parts, source, verified, translation.errand, note)
    default:
      return take(parts, source, verified, translation, note)
  }
}

/** Where the HTTP answer shows nothing to the person: told at once, and not again where that fails. */
async function interject(parts: Parts, source: Source, { answer, answerTo }: Said, note: Note): Promise<void> {
  try {
    await source.adapter.interject?.(answerTo, answer, toolsAtTheDoor(parts, source))
  } catch (error) {
    parts.log.warn('what became of a delivery could not be told at once', { ...aboutNote(note), error })
  }
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
  const title = isTellable(known.code) ? known.message : 'taskhook failed; its log says why'
  const { problems, retryAfter } = known
  return { kind: 'refused', status, title, problems, ...(retryAfter !== undefined && { retryAfter }) }
}

/** A button, or a word about a run that is there. */
async function control(
  parts: Parts,
  source: Source,
  { deliveryKey = parts.unique(), origin, headers }: VerifiedRequest,
  asked: Control,
  note: Note,
): Promise<Answer> {
  const { event, deliveryId, actor, run } = asked
  Object.assign(note, { event, delivery: deliveryId, actor, runs: [run] })
  // Somebody else's word, in a place where several listen.
  if (asked.facts.command !== undefined && !takesCommand(parts.routes, source.config.name, asked.facts))
    return { kind: 'ignored', reason: `no route takes ${asked.facts.command}` }
  if (asked.facts.command !== undefined && !mayCommand(parts.routes, source.config.name, asked))
    throw new TaskhookError('forbidden', 'this is not open to you')
  return obeyControl(
    parts,
    source,
    asked,
    { key: deliveryKey, origin, trace: traceOf(headers) },
    toolsAtTheDoor(parts, source),
  )
}

async function sendErrand(
  parts: Parts,
  source: Source,
  { deliveryKey = parts.unique(), origin }: VerifiedRequest,
  { event, deliveryId, actor, what }: Errand,
  note: Note,
): Promise<Answer> {
  Object.assign(note, { event, delivery: deliveryId, actor })
  await parts.queue.send({ verb: 'errand', source: source.config.name, what, key: deliveryKey, origin })
  return { kind: 'errand' }
}

async function take(
  parts: Parts,
  source: Source,
  { deliveryKey = parts.unique(), origin, headers, body }: VerifiedRequest,
  { kind, trigger: told }: Extract<Translation, { kind: 'run' | 'help' | 'recent' }>,
  note: Note,
): Promise<Answer> {
  const { config, adapter } = source
  Object.assign(note, { event: told.event, delivery: told.deliveryId, actor: told.actor })
  const trigger = await complete(parts, source, told, toolsAtTheDoor(parts, source))
  const from = { source: config.name, trigger, deliveryKey, origin, trace: traceOf(headers) }
  const delivery = { ...from, now: parts.now(), help: kind !== 'run' }
  // What the sender was asked for may be of any length.
  const characters = trigger === told ? body.length : Number.POSITIVE_INFINITY
  const { verdicts, result } = admitInTime(parts.routes, parts.tasks, delivery, characters)
  note.routes = verdicts
  if (kind === 'recent' && result.kind === 'help') return lastRuns(parts, config.name, trigger, result.tasks)
  if (result.kind === 'refused' && result.missing !== undefined) {
    const what = adapter.form?.(trigger, result.missing)
    if (what === undefined) return result
    await parts.queue.send({ verb: 'errand', source: config.name, what, key: deliveryKey, origin })
    return { kind: 'asked', command: trigger.facts.command ?? trigger.event, problems: result.problems }
  }
  if (result.kind !== 'runs') return result
  await letIn(parts, config.name, result.runs)
  // Before they are opened: where that fails half-way, the log says which.
  note.runs = result.runs.map(({ run }) => run)
  const opened = await Promise.all(result.runs.map((run) => openRun(parts, run)))
  const key = await parts.secrets.current([parts.key])
  // A link that also cancels goes to the sender alone, and never where others read along.
  const token = (run: string) => (adapter.answersInPrivate === true ? controlTokenOf(run, key) : undefined)
  return {
    kind: 'accepted',
    runs: opened.map(({ row }) => viewOf(row, key, token(row.run))),
    fresh: opened.some(({ fresh }) => fresh),
  }
}
