/** Each preset: a delivery starts a run, a retry as its vendor sends it is the same run, and another delivery is another run. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PresetName } from '../../../src/adapters/hmac/presets.ts'
import { bodyOf, urlEvent } from '../../support/function-url.ts'
import { type Headers, signBody, signGitHub, signStandard, signStripe } from '../../support/sign.ts'
import { startWorld, type World } from '../../support/world.ts'

const secret = 'a secret of the sender'
const whsec = `whsec_${Buffer.from('a key of thirty-two bytes, no more').toString('base64')}`
const secretOf = (name: PresetName): string => (name === 'standard-webhooks' ? whsec : secret)

/** One attempt of a delivery. */
interface Attempt {
  readonly id: string
  readonly number: number
  /** Seconds since the epoch. */
  readonly at: number
}
interface Sent {
  readonly body: string
  readonly headers: Headers
}
const plain = (id: string): string => JSON.stringify({ note: id })

/**
 * What each vendor sends, and what changes between the attempts, written by hand after the vendors' documentation. For Bitbucket, Gitea and
 * PagerDuty no document was found that says that the id stays the same over retries.
 */
const senders: Partial<Record<PresetName, (attempt: Attempt) => Sent>> = {
  'standard-webhooks': ({ id, at }) => ({ body: plain(id), headers: signStandard(plain(id), whsec, `msg_${id}`, at) }),
  github: ({ id }) => ({
    body: '{"same":true}',
    headers: { ...signGitHub('{"same":true}', secret), 'x-github-delivery': id },
  }),
  gitlab: ({ id }) => ({
    body: '{"object_kind":"push"}',
    headers: {
      'x-gitlab-token': secret,
      'idempotency-key': id,
    },
  }),
  bitbucket: ({ id, number }) => ({
    body: '{"same":true}',
    headers: {
      ...signBody('{"same":true}', 'x-hub-signature', 'sha256=', { key: secret }),
      'x-request-uuid': id,
      'x-attempt-number': String(number),
    },
  }),
  gitea: ({ id }) => ({
    body: '{"same":true}',
    headers: { ...signBody('{"same":true}', 'x-gitea-signature', '', { key: secret }), 'x-gitea-delivery': id },
  }),
  stripe: ({ id, at }) => {
    const body = JSON.stringify({ id: `evt_${id}`, type: 'invoice.paid' })
    return { body, headers: signStripe(body, secret, at) }
  },
  shopify: ({ id }) => ({
    body: '{"same":true}',
    headers: {
      ...signBody('{"same":true}', 'x-shopify-hmac-sha256', '', { key: secret, encoding: 'base64' }),
      'x-shopify-event-id': id,
      'x-shopify-webhook-id': id,
    },
  }),
  linear: ({ id, at }) => {
    const body = JSON.stringify({ type: 'Issue', action: 'create', webhookTimestamp: at * 1000 })
    return { body, headers: { ...signBody(body, 'linear-signature', '', { key: secret }), 'linear-delivery': id } }
  },
  sentry: ({ id }) => ({
    body: '{"same":true}',
    headers: { ...signBody('{"same":true}', 'sentry-hook-signature', '', { key: secret }), 'request-id': id },
  }),
  pagerduty: ({ id }) => {
    const body = JSON.stringify({ event: { id, event_type: 'incident.triggered' } })
    return { body, headers: signBody(body, 'x-pagerduty-signature', 'v1=', { key: secret }) }
  },
  jira: ({ id, number }) => ({
    body: '{"same":true}',
    headers: {
      ...signBody('{"same":true}', 'x-hub-signature', 'sha256=', { key: secret }),
      'x-atlassian-webhook-identifier': id,
      'x-atlassian-webhook-retry': String(number),
    },
  }),
}
const variable = (name: string): string => name.replaceAll('-', '_')
const names = Object.keys(senders) as PresetName[]
const start = 1_772_359_200
let seconds = start
let world: World
beforeAll(async () => {
  const config = `
sources:
${names.map((name) => `  ${name}: { adapter: hmac, scheme: ${name}, secret: "env:${variable(name)}" }`).join('\n')}
  own: { adapter: hmac, scheme: { header: x-own, algorithm: sha256, encoding: hex, key: body }, secret: "env:own" }
  timed:
    adapter: hmac
    secret: "env:own"
    scheme:
      header: x-own
      algorithm: sha256
      encoding: hex
      separator: ","
      prefix: "v1="
      signed: "{timestamp}.{body}"
      timestamp: { part: "t=" }
tasks:
  job: { cluster: c, taskDefinition: job, container: app, subnets: [s], local: { command: ["true"] } }
routes:
${[...names, 'own', 'timed'].map((name) => `  - { on: ${name}, run: job, with: {} }`).join('\n')}
`
  const env = Object.fromEntries([...names.map((name) => [variable(name), secretOf(name)]), ['own', secret]])
  world = await startWorld({ config, env, poll: false, now: () => seconds * 1000 })
})
afterAll(() => world.close())

const post = (source: string, { body, headers }: Sent) =>
  world.bridge.receive(urlEvent(`/${source}`, { 'content-type': 'application/json', ...headers }, body))

describe.each(names)('%s', (name) => {
  const send = async (id: string, number: number) => {
    seconds = start + number * 100
    const sender = senders[name]
    if (sender === undefined) throw new Error(`there is no sender ${name}`)
    return post(name, sender({ id, number, at: seconds }))
  }

  it('takes a retry for the same run, and another delivery for another', async () => {
    const first = await send('one', 0)
    expect(first.statusCode).toBe(202)
    for (const number of [1, 2]) {
      const retry = await send('one', number)
      expect(retry.statusCode).toBe(200)
      expect(bodyOf(retry).run).toBe(bodyOf(first).run)
    }
    const other = await send('two', 0)
    expect(other.statusCode).toBe(202)
    expect(bodyOf(other).run).not.toBe(bodyOf(first).run)
  })
})

describe('Idempotency-Key', () => {
  const own = (body: string, key?: string): Sent => ({
    body,
    headers: {
      ...signBody(body, 'x-own', '', { key: secret }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
  })
  const timed = (body: string, at: number, key: string): Sent => {
    const { 'stripe-signature': signature = '' } = signStripe(body, secret, at)
    return { body, headers: { 'x-own': signature, 'idempotency-key': key } }
  }

  it('makes two requests one run, although the signed time differs', async () => {
    seconds = start
    const first = await post('timed', timed('{"a":1}', start, 'k1'))
    const again = await post('timed', timed('{"a":1}', start + 9, 'k1'))
    expect([first.statusCode, again.statusCode]).toEqual([202, 200])
    expect(bodyOf(again).run).toBe(bodyOf(first).run)
  })
  it('with another body is refused, and says so', async () => {
    seconds = start
    await post('own', own('{"a":1}', 'k2'))
    const refused = await post('own', own('{"a":2}', 'k2'))
    expect(refused.statusCode).toBe(422)
    expect(bodyOf(refused).detail).toContain('the Idempotency-Key was used before, for a delivery with another body')
  })
  it('separates two requests with the same body', async () => {
    const [a, b] = [await post('own', own('{"a":3}', 'k3')), await post('own', own('{"a":3}', 'k4'))]
    expect([a.statusCode, b.statusCode]).toEqual([202, 202])
  })
})

describe('a scheme that is known by its body', () => {
  it('takes the same body for the same run', async () => {
    const sent = { body: '{"b":1}', headers: signBody('{"b":1}', 'x-own', '', { key: secret }) }
    expect((await post('own', sent)).statusCode).toBe(202)
    expect((await post('own', sent)).statusCode).toBe(200)
  })
})

it.each(['stripe', 'pagerduty'] as const)('%s without its id is known by its body', async (name) => {
  seconds = start
  const sent = (at: number): Sent => ({
    body: '{"no":"id"}',
    headers:
      name === 'stripe'
        ? signStripe('{"no":"id"}', secret, at)
        : signBody('{"no":"id"}', 'x-pagerduty-signature', 'v1=', { key: secret }),
  })
  expect((await post(name, sent(start))).statusCode).toBe(202)
  expect((await post(name, sent(start + 5))).statusCode).toBe(200)
})
