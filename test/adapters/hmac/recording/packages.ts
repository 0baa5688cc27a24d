/** What the recordings of several senders have in common. The secrets and the people are made up. */
import type { Attempt } from './recorder.ts'

/** Pinned, so that a recording can be repeated. */
export const packages = {
  svix: '2.5.0',
  '@clerk/backend': '3.25.0',
  resend: '6.38.0',
  openai: '7.55.0',
  '@anthropic-ai/sdk': '1.10.0',
  '@polar-sh/sdk': '1.0.1',
  stripe: '23.1.0',
  '@paddle/paddle-node-sdk': '3.10.0',
  '@workos-inc/node': '11.0.0',
  '@mux/mux-node': '15.3.0',
  '@elevenlabs/elevenlabs-js': '2.73.0',
  '@zoom/rivet': '0.4.0',
  '@slack/bolt': '5.1.0',
  'webflow-api': '3.3.4',
  '@hubspot/api-client': '14.0.1',
  square: '46.0.0',
  '@contentful/node-apps-toolkit': '3.16.1',
  razorpay: '2.9.8',
  '@notionhq/client': '5.26.0',
  'gocardless-nodejs': '10.1.2',
  'coinbase-commerce-node': '1.0.4',
  '@kontent-ai/webhook-helper': '3.0.3',
  pusher: '5.3.4',
  'modern-treasury': '3.3.0',
  '@linear/sdk': '98.0.0',
  '@shopify/shopify-api': '15.0.0',
  '@sanity/webhook': '4.0.4',
  'box-node-sdk': '10.12.0',
  '@adyen/api-library': '32.1.0',
  'hook0-client': '1.1.0',
  'discord-interactions': '4.4.0',
  '@octokit/webhooks-methods': '6.0.0',
} as const

/** The package as a recording names it. */
export const by = (name: keyof typeof packages): string => `${name}@${packages[name]}`

export const text = 'a secret of the sender'
export const whsecKey = Buffer.from('a key of thirty-two bytes, no more')
export const whsec = `whsec_${whsecKey.toString('base64')}`
export const note = 'déjà vu'

/** The address of the source `name` in the tests. */
export const address = (name: string): string => `https://abc123.lambda-url.eu-west-1.on.aws/${name}`

export const body = (value: unknown): string => JSON.stringify(value)

/** What most senders send: an event with an id. */
export const event = ({ id }: Attempt, type: string): string => body({ id: `evt_${id}`, type, data: { note } })
