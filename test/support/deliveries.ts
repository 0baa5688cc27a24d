/** Whole deliveries as senders make them: headers and body, signed. */
import { randomUUID } from 'node:crypto'
import { type Body, signGitHub, signSlack, signStandard } from './sign.ts'

export interface Delivery {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

const now = (): number => Date.now() / 1000

export const githubDelivery = (secret: string, body: Body, event: string): Delivery => ({
  headers: {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
    'user-agent': 'GitHub-Hookshot/test',
    ...signGitHub(body, secret),
  },
  body,
})

/** @param at seconds since the epoch */
export const slackDelivery = (secret: string, body: Body, at = now()): Delivery => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...signSlack(body, secret, Math.floor(at)) },
  body,
})

/** @param at seconds since the epoch */
export const standardDelivery = (
  secret: string,
  body: Body,
  { at = now(), id = `msg_${randomUUID()}` } = {},
): Delivery => ({
  headers: { 'content-type': 'application/json', ...signStandard(body, secret, id, Math.floor(at)) },
  body,
})
