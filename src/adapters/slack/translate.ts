/**
 * Answers Slack's handshakes, and has Bolt find the listener (listeners.ts) for every body of a kind that taskhook handles. The listeners
 * translate in slash-command.ts, block-action.ts and view-submission.ts.
 */
import type { Translation, VerifiedRequest } from '../../core/adapter.ts'
import { json } from '../../core/http/json-reply.ts'
import { checkBody, kindOf, nouns } from './body-check.ts'
import type { ListenerDispatch } from './listeners.ts'
import type { SlackAddress } from './reply-address.ts'
import { type RequestBody, readBody } from './request-body.ts'

export async function translate(
  request: VerifiedRequest,
  dispatchToListener: ListenerDispatch,
): Promise<Translation<SlackAddress>> {
  const body = readBody(request)
  const handshake = handshakeReply(body)
  if (handshake !== undefined) return handshake
  const kind = kindOf(body)
  if (kind === undefined)
    return { kind: 'ignore', reason: 'taskhook handles only slash commands, its own forms and its own buttons' }
  checkBody(kind, body)
  // Without a listener of its name, it belongs to another part of the same Slack app.
  return (await dispatchToListener(body)) ?? { kind: 'ignore', reason: `the ${nouns[kind]} is not from taskhook` }
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands#ssl-check and https://docs.slack.dev/reference/events/url_verification */
function handshakeReply({ ssl_check, type, challenge }: RequestBody): Translation<SlackAddress> | undefined {
  if (ssl_check === '1') return { kind: 'reply', reply: { status: 200, headers: {}, body: '' }, reason: 'ssl_check' }
  if (type === 'url_verification')
    return { kind: 'reply', reply: json(200, { challenge: String(challenge ?? '') }), reason: 'url_verification' }
  return undefined
}
