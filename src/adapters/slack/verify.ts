/** Authenticates Slack. https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { isUtf8 } from 'node:buffer'
import type { HttpRequest, VerifiedRequest } from '../../core/adapter.ts'
import { messageOf, Unauthorized } from '../../core/errors.ts'
import { checkTimestamp } from '../../core/http/signature-timestamp.ts'
import { markVerified } from '../../core/http/verified-request.ts'
import { verifySlackRequest } from './bolt.ts'

/**
 * Bolt's check, with its gaps closed: it takes one secret, accepts timestamps from the future, reads the timestamp with `Number`, which
 * accepts "1e9" and " 12", and takes text, while the HMAC is over bytes: two bodies that are not UTF-8 may decode to the same text.
 *
 * The delivery's key is the hash of the body, which holds the `trigger_id`, a new one for every command.
 */
export function verify(request: HttpRequest, secrets: readonly string[], now: number): VerifiedRequest {
  const signature = request.headers['x-slack-signature']
  const timestamp = request.headers['x-slack-request-timestamp']
  if (signature === undefined || timestamp === undefined)
    throw new Unauthorized('no X-Slack-Signature or X-Slack-Request-Timestamp header')
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature))
    throw new Unauthorized('the signature headers have another format')
  checkTimestamp(Number(timestamp), now)
  if (!isUtf8(request.body)) throw new Unauthorized('the body is not UTF-8')
  const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) }
  const body = Buffer.from(request.body).toString('utf8')
  let reason = ''
  for (const signingSecret of secrets) {
    try {
      verifySlackRequest({ signingSecret, body, headers, nowMilliseconds: now })
      return markVerified(request, request.body)
    } catch (error) {
      reason = messageOf(error)
    }
  }
  throw new Unauthorized(reason)
}
