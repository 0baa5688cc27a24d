/** Authenticates GitHub by its signature. https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
import { isUtf8 } from 'node:buffer'
import { Webhooks } from '@octokit/webhooks'
import type { HttpRequest, VerifiedRequest } from '../../core/adapter.ts'
import { Unauthorized } from '../../core/errors.ts'
import { markVerified } from '../../core/http/verified-request.ts'

/**
 * Uses the official library, and closes its gaps: its `verify` uses one secret only, throws on an empty body or header, and takes text,
 * although two bodies that are not UTF-8 can decode to the same text.
 *
 * The hash of the body identifies the delivery. GitHub does not sign `X-GitHub-Delivery`, and every hook of an event sends the same one.
 */
export async function verify(request: HttpRequest, secrets: readonly string[]): Promise<VerifiedRequest> {
  const signature = request.headers['x-hub-signature-256']
  if (signature === undefined) throw new Unauthorized('no X-Hub-Signature-256 header: the hook has no secret')
  if (!/^sha256=[0-9a-f]{64}$/.test(signature)) throw new Unauthorized('the signature header is malformed')
  if (request.body.length === 0) throw new Unauthorized('the body is empty')
  if (!isUtf8(request.body)) throw new Unauthorized('the body is not UTF-8')
  const body = Buffer.from(request.body).toString('utf8')
  for (const secret of secrets) {
    if (await verifierOf(secret).verify(body, signature)) return markVerified(request, request.body)
  }
  throw new Unauthorized('the signature does not match')
}

const verifiers = new Map<string, Webhooks>()

function verifierOf(secret: string): Webhooks {
  const known = verifiers.get(secret)
  if (known !== undefined) return known
  const verifier = new Webhooks({ secret })
  verifiers.set(secret, verifier)
  return verifier
}
