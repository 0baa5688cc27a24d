/** Handshakes over HTTP: taskhook answers them as the vendor's own package does, and they start nothing. */
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSealedSecret } from '../../../src/core/http/sealed-secret.ts'
import { bodyOf, urlEvent } from '../../support/function-url.ts'
import { type Headers, mac, signBody, signSlack } from '../../support/sign.ts'
import { startWorld, type World } from '../../support/world.ts'
import { recordings } from './recorded-senders.ts'
import type { HandshakeRecording } from './recording/handshakes.ts'
import recorded from './vendor-handshakes.json' with { type: 'json' }

const handshakes = recorded as unknown as readonly HandshakeRecording[]
const secret = 'a secret of the sender'
const seconds = 1_772_359_200
const tokenKey = 'status-key-0123456789abcdef'

const schemeOf = (name: string): string => JSON.stringify(recordings.find((sender) => sender.name === name)?.scheme)
const monday = {
  header: 'x-made-up',
  algorithm: 'token',
  encoding: 'hex',
  handshake: [{ echo: { body: 'challenge' } }],
}

let world: World
beforeAll(async () => {
  world = await startWorld({
    config: `
sources:
  slack-events: { adapter: hmac, scheme: slack-events, secret: "env:TEXT" }
  zoom: { adapter: hmac, scheme: zoom, secret: "env:TEXT" }
  rotated: { adapter: hmac, scheme: zoom, secret: ["env:NEW", "env:TEXT"] }
  discord: { adapter: hmac, scheme: discord, secret: "env:DISCORD" }
  notion: { adapter: hmac, scheme: notion, secret: "env:TEXT" }
  dropbox: { adapter: hmac, scheme: ${schemeOf('Dropbox')}, secret: "env:TEXT" }
  asana: { adapter: hmac, scheme: ${schemeOf('Asana')}, each: events, secret: "env:TEXT" }
  monday: { adapter: hmac, scheme: ${JSON.stringify(monday)}, secret: "env:TEXT" }
  plain: { adapter: hmac, scheme: stripe, secret: "env:TEXT" }
tasks:
  job: { cluster: c, taskDefinition: job, container: app, subnets: [s], local: { command: ["true"] } }
routes:
${['slack-events', 'zoom', 'rotated', 'discord', 'notion', 'dropbox', 'asana', 'monday', 'plain']
  .map((source) => `  - { on: ${source}, run: job, with: {} }`)
  .join('\n')}
`,
    env: {
      TEXT: secret,
      NEW: 'a newer secret',
      DISCORD: handshakes.find(({ scheme }) => scheme === 'discord')?.secret ?? '',
    },
    poll: false,
    now: () => seconds * 1000,
  })
})
afterAll(() => world.close())

const items = async (): Promise<number> =>
  (await world.emulators.dynamo.send(new ScanCommand({ TableName: 'taskhook', Select: 'COUNT' }))).Count ?? 0

const post = (path: string, body: string, headers: Headers = {}) =>
  world.bridge.receive(urlEvent(path, { 'content-type': 'application/json', ...headers }, body))

/** What the log says of the last request. */
const lastLine = () => world.deliveryLines().at(-1) ?? {}

let before: number
beforeEach(async () => {
  before = await items()
})

describe.each(handshakes)('$name', ({ scheme, request, answer, by }) => {
  const { body, headers } = request

  it(`is answered as by ${by}, and starts nothing`, async () => {
    const ours = await post(`/${scheme}`, body, headers)
    expect(ours.statusCode).toBe(answer.status)
    expect(ours.body === '' ? '' : bodyOf(ours)).toEqual(answer.body === '' ? '' : JSON.parse(answer.body))
    expect(lastLine()).toMatchObject({ outcome: 'replied', reason: 'the sender checked the address' })
    expect(await items()).toBe(before)
  })

  if (scheme !== 'slack-events')
    it('is rejected if its signature is wrong', async () => {
      const ours = await post(`/${scheme}`, body.replace(/\d(?=\D*$)/, '7'), headers)
      expect(ours.statusCode).toBe(401)
      expect(ours.body).not.toContain('encryptedToken')
      expect(await items()).toBe(before)
    })
})

describe('Slack Events API', () => {
  const challenge = '{"type":"url_verification","challenge":"abc","other":"x"}'

  it('answers a signed challenge with the challenge and nothing else', async () => {
    const answer = await post('/slack-events', challenge, signSlack(challenge, secret, seconds))
    expect([answer.statusCode, bodyOf(answer)]).toEqual([200, { challenge: 'abc' }])
    expect(await items()).toBe(before)
  })

  it('rejects a challenge that is not signed, so that a wrong secret is noticed at once', async () => {
    expect((await post('/slack-events', challenge)).statusCode).toBe(401)
    expect((await post('/slack-events', challenge, signSlack(challenge, 'another', seconds))).statusCode).toBe(401)
  })

  it.each([
    ['a longer text', JSON.stringify({ type: 'url_verification', challenge: 'x'.repeat(501) })],
    ['a text with a line break', '{"type":"url_verification","challenge":"a\\nb"}'],
    ['a number', '{"type":"url_verification","challenge":1}'],
    ['another type', '{"type":"event_callback","challenge":"abc"}'],
  ])('rejects %s, which is not signed', async (_, body) => {
    expect((await post('/slack-events', body)).statusCode).toBe(401)
  })
})

describe('Zoom', () => {
  const signed = (body: string, key = secret): Headers => ({
    'x-zm-request-timestamp': String(seconds),
    'x-zm-signature': `v0=${mac({ key }, `v0:${seconds}:`, body)}`,
  })
  const validation = (plainToken: unknown): string =>
    JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken } })

  it('signs with the secret that the request was signed with, while one replaces another', async () => {
    for (const key of [secret, 'a newer secret']) {
      const body = validation('qgg8vlvZRS6UYooatFL8Aw')
      const answer = bodyOf(await post('/rotated', body, signed(body, key)))
      expect(answer.encryptedToken).toBe(mac({ key }, 'qgg8vlvZRS6UYooatFL8Aw'))
    }
  })

  it.each([
    ['the start of a signed delivery', `v0:${seconds}:{}`],
    ['a space', 'a b'],
    ['more than 200 characters', 'a'.repeat(201)],
    ['no text', 1],
  ])('does not sign a token with %s', async (_, token) => {
    const body = validation(token)
    const answer = await post('/zoom', body, signed(body))
    expect(answer.body).not.toContain(mac({ key: secret }, String(token)))
    expect(bodyOf(answer)).not.toHaveProperty('encryptedToken')
  })
})

describe('Notion', () => {
  const token = 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl'

  it('is answered with 200, and the log has the token sealed for the operator', async () => {
    expect((await post('/notion', JSON.stringify({ verification_token: token }))).statusCode).toBe(200)
    expect(lastLine()).toMatchObject({ outcome: 'replied', reason: 'the sender sent its secret' })
    const { sealedSecret } = lastLine() as { sealedSecret: string }
    expect(openSealedSecret(sealedSecret, 'notion', tokenKey)).toBe(token)
    expect(openSealedSecret(sealedSecret, 'notion', 'another key')).toBeUndefined()
    expect(await items()).toBe(before)
  })

  it('never logs the token itself, nor sends it back', async () => {
    const answer = await post('/notion', JSON.stringify({ verification_token: token }))
    expect(answer.body).not.toContain(token)
    expect(world.logs.join('')).not.toContain(token)
  })

  it('seals the same token differently each time', async () => {
    const sealed = []
    for (let time = 0; time < 2; time++) {
      await post('/notion', JSON.stringify({ verification_token: token }))
      sealed.push(lastLine().sealedSecret)
    }
    expect(sealed[0]).not.toBe(sealed[1])
  })
})

describe('Dropbox', () => {
  const get = (path: string) => world.bridge.receive(urlEvent(path, {}, '', 'GET'))

  it('gets its challenge back as text that no browser runs', async () => {
    const { statusCode, headers, body } = await get('/dropbox?challenge=%3Cscript%3Ealert(1)')
    expect([statusCode, body]).toEqual([200, '<script>alert(1)'])
    expect(headers).toMatchObject({ 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' })
    expect(await items()).toBe(before)
  })

  it.each(['/dropbox', '/dropbox?challenge=', '/dropbox?challenge=a%0Ab', `/dropbox?challenge=${'x'.repeat(501)}`])(
    'GET %.40s is no handshake: 405',
    async (path) => {
      const { statusCode, headers } = await get(path)
      expect([statusCode, headers.allow]).toEqual([405, 'GET, POST'])
    },
  )
})

describe('Asana', () => {
  const hookSecret = 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81'

  it('gets X-Hook-Secret back as a header, and the log has it sealed', async () => {
    const answer = await post('/asana', '{}', { 'x-hook-secret': hookSecret })
    expect([answer.statusCode, answer.headers['x-hook-secret'], answer.body]).toEqual([200, hookSecret, ''])
    expect(openSealedSecret(String(lastLine().sealedSecret), 'asana', tokenKey)).toBe(hookSecret)
    expect(world.logs.join('')).not.toContain(hookSecret)
    expect(await items()).toBe(before)
  })

  it('answers its heartbeat, a signed list without elements', async () => {
    const body = '{"events":[]}'
    const answer = await post('/asana', body, signBody(body, 'x-hook-signature', '', { key: secret }))
    expect([answer.statusCode, bodyOf(answer)]).toEqual([200, { results: [] }])
  })
})

it('monday gets its challenge back under the same key', async () => {
  const answer = await post('/monday', '{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}')
  expect(bodyOf(answer)).toEqual({ challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' })
  expect(await items()).toBe(before)
})

describe('a source without handshakes', () => {
  it('answers a GET with 405 and Allow: POST', async () => {
    const { statusCode, headers } = await world.bridge.receive(urlEvent('/plain?challenge=abc', {}, '', 'GET'))
    expect([statusCode, headers.allow]).toEqual([405, 'POST'])
  })

  it.each([
    ['a challenge', '{"type":"url_verification","challenge":"abc"}', {}],
    ['a verification token', '{"verification_token":"abc"}', {}],
    ['X-Hook-Secret', '{}', { 'x-hook-secret': 'abc' }],
  ])('rejects %s as unsigned', async (_, body, headers) => {
    const answer = await post('/plain', body, headers)
    expect(answer.statusCode).toBe(401)
    expect(answer.headers).not.toHaveProperty('x-hook-secret')
  })
})
