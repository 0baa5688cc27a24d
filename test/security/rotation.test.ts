/** A secret is changed while deliveries come in: none is lost, the old one is seen in the log, and dies of age. */
import { randomBytes, randomUUID } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlTokenOf, progressTokenOf, statusTokenOf } from '../../src/core/http/run-tokens.ts'
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { type SecretsManager, startSecretsManager } from '../support/secrets-manager.ts'
import { signStripe } from '../support/sign.ts'
import { bodyOf, startWorld, urlEvent, type World } from '../support/world.ts'

const sources = ['github', 'slack', 'partner', 'shop'] as const
type Source = (typeof sources)[number]

const config = `
sources:
  github:  { adapter: github, secret: "secretsmanager:github" }
  slack:   { adapter: slack, signingSecret: "secretsmanager:slack" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "secretsmanager:partner" }
  shop:    { adapter: hmac, scheme: stripe, secret: "secretsmanager:shop", previousSecretFor: 1d }
  listed:  { adapter: hmac, scheme: github, secret: ["env:NEW", "env:OLD"] }
tasks:
  analyze:
    cluster: main
    taskDefinition: analyze
    container: app
    subnets: [subnet-a]
    local: { command: ["true"] }
    params: { note: { type: string, default: none } }
routes:
  - { on: github, event: push, run: analyze, with: {} }
  - { on: slack, command: /analyze, run: analyze }
  - { on: partner, run: analyze }
  - { on: shop, run: analyze, with: { note: "\${body.note}" } }
  - { on: listed, run: analyze }
`

const fresh: Record<Source, () => string> = {
  github: randomUUID,
  slack: () => randomBytes(16).toString('hex'),
  partner: () => `whsec_${randomBytes(24).toString('base64')}`,
  shop: () => `whsec_${randomUUID()}`,
}

let world: World
let manager: SecretsManager
let turned = 0
const now = () => Date.now() + turned

const made: Record<Source, (secret: string) => Delivery> = {
  github: (secret) => githubDelivery(secret, JSON.stringify({ ref: 'refs/heads/main', after: randomUUID() }), 'push'),
  slack: (secret) =>
    slackDelivery(
      secret,
      new URLSearchParams({
        command: '/analyze',
        user_id: 'U1',
        channel_id: 'C1',
        trigger_id: randomUUID(),
      }).toString(),
      now() / 1000,
    ),
  partner: (secret) => standardDelivery(secret, '{"note":"x"}', { at: now() / 1000 }),
  shop(secret) {
    const body = JSON.stringify({ note: randomUUID() })
    return {
      headers: { 'content-type': 'application/json', ...signStripe(body, secret, Math.floor(now() / 1000)) },
      body,
    }
  },
}

const post = async (source: string, { headers, body }: Delivery) =>
  world.bridge.receive(urlEvent(`/${source}`, headers, body))
const statusOf = async (source: Source, secret: string) => (await post(source, made[source](secret))).statusCode
const lastSecret = () => world.deliveries().at(-1)?.secret
const first = Object.fromEntries(sources.map((source) => [source, fresh[source]()])) as Record<Source, string>

beforeAll(async () => {
  manager = await startSecretsManager({ ...first, key: 'the-first-key' }, now)
  world = await startWorld({
    config,
    env: {
      NEW: 'new-secret-of-a-list',
      OLD: 'old-secret-of-a-list',
      TASKHOOK_KEY: 'secretsmanager:key',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
    },
    poll: false,
    now,
  })
})
afterAll(async () => {
  await world.close()
  await manager.close()
})

describe.each(sources)('%s', (source) => {
  const [old, second] = [first[source], fresh[source]()]

  it('a hundred deliveries, some on their way, some late: all are taken', async () => {
    expect(await statusOf(source, old)).toBeLessThan(300)
    const asked = manager.calls()
    const sent: Promise<number>[] = []
    const send = async (count: number, secret: string) => {
      for (let each = 0; each < count; each++) {
        sent.push(statusOf(source, secret))
        await turn()
      }
    }
    await send(35, old)
    manager.rotate(source, second)
    await send(30, second)
    await send(5, old)
    await send(30, second)
    const statuses = await Promise.all(sent)
    expect(statuses).toHaveLength(100)
    expect(statuses.filter((status) => status >= 300)).toEqual([])
    // One look was enough for all.
    expect(manager.calls() - asked).toBeLessThanOrEqual(4)
  })

  it('the log says who signs with the secret before this one, and never which', async () => {
    await statusOf(source, old)
    expect(lastSecret()).toBe('previous')
    await statusOf(source, second)
    expect(lastSecret()).toBeUndefined()
    for (const secret of [old, second]) expect(world.logs.join('')).not.toContain(secret)
  })
})

it('a secret further back in a list is a previous one', async () => {
  const body = '{"note":"x"}'
  await post('listed', githubDelivery('old-secret-of-a-list', body, 'push'))
  expect(world.deliveries().at(-1)).toMatchObject({ outcome: 'accepted', secret: 'previous' })
  await post('listed', githubDelivery('new-secret-of-a-list', body, 'push'))
  expect(lastSecret()).toBeUndefined()
})

it('the previous one dies of age: after a week, or as the source says', async () => {
  turned += 86_400_000
  expect(await statusOf('shop', first.shop)).toBe(401)
  expect(await statusOf('github', first.github)).toBe(202)
  turned += 6 * 86_400_000
  expect(await statusOf('github', first.github)).toBe(401)
})

it('a thousand bad signatures are a bounded number of calls to Secrets Manager', async () => {
  const asked = manager.calls()
  for (let each = 0; each < 1000; each++) expect(await statusOf('github', 'forged')).toBe(401)
  expect(manager.calls() - asked).toBeLessThanOrEqual(2 * 6)
})

describe('TASKHOOK_KEY', () => {
  const get = (path: string) => world.bridge.receive(urlEvent(path, {}, '', 'GET'))
  const pathOf = (url: unknown) => String(url).replace(/^https:\/\/[^/]+/, '')
  const opened = async () =>
    bodyOf(await post('partner', standardDelivery(current, '{"note":"x"}', { at: now() / 1000 })))

  let current = ''
  beforeAll(() => {
    current = fresh.partner()
    manager.rotate('partner', current)
  })

  it('links and containers of the key before it still count, and are answered with a link of the new one', async () => {
    const { statusUrl, run } = await opened()
    manager.rotate('key', 'the-second-key')
    turned += 301_000
    const status = `/runs/${run}?token=${statusTokenOf(String(run), 'the-first-key')}`
    const shown = await get(status)
    expect(shown.statusCode).toBe(200)
    expect(bodyOf(shown).statusUrl).toContain(statusTokenOf(String(run), 'the-second-key'))
    expect(pathOf(statusUrl)).toContain(controlTokenOf(String(run), 'the-first-key'))
    const controlled = await get(pathOf(statusUrl))
    expect(bodyOf(controlled).statusUrl).toContain(controlTokenOf(String(run), 'the-second-key'))
    const report = await world.bridge.receive(
      urlEvent(
        `/runs/${run}/progress`,
        { authorization: `Bearer ${progressTokenOf(String(run), 'the-first-key')}` },
        '{"percent":1}',
      ),
    )
    expect(report.statusCode).toBe(202)
    const cancelled = await world.bridge.receive(urlEvent(pathOf(statusUrl).replace('?', '/cancel?'), {}, ''))
    expect(cancelled.statusCode).toBe(202)
  })

  it('a link of a key that this function has not seen yet makes it look', async () => {
    const { run } = await opened()
    manager.rotate('key', 'the-third-key')
    expect((await get(`/runs/${run}?token=${statusTokenOf(String(run), 'the-third-key')}`)).statusCode).toBe(200)
    expect((await get(`/runs/${run}?token=${statusTokenOf(String(run), 'the-second-key')}`)).statusCode).toBe(200)
    expect((await get(`/runs/${run}?token=${statusTokenOf(String(run), 'the-first-key')}`)).statusCode).toBe(401)
  })

  it('a week after, nothing that was signed with the one before opens anything', async () => {
    const { run } = await opened()
    turned += 7 * 86_400_000
    expect((await get(`/runs/${run}?token=${statusTokenOf(String(run), 'the-second-key')}`)).statusCode).toBe(401)
    expect((await get(`/runs/${run}?token=${statusTokenOf(String(run), 'the-third-key')}`)).statusCode).toBe(200)
  })
})
