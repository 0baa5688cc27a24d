/** SECURITY.md: a rotated secret takes effect within minutes, without a deployment, and a flood of bad signatures costs no flood of calls. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { githubDelivery } from '../support/deliveries.ts'
import { urlEvent } from '../support/function-url.ts'
import { type SecretsManager, startSecretsManager } from '../support/secrets-manager.ts'
import { stageSecrets as secrets } from '../support/stage-deliveries.ts'
import { startWorld, type World } from '../support/world.ts'
import { config } from './three-senders.ts'

const [first, second, third] = ['first', 'second', 'third'].map((name) => `${name}-secret-of-the-partner`)
let manager: SecretsManager
let world: World
let now: number
beforeEach(async () => {
  now = Date.now()
  manager = await startSecretsManager({
    'hook/partner': JSON.stringify({ signing: first, other: 'x' }),
    'hook/key': 'a key',
  })
  world = await startWorld({
    config: config
      .replace('"env:PARTNER"', '"secretsmanager:hook/partner#signing"')
      .replace('standard-webhooks', 'github'),
    env: { ...secrets, AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url },
    poll: false,
    now: () => now,
  })
})
afterEach(async () => {
  await world.close()
  await manager.close()
})

const statusSignedBy = async (secret: string | undefined) => {
  const { headers, body } = githubDelivery(String(secret), JSON.stringify({ note: crypto.randomUUID() }), 'push')
  return (await world.bridge.receive(urlEvent('/partner', headers, body))).statusCode
}
const rotateTo = (signing: string | undefined) => manager.rotate('hook/partner', JSON.stringify({ signing }))
/** How many calls of Secrets Manager it makes. */
const callsOf = async (work: () => Promise<unknown>) => {
  const before = manager.calls()
  await work()
  return manager.calls() - before
}

it('reads the current and the previous secret once, and keeps them for five minutes', async () => {
  expect(await callsOf(() => statusSignedBy(first))).toBe(2)
  now += 299_000
  expect(await callsOf(() => statusSignedBy(first))).toBe(0)
  now += 2_000
  expect(await callsOf(() => statusSignedBy(first))).toBe(2)
})

it('accepts the new secret at once after a rotation, and still accepts the previous one', async () => {
  expect(await statusSignedBy(first)).toBe(202)
  now += 60_000
  rotateTo(second)
  expect(await statusSignedBy(second)).toBe(202)
  expect(await statusSignedBy(first)).toBe(202)
})

it('refuses a secret that was rotated twice', async () => {
  expect(await statusSignedBy(first)).toBe(202)
  rotateTo(second)
  rotateTo(third)
  now += 301_000
  expect(await statusSignedBy(first)).toBe(401)
  expect(await statusSignedBy(third)).toBe(202)
})

it('makes few calls for a flood of bad signatures', async () => {
  expect(await statusSignedBy(first)).toBe(202)
  const flood = async () => {
    for (let forged = 0; forged < 20; forged++) await statusSignedBy('forged')
  }
  // The current and the previous secret, five times.
  expect(await callsOf(flood)).toBeLessThanOrEqual(10)
  expect(await callsOf(flood)).toBe(0)
  now += 31_000
  expect(await callsOf(flood)).toBe(2)
  expect(await statusSignedBy(first)).toBe(202)
})
