/** A delivery: verify → translate → plan → ledger → queue → what its sender is told at once. */
import type {
  Answer,
  Deferred,
  HttpReply,
  HttpRequest,
  Json,
  RunAction,
  Translation,
  VerifiedRequest,
} from '../adapter.ts'
import { TaskhookError, toPublicError } from '../errors.ts'
import { answerReply } from '../http/answer-json.ts'
import { controlTokenOf } from '../http/run-tokens.ts'
import { checkAdmission } from '../lifecycle/check-admission.ts'
import { openRun } from '../lifecycle/open.ts'
import { performRunAction } from '../lifecycle/run-action.ts'
import { runView } from '../lifecycle/run-view.ts'
import { receiveTools } from '../lifecycle/sender-tools.ts'
import { traceOf } from '../model/trace.ts'
import { hasCommandRoute, mayUseCommand } from '../routing/match-routes.ts'
import { planRunsInTime } from '../routing/plan-in-time.ts'
import type { Services, Source } from '../services.ts'
import { type DeliveryLog, deliveryContext, logError, outcomeOf } from './delivery-log.ts'
import { enrich } from './enrich.ts'
import { recentRuns } from './recent-runs.ts'
import { verifyDelivery } from './verify.ts'

export async function handleDelivery(services: Services, request: HttpRequest, note: DeliveryLog): Promise<HttpReply> {
  // As it was asked for, until it is known to be one.
  note.source = request.path.replace(/^\/|\/$/g, '').slice(0, 64)
  const source = sourceOf(services, request)
  const verified = await verifyDelivery(services, source, request)
  if (verified.verifiedWith === 'previous') note.secret = 'previous'
  const said = await answerDelivery(services, source, verified, note)
  if (said.kind === 'reply') {
    Object.assign(note, { outcome: 'replied', reason: said.reason })
    return said.reply
  }
  const { answer, replyAddress } = said
  logAnswer(note, answer)
  await interject(services, source, said, note)
  return source.adapter.httpReply?.(answer, replyAddress) ?? answerReply(answer)
}

function sourceOf(services: Services, { path, method }: HttpRequest): Source {
  const source = services.sources.get(path.replace(/^\/|\/$/g, ''))
  if (source === undefined) throw new TaskhookError('not-found', 'there is nothing at this address')
  if (method !== 'POST') throw new TaskhookError('method-not-allowed', 'deliveries are sent with POST')
  return source
}

interface Said {
  readonly kind: 'said'
  readonly answer: Answer
  /** Of whom it is about; null: nobody who is known. */
  readonly replyAddress: Json
}

/** From here on the sender is proven, so whatever goes wrong is an answer in its own words. */
async function answerDelivery(
  services: Services,
  source: Source,
  verified: VerifiedRequest,
  note: DeliveryLog,
): Promise<Said | Extract<Translation, { kind: 'reply' }>> {
  let replyAddress: Json = null
  let translation: Translation | undefined
  try {
    translation = await source.adapter.translate(verified)
    if (translation.kind === 'reply') return translation
    if (translation.kind === 'action') replyAddress = translation.action.replyAddress
    if ('trigger' in translation) replyAddress = translation.trigger.replyAddress
    return { kind: 'said', answer: await act(services, source, verified, translation, note), replyAddress }
  } catch (error) {
    logError(note, error)
    if (note.outcome === 'failed') services.log.error('a delivery failed', { ...deliveryContext(note), error })
    const answer = refusalOf(error)
    return {
      kind: 'said',
      answer: translation?.kind === 'action' ? { ...answer, onExistingRun: true } : answer,
      replyAddress,
    }
  }
}

async function act(
  services: Services,
  source: Source,
  verified: VerifiedRequest,
  translation: Exclude<Translation, { kind: 'reply' }>,
  note: DeliveryLog,
): Promise<Answer> {
  switch (translation.kind) {
    case 'ignore':
      return { kind: 'ignored', reason: translation.reason }
    case 'action':
      return control(services, source, verified, translation.action, note)
    case 'deferred':
      return sendErrand(services, source, verified, translation.deferred, note)
    default:
      return acceptRuns(services, source, verified, translation, note)
  }
}

/** Where the HTTP answer shows nothing to the person: told at once, and not again where that fails. */
async function interject(
  services: Services,
  source: Source,
  { answer, replyAddress }: Said,
  note: DeliveryLog,
): Promise<void> {
  try {
    await source.adapter.respond?.(replyAddress, answer, receiveTools(services, source))
  } catch (error) {
    services.log.warn('what became of a delivery could not be told at once', { ...deliveryContext(note), error })
  }
}

function logAnswer(note: DeliveryLog, answer: Answer): void {
  note.outcome ??= outcomeOf(answer)
  if (answer.kind === 'ignored') note.reason = answer.reason
  if (answer.kind === 'refused') note.reason ??= answer.title
}

function refusalOf(error: unknown): Extract<Answer, { kind: 'refused' }> {
  const { status, text, problems, retryAfter } = toPublicError(error)
  return { kind: 'refused', status, title: text, problems, ...(retryAfter !== undefined && { retryAfter }) }
}

/** A button, or a word about a run that is there. */
async function control(
  services: Services,
  source: Source,
  { deliveryKey = services.unique(), origin, headers }: VerifiedRequest,
  asked: RunAction,
  note: DeliveryLog,
): Promise<Answer> {
  const { event, deliveryId, actor, run } = asked
  Object.assign(note, { event, delivery: deliveryId, actor, runs: [run] })
  // Somebody else's word, in a place where several listen.
  if (asked.facts.command !== undefined && !hasCommandRoute(services.routes, source.config.name, asked.facts))
    return { kind: 'ignored', reason: `no route takes ${asked.facts.command}` }
  if (asked.facts.command !== undefined && !mayUseCommand(services.routes, source.config.name, asked))
    throw new TaskhookError('forbidden', 'this is not open to you')
  return performRunAction(
    services,
    source,
    asked,
    { key: deliveryKey, origin, trace: traceOf(headers) },
    receiveTools(services, source),
  )
}

async function sendErrand(
  services: Services,
  source: Source,
  { deliveryKey = services.unique(), origin }: VerifiedRequest,
  { event, deliveryId, actor, work }: Deferred,
  note: DeliveryLog,
): Promise<Answer> {
  Object.assign(note, { event, delivery: deliveryId, actor })
  await services.queue.send({ kind: 'deferred', source: source.config.name, work, key: deliveryKey, origin })
  return { kind: 'deferred' }
}

async function acceptRuns(
  services: Services,
  source: Source,
  { deliveryKey = services.unique(), origin, headers, body }: VerifiedRequest,
  { kind, trigger: told }: Extract<Translation, { kind: 'run' | 'help' | 'recent' }>,
  note: DeliveryLog,
): Promise<Answer> {
  const { config, adapter } = source
  Object.assign(note, { event: told.event, delivery: told.deliveryId, actor: told.actor })
  const trigger = await enrich(services, source, told, receiveTools(services, source))
  const from = { source: config.name, trigger, deliveryKey, origin, trace: traceOf(headers) }
  const delivery = { ...from, now: services.now(), help: kind !== 'run' }
  // What the sender was asked for may be of any length.
  const characters = trigger === told ? body.length : Number.POSITIVE_INFINITY
  const { verdicts, result } = planRunsInTime(services.routes, services.tasks, delivery, characters)
  note.routes = verdicts
  if (kind === 'recent' && result.kind === 'help') return recentRuns(services, config.name, trigger, result.tasks)
  if (result.kind === 'refused' && result.missing !== undefined) {
    const work = adapter.askForParams?.(trigger, result.missing)
    if (work === undefined) return result
    await services.queue.send({ kind: 'deferred', source: config.name, work, key: deliveryKey, origin })
    return { kind: 'params-requested', command: trigger.facts.command ?? trigger.event, problems: result.problems }
  }
  if (result.kind !== 'runs') return result
  await checkAdmission(services, config.name, result.runs)
  // Before they are opened: where that fails half-way, the log says which.
  note.runs = result.runs.map(({ run }) => run)
  const opened = await Promise.all(result.runs.map((run) => openRun(services, run)))
  const key = await services.secrets.current([services.key])
  // A link that also cancels goes to the sender alone, and never where others read along.
  const token = (run: string) => (adapter.repliesPrivately === true ? controlTokenOf(run, key) : undefined)
  return {
    kind: 'accepted',
    runs: opened.map(({ row }) => runView(row, key, token(row.run))),
    fresh: opened.some(({ fresh }) => fresh),
  }
}
