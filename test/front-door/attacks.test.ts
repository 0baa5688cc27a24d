/** What an attacker tried and got: each is closed, and stays so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { presets } from '../../src/adapters/hmac/schemes.ts'
import { verifySignature } from '../../src/core/http/signature.ts'
import { configText, secrets } from '../support/config.ts'
import { githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ config: configText, env: secrets, poll: false })
})
afterAll(() => world.close())

const form = 'application/x-www-form-urlencoded'
const withType = (
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string | Uint8Array },
  type: string,
  more = {},
) => ({
  headers: { ...headers, 'content-type': type, ...more },
  body,
})
const post = (
  path: string,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string | Uint8Array },
) => world.bridge.receive(urlEvent(path, headers, body))

describe('the content type is not signed, so it cannot make another payload of a body', () => {
  it('GitHub: a title that holds a form is a title', async () => {
    const forged = encodeURIComponent('{"ref":"refs/heads/main","repository":{"name":"evil","full_name":"o/evil"}}')
    const body = JSON.stringify({
      action: 'opened',
      issue: { title: `x&payload=${forged}` },
      repository: { full_name: 'o/r' },
    })
    const captured = githubDelivery(secrets.GITHUB, body, 'push')
    expect(bodyOf(await post('/github', withType(captured, form)))).toMatchObject({ status: 'ignored' })
  })
  it('Slack: a text in an event that holds a command is a text', async () => {
    const body = '{"type":"event_callback","event":{"text":"&command=%2Fanalyze&user_id=UBOSS&text=dataset%3Dprod&"}}'
    const answer = await post('/slack', withType(slackDelivery(secrets.SLACK, body), form))
    expect(answer.body).not.toContain('queued')
  })
  it('HMAC: a note that holds a field is a note', async () => {
    const body = '{"dataset":"safe","note":"x&dataset=prod&y="}'
    const answer = await post('/partner', withType(standardDelivery(secrets.PARTNER, body), form))
    expect(bodyOf(answer)).toMatchObject({ params: { dataset: 'safe', note: 'x&dataset=prod&y=' } })
  })
})

it("the event's name is not signed, so a body cannot be sent again under another's", async () => {
  const star = JSON.stringify({
    action: 'created',
    starred_at: '2026-01-01',
    repository: { name: 'main', full_name: 'o/main' },
  })
  const { headers, body } = githubDelivery(secrets.GITHUB, star, 'star')
  const again = await post('/github', { headers: { ...headers, 'x-github-event': 'push' }, body })
  expect(bodyOf(again)).toEqual({ status: 'ignored', reason: 'the body is not that of a push event' })
})

describe('a signature header cannot be made expensive', () => {
  const request = (signatures: number) => ({
    method: 'POST',
    path: '/x',
    query: new URLSearchParams(),
    origin: '',
    headers: { 'stripe-signature': `t=1700000000${',v1=00'.repeat(signatures)}` },
    body: Buffer.alloc(4_000_000),
  })
  const timeOf = (signatures: number): number => {
    const began = performance.now()
    expect(() => verifySignature(presets.stripe, request(signatures), ['secret'], 1_700_000_000_000)).toThrow(
      'invalid signature',
    )
    return performance.now() - began
  }
  it('twenty signatures cost about as much as one', () => {
    timeOf(1)
    const [one, twenty] = [Math.min(timeOf(1), timeOf(1), timeOf(1)), Math.min(timeOf(20), timeOf(20), timeOf(20))]
    expect(twenty).toBeLessThan(one * 4)
  })
  it('and more are not even looked at', () => {
    expect(timeOf(5000)).toBeLessThan(Math.max(timeOf(1), 1) * 2)
  })
})

it('hundreds of unknown parameters are not all listed', async () => {
  const body = Array.from({ length: 900 }, (_, at) => `p${at}=1`).join('&')
  const answer = await post('/partner', withType(standardDelivery(secrets.PARTNER, body), form))
  expect(answer.statusCode).toBe(422)
  expect(answer.body.length).toBeLessThan(10_000)
})

it('what is neither true nor false is no boolean, however its text looks', async () => {
  const { resolveParams } = await import('../../src/core/routing/resolve-params.ts')
  const declared = { force: { type: 'boolean', env: 'FORCE' } } as const
  for (const value of [['yes'], { toString: 1 }, null, Object.create(null)]) {
    expect(resolveParams(declared, { kind: 'none' }, { force: value }).ok).toBe(false)
  }
})
