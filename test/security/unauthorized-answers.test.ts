/** Somebody without a secret learns nothing, neither from an answer nor from its duration. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configText, secrets } from '../support/config.ts'
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { signBody, signGitHub } from '../support/sign.ts'
import { type Node, sourcesOf } from '../support/syntax.ts'
import { startWorld, type World } from '../support/world.ts'

describe('secrets in the code', () => {
  const sources = sourcesOf('adapters', 'core')

  it('are compared in constant time, in one file', () => {
    const places = sources.filter(({ code }) => code.includes('timingSafeEqual')).map(({ path }) => path)
    expect(places).toEqual(['core/http/constant-time.ts'])
  })

  it('are never compared with an operator', () => {
    const named = /(signature|token|secret|hmac|digest|expected)s?(\(.*\))?$/i
    const harmless = /^(undefined|null|true|false|void 0|-?\d+|"[^"]*"|'[^']*')$/
    const found = sources.flatMap(({ path, code, nodes }) =>
      nodes
        .filter(({ type, operator }) => type === 'BinaryExpression' && /^[!=]==?$/.test(String(operator)))
        .map(({ left, right }) => [left, right].map((side) => code.slice((side as Node).start, (side as Node).end)))
        .filter((sides) => sides.some((side) => named.test(side)) && !sides.some((side) => harmless.test(side)))
        .map((sides) => `${path}: ${sides.join(' and ')}`),
    )
    expect(found).toEqual([])
  })
})

describe('an unauthorized answer', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ config: configText, env: secrets, poll: false })
  })
  afterAll(() => world.close())

  const json = 'application/json'
  const body = '{"dataset":"sales"}'
  const seconds = () => Math.floor(Date.now() / 1000)
  const without = ({ headers, body }: Delivery, ...names: string[]): Delivery => ({
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))),
    body,
  })
  const having = ({ headers, body }: Delivery, more: Record<string, string>): Delivery => ({
    headers: { ...headers, ...more },
    body,
  })
  const good = {
    github: () => githubDelivery(secrets.GITHUB, body, 'push'),
    slack: () => slackDelivery(secrets.SLACK, 'command=%2Fanalyze&user_id=U1'),
    partner: () => standardDelivery(secrets.PARTNER, body),
  }
  const causes: readonly [string, string, () => Delivery][] = [
    ['github', 'a wrong secret', () => githubDelivery('wrong', body, 'push')],
    ['github', 'a missing header', () => without(good.github(), 'x-hub-signature-256')],
    [
      'github',
      'only the SHA-1 header',
      () => ({ headers: { 'x-hub-signature': 'sha1=00', 'x-github-event': 'push' }, body }),
    ],
    ['github', 'a malformed signature', () => having(good.github(), { 'x-hub-signature-256': 'sha256=zz' })],
    ['github', 'an empty body', () => ({ headers: signGitHub('', secrets.GITHUB), body: '' })],
    ['github', 'another body', () => ({ ...good.github(), body: '{"dataset":"other"}' })],
    ['github', 'a body that is not UTF-8', () => githubDelivery(secrets.GITHUB, new Uint8Array([0xff, 0xfe]), 'push')],
    [
      'github',
      'an unknown event',
      () => having(githubDelivery('wrong', body, 'push'), { 'x-github-event': 'no such' }),
    ],
    ['slack', 'a wrong secret', () => slackDelivery('wrong', 'command=%2Fanalyze')],
    ['slack', 'an old timestamp', () => slackDelivery(secrets.SLACK, 'command=%2Fanalyze', seconds() - 301)],
    ['slack', 'a timestamp from the future', () => slackDelivery(secrets.SLACK, 'command=%2Fanalyze', seconds() + 302)],
    ['slack', 'a missing timestamp', () => without(good.slack(), 'x-slack-request-timestamp')],
    ['slack', 'ssl_check without a signature', () => ({ headers: {}, body: 'ssl_check=1' })],
    [
      'slack',
      'url_verification without a signature',
      () => ({ headers: { 'content-type': json }, body: '{"type":"url_verification","challenge":"x"}' }),
    ],
    ['partner', 'a wrong secret', () => standardDelivery('whsec_d3Jvbmctc2VjcmV0LXdyb25nLXNlY3JldA==', body)],
    ['partner', 'an old timestamp', () => standardDelivery(secrets.PARTNER, body, { at: seconds() - 400 })],
    ['partner', 'a missing id', () => without(good.partner(), 'webhook-id')],
    [
      'partner',
      'a thousand signatures',
      () => having(good.partner(), { 'webhook-signature': 'v1,AAAA '.repeat(1000).trim() }),
    ],
    ['custom', 'a wrong secret', () => ({ headers: signBody(body, 'x-signature', '', { key: 'wrong' }), body })],
    [
      'custom',
      'a body that is not JSON',
      () => ({ headers: signBody('{', 'x-signature', '', { key: 'wrong' }), body: '{' }),
    ],
    ['runs/0123456789abcdef0123/cancel?token=x', 'an unknown token', () => ({ headers: {}, body: '' })],
    ['runs/0123456789abcdef0123/progress', 'a missing token', () => ({ headers: {}, body: '{"percent":1}' })],
  ]

  it.each(causes)('/%s: with %s it is the same as all others', async (source, _, delivery) => {
    const { headers, body } = delivery()
    const answer = await world.bridge.receive(urlEvent(`/${source}`, headers, body))
    expect(answer).toEqual({
      statusCode: 401,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"invalid signature"}',
    })
  })

  it.each([
    '/github/',
    '/GitHub',
    '/githu%62',
    '//github',
    '/./github',
    '/x/../github',
    '/github/..',
    '/%2e%2e/github',
    '/github%00',
    '/github;x',
    '/__proto__',
    '/constructor',
    '/runs/..',
    '/runs/../github',
    '/runs/%2e%2e/github',
    '/runs/0123456789ABCDEF0123',
    '/runs/0123456789abcdef0123/',
    '/runs/0123456789abcdef0123/../cancel',
    '/runs//cancel',
    '/runs/__proto__',
    '/runs?source=__proto__',
  ])('the path %s reaches nothing without authentication', async (path) => {
    const { headers } = good.github()
    const answers = await Promise.all(
      ['POST', 'GET'].map((method) => world.bridge.receive(urlEvent(path, headers, '{}', method))),
    )
    for (const { statusCode, body } of answers) {
      expect([401, 404, 405]).toContain(statusCode)
      expect(bodyOf({ statusCode, headers: {}, body }).detail).toMatch(
        /^(there is nothing at this address|invalid signature|use (GET|POST) for .*)$/,
      )
    }
  })

  it('takes as long for a signature with a wrong first digit as for one with a wrong last digit', async () => {
    const { headers, body } = githubDelivery(secrets.GITHUB, `{"x":"${'x'.repeat(1000)}"}`, 'push')
    const right = String(headers['x-hub-signature-256'])
    const other = (digit: string | undefined) => (digit === '0' ? '1' : '0')
    const forged = {
      first: `sha256=${other(right[7])}${right.slice(8)}`,
      last: `${right.slice(0, -1)}${other(right.at(-1))}`,
      all: `sha256=${'0'.repeat(64)}`,
    }
    const times: Record<keyof typeof forged, number[]> = { first: [], last: [], all: [] }
    const kinds = Object.keys(forged) as (keyof typeof forged)[]
    // In turn, so that other load on the machine affects all of them.
    for (let round = 0; round < 400; round++)
      for (const kind of kinds) {
        const event = urlEvent('/github', { ...headers, 'x-hub-signature-256': forged[kind] }, body)
        const began = performance.now()
        await world.bridge.receive(event)
        times[kind].push(performance.now() - began)
      }
    const median = (all: number[]) => all.toSorted((a, b) => a - b)[all.length / 2] ?? 0
    for (const kind of kinds) expect(median(times[kind]) / median(times.all)).toBeGreaterThan(0.6)
    for (const kind of kinds) expect(median(times[kind]) / median(times.all)).toBeLessThan(1.7)
  })
})
