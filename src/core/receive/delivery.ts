/** A delivery: find its source, verify, translate, act on what it means, answer. */
import { TaskhookError } from '../errors.ts'
import { answerReply } from '../http/answer-json.ts'
import { sealSecret } from '../http/sealed-secret.ts'
import type { RunActionServices } from '../lifecycle/run-action.ts'
import type { SenderServices } from '../lifecycle/sender-tools.ts'
import type { HttpRequest } from '../model/http-request.ts'
import type { Json } from '../model/json.ts'
import { traceIdOf } from '../model/trace.ts'
import type { HandshakeAnswer, Translation } from '../model/translation.ts'
import type { Services, Source } from '../services.ts'
import { acceptBatch } from './accept-batch.ts'
import { type AcceptServices, acceptRuns } from './accept-runs.ts'
import { noSuchAddress, sourceNameOf } from './address.ts'
import { queueDeferred } from './deferred.ts'
import { logOfAnswer } from './delivery-log.ts'
import { type Handled, handledError } from './handled.ts'
import { refuse, type StepResult } from './step-result.ts'
import { takeAction } from './take-action.ts'
import { type VerifiedDelivery, verifiedDelivery } from './verified-delivery.ts'
import { verifyDelivery, verifyingSecret } from './verify.ts'

export type DeliveryServices = AcceptServices & RunActionServices & SenderServices & Pick<Services, 'unique'>

/** @throws {TaskhookError} if the source is unknown @throws {Unauthorized} if the sender is not authenticated */
export async function handleDelivery(services: DeliveryServices, request: HttpRequest): Promise<Handled> {
  const source = findSource(services, request)
  const handshake = source.adapter.handshake?.(request)
  if (handshake !== undefined) return answerHandshake(services, source, handshake)
  if (request.method !== 'POST') throw notAllowed(source)
  const verified = await verifyDelivery(services, source, request)
  const handled = await handleVerified(services, verifiedDelivery(services, source, verified))
  return verified.verifiedWith === 'previous' ? { ...handled, log: { ...handled.log, secret: 'previous' } } : handled
}

function findSource(services: Pick<Services, 'sources'>, request: HttpRequest): Source {
  const source = services.sources.get(sourceNameOf(request))
  if (source === undefined) throw noSuchAddress()
  return source
}

const notAllowed = ({ adapter }: Source): TaskhookError =>
  new TaskhookError('method-not-allowed', 'use POST for deliveries', {
    allow: adapter.takesGet === true ? 'GET, POST' : 'POST',
  })

/** Before the signature check, since these requests have no signature. */
async function answerHandshake(
  { secrets, tokenKeyReference }: Pick<Services, 'secrets' | 'tokenKeyReference'>,
  { config }: Source,
  { reply, reason, secret }: HandshakeAnswer,
): Promise<Handled> {
  const log = { outcome: 'replied', reason } as const
  if (secret === undefined) return { reply, log }
  const sealedSecret = sealSecret(secret, config.name, await secrets.current([tokenKeyReference]))
  return { reply, log: { ...log, sealedSecret } }
}

/** The sender is authenticated, so from here on an error is an answer in its own format. */
async function handleVerified(services: DeliveryServices, delivery: VerifiedDelivery): Promise<Handled> {
  let translation: Translation
  try {
    translation = await delivery.source.adapter.translate(delivery.request)
  } catch (error) {
    return answerSender(services, delivery, null, refuse(error))
  }
  if (translation.kind === 'reply')
    return { reply: translation.reply, log: { outcome: 'replied', reason: translation.reason } }
  if (translation.kind === 'signed-reply') {
    const secret = await verifyingSecret(services, delivery.source, delivery.request)
    return { reply: translation.replyWith(secret), log: { outcome: 'replied', reason: translation.reason } }
  }
  const result = await act(services, delivery, translation)
  return answerSender(services, delivery, replyAddressOf(translation), result)
}

async function act(
  services: DeliveryServices,
  delivery: VerifiedDelivery,
  translation: Exclude<Translation, { kind: 'reply' | 'signed-reply' }>,
): Promise<StepResult> {
  switch (translation.kind) {
    case 'ignore':
      return { answer: { kind: 'ignored', reason: translation.reason }, log: {} }
    case 'batch':
      return acceptBatch(services, delivery, translation.elements)
    case 'action':
      return takeAction(services, delivery, translation.action)
    case 'deferred':
      return queueDeferred(services, delivery, translation.deferred)
    case 'run':
    case 'help':
    case 'recent':
      return acceptRuns(services, delivery, translation)
  }
}

function replyAddressOf(translation: Translation): Json {
  if (translation.kind === 'action') return translation.action.replyAddress
  return 'trigger' in translation ? translation.trigger.replyAddress : null
}

async function answerSender(
  services: Pick<Services, 'log'>,
  delivery: VerifiedDelivery,
  replyAddress: Json,
  result: StepResult,
): Promise<Handled> {
  const { adapter } = delivery.source
  const { answer, failure } = result
  const log = { ...logOfAnswer(answer), ...result.log }
  await respond(services, delivery, replyAddress, result)
  try {
    return { reply: adapter.httpReply?.(answer, replyAddress) ?? answerReply(answer), log, failure }
  } catch (error) {
    return handledError(error, log)
  }
}

/** A failure is not repeated: the sender could get the answer twice. */
async function respond(
  { log }: Pick<Services, 'log'>,
  { source: { config, adapter }, tools, trace }: VerifiedDelivery,
  replyAddress: Json,
  { answer, log: { runs } }: StepResult,
): Promise<void> {
  try {
    await adapter.respond?.(replyAddress, answer, tools)
  } catch (error) {
    log.warn('the answer to a delivery could not be sent', {
      source: config.name,
      ...(runs !== undefined && { runs }),
      ...(trace !== undefined && { trace: traceIdOf(trace) }),
      error,
    })
  }
}
