/** Signs the requests that taskhook itself sends. https://github.com/standard-webhooks/standard-webhooks */
import { createHmac } from 'node:crypto'

/**
 * @param secret base64, with or without `whsec_` before it
 * @param id of the message. It must not contain a dot, and stays the same for every attempt
 * @param seconds since the epoch
 * @returns the three headers
 */
export function signStandardWebhook(body: string, secret: string, id: string, seconds: number): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` }
}
