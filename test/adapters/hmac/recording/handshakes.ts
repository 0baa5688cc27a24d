/** Handshakes, and how the vendors' own packages answer them. */
import { sign } from 'node:crypto'
import { mac } from '../../../support/sign.ts'
import { by, text } from './packages.ts'
import { atTime, type Sent, start } from './recorder.ts'
import { discordKey, discordPublicKey } from './vendors/discord.ts'

export interface HandshakeRecording {
  readonly name: string
  /** `package@version` */
  readonly by: string
  /** What of the package gave the answer. */
  readonly how: string
  readonly scheme: string
  readonly secret: string
  readonly seconds: number
  readonly request: Sent
  readonly answer: { readonly status: number; readonly body: string }
}

type Handshake = Omit<HandshakeRecording, 'answer' | 'seconds'> & {
  readonly respond: (request: Sent) => Promise<HandshakeRecording['answer']>
}

/** @param require loads a package from the folder in which they are installed */
export async function recordHandshakes(require: NodeJS.Require): Promise<readonly HandshakeRecording[]> {
  const recordings: HandshakeRecording[] = []
  for (const { respond, ...handshake } of [slack(require), zoom(require), ...discord(require)]) {
    const answer = await atTime(start, () => respond(handshake.request))
    recordings.push({ ...handshake, seconds: start, answer })
  }
  return recordings
}

function slack(require: NodeJS.Require): Handshake {
  const { AwsLambdaReceiver, LogLevel } = require('@slack/bolt')
  const body = JSON.stringify({
    token: 'made-up',
    challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    type: 'url_verification',
  })
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(start),
    'x-slack-signature': `v0=${mac({ key: text }, `v0:${start}:`, body)}`,
  }
  return {
    name: 'Slack Events API',
    by: by('@slack/bolt'),
    how: 'answered by AwsLambdaReceiver',
    scheme: 'slack-events',
    secret: text,
    request: { headers, body },
    async respond(request) {
      const receiver = new AwsLambdaReceiver({ signingSecret: text, logLevel: LogLevel.ERROR })
      const answer = await receiver.toHandler()({ ...request, isBase64Encoded: false }, {})
      return { status: answer.statusCode, body: answer.body }
    },
  }
}

function zoom(require: NodeJS.Require): Handshake {
  const { AwsLambdaReceiver } = require('@zoom/rivet/users')
  const body = JSON.stringify({
    payload: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw' },
    event_ts: start * 1000,
    event: 'endpoint.url_validation',
  })
  const headers = {
    'x-zm-request-timestamp': String(start),
    'x-zm-signature': `v0=${mac({ key: text }, `v0:${start}:`, body)}`,
  }
  return {
    name: 'Zoom',
    by: by('@zoom/rivet'),
    how: 'answered by AwsLambdaReceiver',
    scheme: 'zoom',
    secret: text,
    request: { headers, body },
    async respond(request) {
      const receiver = new AwsLambdaReceiver({ webhooksSecretToken: text })
      receiver.init({ eventEmitter: { emit: async () => {} } })
      const answer = await receiver.start()({ ...request, isBase64Encoded: false }, {})
      return { status: answer.statusCode, body: answer.body }
    },
  }
}

function discord(require: NodeJS.Require): readonly Handshake[] {
  const { verifyKeyMiddleware, verifyWebhookEventMiddleware } = require('discord-interactions')
  const ping = (name: string, how: string, type: number, middleware: (key: string) => Middleware): Handshake => {
    const body = JSON.stringify({ version: 1, application_id: '1234560123453231555', type })
    const signature = sign(null, Buffer.from(`${start}${body}`), discordKey).toString('hex')
    return {
      name,
      by: by('discord-interactions'),
      how: `answered by ${how}`,
      scheme: 'discord',
      secret: discordPublicKey,
      request: { headers: { 'x-signature-timestamp': String(start), 'x-signature-ed25519': signature }, body },
      respond: (request) => answerOf(middleware(discordPublicKey), request),
    }
  }
  return [
    ping('Discord interactions', 'verifyKeyMiddleware', 1, verifyKeyMiddleware),
    ping('Discord webhook events', 'verifyWebhookEventMiddleware', 0, verifyWebhookEventMiddleware),
  ]
}

type Middleware = (request: unknown, response: unknown, next: (error?: unknown) => void) => void

/** What Express would send. */
const answerOf = (middleware: Middleware, { headers, body }: Sent): Promise<HandshakeRecording['answer']> =>
  new Promise((resolve, reject) => {
    const response = {
      statusCode: 200,
      setHeader() {},
      end(text = '') {
        resolve({ status: response.statusCode, body: text })
      },
    }
    const request = { header: (name: string) => headers[name.toLowerCase()], body: Buffer.from(body) }
    middleware(request, response, () => reject(new Error('the package takes it for a delivery')))
  })
