/** How senders sign, by their documentation, with node:crypto and nothing of src: a fault in src cannot hide here as well. */
import { createHmac } from 'node:crypto'

export type Body = string | Uint8Array
export type Headers = Readonly<Record<string, string>>

export interface Mac {
  readonly algorithm?: 'sha256' | 'sha1' | 'sha512'
  readonly encoding?: 'hex' | 'base64'
  readonly key: string | Uint8Array
}

/** The HMAC of all parts, one after the other. */
export function mac({ algorithm = 'sha256', encoding = 'hex', key }: Mac, ...parts: readonly Body[]): string {
  const hmac = createHmac(algorithm, key)
  for (const part of parts) hmac.update(part)
  return hmac.digest(encoding)
}

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
export const signGitHub = (body: Body, secret: string): Headers => ({
  'x-hub-signature-256': `sha256=${mac({ key: secret }, body)}`,
})

/** https://docs.slack.dev/authentication/verifying-requests-from-slack @param seconds since the epoch */
export const signSlack = (body: Body, secret: string, seconds: number | string): Headers => ({
  'x-slack-request-timestamp': String(seconds),
  'x-slack-signature': `v0=${mac({ key: secret }, `v0:${seconds}:`, body)}`,
})

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md @param secret `whsec_` and base64 */
export function signStandard(body: Body, secret: string, id: string, seconds: number | string): Headers {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${mac({ key, encoding: 'base64' }, `${id}.${seconds}.`, body)}`,
  }
}

/** https://docs.stripe.com/webhooks#verify-manually @param secret as it is, `whsec_` included */
export const signStripe = (body: Body, secret: string, seconds: number | string): Headers => ({
  'stripe-signature': `t=${seconds},v1=${mac({ key: secret }, `${seconds}.`, body)}`,
})

/** Senders that sign nothing but the body. */
export const signBody = (body: Body, header: string, prefix: string, how: Mac): Headers => ({
  [header]: prefix + mac(how, body),
})
