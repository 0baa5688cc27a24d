import { isUtf8 } from 'node:buffer'
// By its path, so that a deployment that only verifies does not load the whole framework.
import { verifySlackRequest } from '@slack/bolt/dist/receivers/verify-request.js'
import type { HttpRequest, VerifiedRequest } from '../../core/adapter.ts'
import { messageOf, Unauthorized } from '../../core/errors.ts'
import { checkClock, proven } from '../../core/http/signature.ts'

/**
 * The official library's check, with its gaps closed: it takes one secret, lets timestamps from the future through, reads the
 * timestamp with `Number`, which takes "1e9" and " 12" too, and wants text, while the HMAC is over bytes: two bodies that are not
 * UTF-8 may well be the same text.
 *
 * The delivery's key is the hash of the body: it holds the `trigger_id`, which is new with every command.
 */
export function verify(request: HttpRequest, secrets: readonly string[], now: number): VerifiedRequest {
  const signature = request.headers['x-slack-signature']
  const timestamp = request.headers['x-slack-request-timestamp']
  if (signature === undefined || timestamp === undefined)
    throw new Unauthorized('no X-Slack-Signature or X-Slack-Request-Timestamp header')
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature))
    throw new Unauthorized('the signature headers have another form')
  checkClock(Number(timestamp), now)
  if (!isUtf8(request.body)) throw new Unauthorized('the body is not UTF-8')
  const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) }
  const body = Buffer.from(request.body).toString('utf8')
  let reason = ''
  for (const signingSecret of secrets) {
    try {
      verifySlackRequest({ signingSecret, body, headers, nowMilliseconds: now })
      return proven(request, request.body)
    } catch (error) {
      reason = messageOf(error)
    }
  }
  throw new Unauthorized(reason)
}
