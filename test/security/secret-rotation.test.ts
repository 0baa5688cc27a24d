/** A secret is rotated while deliveries come in: none is lost, use of the old secret is logged, and the old secret expires. */
import { randomBytes, randomUUID } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { controlTokenOf, progressTokenOf, statusTokenOf } from '../../src/core/http/run-tokens.ts'
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { type SecretsManager, startSecretsManager } from '../support/secrets-manager.ts'
import { signStripe } from '../support/sign.ts'
import { startWorld, type World } from '../support/world.ts'

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

const newSecret: Record<Source, () => string> = {
  github: randomUUID,
  slack: () => randomBytes(16).toString('hex'),
  partner: () => `whsec_${randomBytes(24).toString('base64')}`,
  shop: () => `whsec_${randomUUID()}`,
}
const day = 86_400_000

let world: World
let manager: SecretsManager
/** How far the tests have moved the clock, in milliseconds. */
let advanced = 0
const now = () => Date.now() + advanced

const deliver: Record<Source, (secret: string) => Delivery> = {
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
const statusOf = async (source: Source, secret: string) => (await post(source, deliver[source](secret))).statusCode
const lastLoggedSecret = () => world.deliveryLines().at(-1)?.secret

/** Sets a secret that `receive` has used, so that it is cached. */
async function useNewSecret(source: Source): Promise<string> {
  const secret = newSecret[source]()
  manager.rotate(source, secret)
  expect(await statusOf(source, secret)).toBeLessThan(300)
  return secret
}

async function rotate(source: Source): Promise<{ readonly old: string; readonly current: string }> {
  const old = await useNewSecret(source)
  const current = newSecret[source]()
  manager.rotate(source, current)
  return { old, current }
}

beforeAll(async () => {
  const initial = Object.fromEntries(sources.map((source) => [source, newSecret[source]()]))
  manager = await startSecretsManager({ ...initial, key: 'the-initial-key' }, now)
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
// All caches of secrets expire between two tests, and so do the limits on reading them again.
beforeEach(() => {
  advanced += 301_000
})
afterAll(async () => {
  await world.close()
  await manager.close()
})

describe.each(sources)('a rotated secret of %s', (source) => {
  it('loses none of a hundred deliveries that are signed with either secret', async () => {
    const old = await useNewSecret(source)
    const current = newSecret[source]()
    const callsBefore = manager.calls()
    const sent: Promise<number>[] = []
    const send = async (count: number, secret: string) => {
      for (let each = 0; each < count; each++) {
        sent.push(statusOf(source, secret))
        await turn()
      }
    }
    await send(35, old)
    manager.rotate(source, current)
    await send(30, current)
    await send(5, old)
    await send(30, current)
    const statuses = await Promise.all(sent)
    expect(statuses).toHaveLength(100)
    expect(statuses.filter((status) => status >= 300)).toEqual([])
    // The deliveries share the calls that read the new secret.
    expect(manager.calls() - callsBefore).toBeLessThanOrEqual(4)
  })

  it('is logged as "previous" while it is still used, and never by its value', async () => {
    const { old, current } = await rotate(source)
    await statusOf(source, current)
    expect(lastLoggedSecret()).toBeUndefined()
    await statusOf(source, old)
    expect(lastLoggedSecret()).toBe('previous')
    await statusOf(source, current)
    expect(lastLoggedSecret()).toBeUndefined()
    for (const secret of [old, current]) expect(world.logs.join('')).not.toContain(secret)
  })
})

it('a secret that is not the first of a list is logged as "previous"', async () => {
  const body = JSON.stringify({ note: randomUUID() })
  await post('listed', githubDelivery('old-secret-of-a-list', body, 'push'))
  expect(world.deliveryLines().at(-1)).toMatchObject({ outcome: 'accepted', secret: 'previous' })
  await post('listed', githubDelivery('new-secret-of-a-list', body, 'push'))
  expect(lastLoggedSecret()).toBeUndefined()
})

it.each<[Source, string, number]>([
  ['github', 'a week, the default', 7 * day],
  ['shop', 'a day, as previousSecretFor says', day],
])('the previous secret of %s expires after %s', async (source, _, life) => {
  const { old, current } = await rotate(source)
  expect(await statusOf(source, current)).toBeLessThan(300)
  advanced += life - 60_000
  expect(await statusOf(source, old)).toBeLessThan(300)
  // Later than the secret that is cached now.
  advanced += 60_000 + 301_000
  expect(await statusOf(source, old)).toBe(401)
  expect(await statusOf(source, current)).toBeLessThan(300)
})

it('a thousand bad signatures cause a bounded number of calls to Secrets Manager', async () => {
  const callsBefore = manager.calls()
  for (let each = 0; each < 1000; each++) expect(await statusOf('github', 'forged')).toBe(401)
  expect(manager.calls() - callsBefore).toBeLessThanOrEqual(2 * 6)
})

describe('a rotated TASKHOOK_KEY', () => {
  const get = (path: string) => world.bridge.receive(urlEvent(path, {}, '', 'GET'))
  const pathOf = (url: unknown) => String(url).replace(/^https:\/\/[^/]+/, '')
  const statusPath = (run: string, key: string) => `/runs/${run}?token=${statusTokenOf(run, key)}`

  /** A run that was accepted while `key` was the current key. */
  async function acceptRun(key: string) {
    manager.rotate('key', key)
    const secret = await useNewSecret('partner')
    const { run, statusUrl } = bodyOf(await post('partner', deliver.partner(secret)))
    return { run: String(run), statusPath: pathOf(statusUrl) }
  }

  it('still accepts tokens of the previous key, and answers with links of the new key', async () => {
    const [old, current] = [randomUUID(), randomUUID()]
    const { run, statusPath: controlPath } = await acceptRun(old)
    manager.rotate('key', current)
    advanced += 301_000
    const shown = await get(statusPath(run, old))
    expect(shown.statusCode).toBe(200)
    expect(bodyOf(shown).statusUrl).toContain(statusTokenOf(run, current))
    expect(controlPath).toContain(controlTokenOf(run, old))
    expect(bodyOf(await get(controlPath)).statusUrl).toContain(controlTokenOf(run, current))
    const headers = { authorization: `Bearer ${progressTokenOf(run, old)}` }
    const report = await world.bridge.receive(urlEvent(`/runs/${run}/progress`, headers, '{"percent":1}'))
    expect(report.statusCode).toBe(202)
    const cancelled = await world.bridge.receive(urlEvent(controlPath.replace('?', '/cancel?'), {}, ''))
    expect(cancelled.statusCode).toBe(202)
  })

  it('is read again for a token of a key that is not cached, and the key before the previous one is rejected', async () => {
    const [oldest, old, current] = [randomUUID(), randomUUID(), randomUUID()]
    manager.rotate('key', oldest)
    const { run } = await acceptRun(old)
    manager.rotate('key', current)
    expect((await get(statusPath(run, current))).statusCode).toBe(200)
    expect((await get(statusPath(run, old))).statusCode).toBe(200)
    expect((await get(statusPath(run, oldest))).statusCode).toBe(401)
  })

  it('rejects tokens of the previous key after a week', async () => {
    const [old, current] = [randomUUID(), randomUUID()]
    const { run } = await acceptRun(old)
    manager.rotate('key', current)
    expect((await get(statusPath(run, old))).statusCode).toBe(200)
    advanced += 7 * day + 301_000
    expect((await get(statusPath(run, old))).statusCode).toBe(401)
    expect((await get(statusPath(run, current))).statusCode).toBe(200)
  })
})
