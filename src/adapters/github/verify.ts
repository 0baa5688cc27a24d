import { isUtf8 } from 'node:buffer'
import { Webhooks } from '@octokit/webhooks'
import type { HttpRequest, VerifiedRequest } from '../../core/adapter.ts'
import { Unauthorized } from '../../core/errors.ts'
import { proven } from '../../core/http/signature.ts'

/**
 * The official library's check, with its gaps closed: `verify` looks at one secret only, throws on an empty body or header, and wants
 * text, while the HMAC is over bytes: two bodies that are not UTF-8 may well be the same text.
 *
 * The delivery's key is the hash of the body. The GUID in `X-GitHub-Delivery` is not signed, and every hook of the same event shares it.
 */
export async function verify(request: HttpRequest, secrets: readonly string[]): Promise<VerifiedRequest> {
  const signature = request.headers['x-hub-signature-256']
  if (signature === undefined) throw new Unauthorized('no X-Hub-Signature-256 header: the hook has no secret')
  if (!/^sha256=[0-9a-f]{64}$/.test(signature)) throw new Unauthorized('the signature header has another form')
  if (request.body.length === 0) throw new Unauthorized('the body is empty')
  if (!isUtf8(request.body)) throw new Unauthorized('the body is not UTF-8')
  const body = Buffer.from(request.body).toString('utf8')
  for (const secret of secrets) {
    if (await verifierFor(secret).verify(body, signature)) return proven(request, request.body)
  }
  throw new Unauthorized('the signature does not match')
}

const verifiers = new Map<string, Webhooks>()

function verifierFor(secret: string): Webhooks {
  const known = verifiers.get(secret)
  if (known !== undefined) return known
  const made = new Webhooks({ secret })
  verifiers.set(secret, made)
  return made
}
