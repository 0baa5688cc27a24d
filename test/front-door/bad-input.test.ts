/** docs: what is not proven gets one and the same 401, what cannot be read a 4xx that says why; and none of it starts anything. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { configText, secrets } from '../support/config.ts'
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  // The queue is not delivered, so what is accepted by mistake stays countable.
  world = await startWorld({ config: configText, env: secrets, poll: false })
})
afterAll(() => world.close())

/** No case starts anything: there is no item in the table and no task. */
afterEach(async () => {
  expect(await world.tasks()).toEqual([])
  const { ScanCommand } = await import('@aws-sdk/client-dynamodb')
  const { Count } = await world.emulators.dynamo.send(new ScanCommand({ TableName: 'taskhook' }))
  expect(Count).toBe(0)
})

const post = (path: string, { headers, body }: Delivery) => world.bridge.receive(urlEvent(path, headers, body))

const slackForm = (fields: Record<string, string> = {}) =>
  new URLSearchParams({
    command: '/analyze',
    text: 'dataset=sales',
    user_id: 'U1',
    channel_id: 'C1',
    response_url: 'https://hooks.slack.com/commands/T1/1/x',
    trigger_id: '1.2.3',
    ...fields,
  }).toString()
const valid: Record<string, () => Delivery> = {
  '/github': () =>
    githubDelivery(secrets.GITHUB, '{"ref":"refs/heads/main","repository":{"name":"x","full_name":"o/x"}}', 'push'),
  '/slack': () => slackDelivery(secrets.SLACK, slackForm()),
  '/partner': () => standardDelivery(secrets.PARTNER, '{"dataset":"sales"}'),
}
const signatureHeader: Record<string, string> = {
  '/github': 'x-hub-signature-256',
  '/slack': 'x-slack-signature',
  '/partner': 'webhook-signature',
}
const paths = Object.keys(valid)
const signed = (path: string): Delivery => valid[path]?.() ?? { headers: {}, body: '' }
const headerOf = (path: string): string => signatureHeader[path] ?? ''

describe('the same 401 is the answer to', () => {
  const unauthorized = { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'invalid signature' }
  const expectRefused = async (path: string, delivery: Delivery) => {
    const answer = await post(path, delivery)
    expect(answer.statusCode).toBe(401)
    expect(bodyOf(answer)).toEqual(unauthorized)
  }

  it.each(paths)('%s without a signature', async (path) => {
    const { headers, body } = signed(path)
    const { [headerOf(path)]: _gone, ...rest } = headers
    await expectRefused(path, { headers: rest, body })
  })
  it.each(paths)('%s with a wrong signature', async (path) => {
    const { headers, body } = signed(path)
    const value = headers[headerOf(path)] ?? ''
    const wrong = value.slice(0, -2) + (value.endsWith('0') ? '11' : '00')
    await expectRefused(path, { headers: { ...headers, [headerOf(path)]: wrong }, body })
  })
  it.each(paths)('%s with the signature header twice', async (path) => {
    const { headers, body } = signed(path)
    const value = headers[headerOf(path)] ?? ''
    await expectRefused(path, { headers: { ...headers, [headerOf(path)]: `${value},${value}` }, body })
  })
  it.each(paths)('%s with an empty body under the old signature', async (path) => {
    await expectRefused(path, { ...signed(path), body: '' })
  })
  it.each(paths)('%s with any byte flipped', async (path) => {
    const { headers, body } = signed(path)
    const bytes = Buffer.from(body)
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      const answer = await post(path, { headers, body: flipped })
      expect(answer.statusCode, `byte ${at}`).toBe(401)
    }
  })
  // The limit of 300 s is tested exactly in test/core/http; here time passes between signing and checking.
  it.each([-303, 303])('a clock that is %i s off', async (off) => {
    const at = Date.now() / 1000 + off
    await expectRefused('/slack', slackDelivery(secrets.SLACK, slackForm(), at))
    await expectRefused('/partner', standardDelivery(secrets.PARTNER, '{"dataset":"sales"}', { at }))
  })
  it('a body that is not UTF-8, if the protocol of the sender is text', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d])
    await expectRefused('/github', githubDelivery(secrets.GITHUB, bytes, 'push'))
    await expectRefused('/slack', slackDelivery(secrets.SLACK, bytes))
  })
  it('many requests whose reasons the log tells apart, without a signature or a secret', async () => {
    for (const path of paths) {
      const { headers, body } = signed(path)
      await post(path, { headers: {}, body })
      for (const value of ['', 'x', `${headers[headerOf(path)]}0`])
        await post(path, { headers: { ...headers, [headerOf(path)]: value }, body })
    }
    await post('/partner', standardDelivery(secrets.PARTNER, '{}', { at: Date.now() / 1000 - 303 }))
    const reasons = world
      .deliveryLines()
      .filter(({ outcome }) => outcome === 'unauthorized')
      .map(({ reason }) => String(reason))
    expect(reasons.length).toBeGreaterThan(10)
    expect(new Set(reasons).size).toBeGreaterThan(4)
    for (const secret of Object.values(secrets)) expect(world.logs.join('')).not.toContain(secret)
  })
})

describe('a body that cannot be read', () => {
  it.each([
    ['malformed JSON', () => standardDelivery(secrets.PARTNER, '{"dataset":'), 'the body is not valid JSON'],
    [
      'invalid UTF-8',
      () => standardDelivery(secrets.PARTNER, Buffer.from([0x22, 0xff, 0x22])),
      'the body is not valid UTF-8',
    ],
    ['an empty body', () => standardDelivery(secrets.PARTNER, ''), 'the body is empty: send JSON or a form'],
  ])('%s, correctly signed, is 400', async (_name, make, detail) => {
    const answer = await post('/partner', make())
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(bodyOf(answer)).toMatchObject({ detail })
  })
  it('a malformed form is 400', async () => {
    const { headers, body } = standardDelivery(secrets.PARTNER, 'dataset=%zz')
    const answer = await post('/partner', {
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
    expect(answer.statusCode).toBe(400)
  })
  it('malformed JSON of GitHub is 400, and so is a form without a payload', async () => {
    expect((await post('/github', githubDelivery(secrets.GITHUB, '{"ref":', 'push'))).statusCode).toBe(400)
    const form = githubDelivery(secrets.GITHUB, 'nothing=here', 'push')
    const answer = await post('/github', {
      headers: { ...form.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: form.body,
    })
    expect(bodyOf(answer)).toMatchObject({ status: 400, detail: 'the form has no field "payload"' })
  })
  it('a malformed form of Slack is answered in words', async () => {
    const answer = await post('/slack', slackDelivery(secrets.SLACK, 'command=%2Fanalyze&text=%zz'))
    expect(answer.statusCode).toBe(200)
    expect(String(bodyOf(answer).text)).toContain('escape is broken')
  })
  it('invalid base64 is 400', async () => {
    const event = { ...urlEvent('/partner', {}, 'x'), body: 'not base64!', isBase64Encoded: true }
    expect((await world.bridge.receive(event)).statusCode).toBe(400)
  })
  it('a body of 7 MB is 413, without a signature check', async () => {
    const answer = await post('/partner', {
      headers: { 'content-type': 'application/json' },
      body: Buffer.alloc(7 * 1024 * 1024, 0x20),
    })
    expect(answer.statusCode).toBe(413)
  })
})

describe('an address or event that does not exist', () => {
  it.each(['/nobody', '/', '/github/extra', '/__proto__', '/constructor', '/runs/', '/runs/zzz'])(
    '%s is 404',
    async (path) => {
      expect((await post(path, signed('/partner'))).statusCode).toBe(404)
    },
  )
  it.each(['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('%s on a source is 405', async (method) => {
    expect((await world.bridge.receive(urlEvent('/partner', {}, '', method))).statusCode).toBe(405)
  })
  it("a run's status without its token is 401, with another method 405", async () => {
    const path = `/runs/${'0'.repeat(20)}`
    expect((await world.bridge.receive(urlEvent(path, {}, '', 'GET'))).statusCode).toBe(401)
    expect((await world.bridge.receive(urlEvent(`${path}?token=x`, {}, '', 'GET'))).statusCode).toBe(401)
    expect((await world.bridge.receive(urlEvent(path, {}, ''))).statusCode).toBe(405)
  })
  it('an unknown GitHub event is 200 and ignored', async () => {
    const answer = await post(
      '/github',
      githubDelivery(secrets.GITHUB, '{"repository":{"full_name":"o/x"}}', 'something_new'),
    )
    expect(bodyOf(answer)).toMatchObject({ status: 'ignored' })
    expect(answer.statusCode).toBe(200)
  })
  it('a GitHub delivery without an event is 400', async () => {
    const { headers, body } = githubDelivery(secrets.GITHUB, '{}', 'push')
    const { 'x-github-event': _gone, ...rest } = headers
    expect((await post('/github', { headers: rest, body })).statusCode).toBe(400)
  })
  it('an unknown command is named in the answer', async () => {
    const answer = await post('/slack', slackDelivery(secrets.SLACK, slackForm({ command: '/deploy' })))
    expect(answer.statusCode).toBe(200)
    expect(bodyOf(answer)).toMatchObject({ text: 'Nothing was started: no route takes /deploy' })
  })
})

describe('a wrong parameter is 422:', () => {
  const refusal = async (body: unknown) => {
    const answer = await post('/partner', standardDelivery(secrets.PARTNER, JSON.stringify(body)))
    expect(answer.statusCode).toBe(422)
    return bodyOf(answer).problems as { path: string; message: string }[]
  }
  it.each([
    [
      'unknown, with a suggestion',
      { dataset: 'x', dpeth: 2 },
      { path: 'dpeth', message: 'is not a parameter; did you mean "depth"?' },
    ],
    ['missing', {}, { path: 'dataset', message: 'is missing: text like ^[a-z0-9_-]{1,64}$' }],
    ['of another type', { dataset: 'x', depth: '3' }, { path: 'depth', message: 'is not an integer from 1 to 10' }],
    ['out of range', { dataset: 'x', depth: 11 }, { path: 'depth', message: 'is 11; the largest is 10' }],
    [
      'against its pattern',
      { dataset: 'A B' },
      { path: 'dataset', message: 'is "A B", which does not match ^[a-z0-9_-]{1,64}$' },
    ],
    [
      'oversized',
      { dataset: 'x', note: 'y'.repeat(9000) },
      { path: 'note', message: 'has 9000 characters; the maximum is 8192' },
    ],
    [
      'the name of a variable',
      { dataset: 'x', AWS_SECRET_ACCESS_KEY: 'y' },
      { path: 'AWS_SECRET_ACCESS_KEY', message: 'is not a parameter; the task takes dataset, depth, note' },
    ],
    [
      'constructor',
      { dataset: 'x', constructor: 1 },
      { path: 'constructor', message: 'is not a parameter; the task takes dataset, depth, note' },
    ],
  ])('%s', async (_name, body, problem) => {
    expect(await refusal(body)).toEqual([problem])
  })
  it('__proto__ as a key is an unknown parameter', async () => {
    const answer = await post('/partner', standardDelivery(secrets.PARTNER, '{"dataset":"x","__proto__":{"depth":2}}'))
    expect(answer.statusCode).toBe(422)
    expect(bodyOf(answer).problems).toMatchObject([{ path: '__proto__' }])
  })
  it('all of several', async () => {
    const problems = await refusal({ depth: 99, wat: 1 })
    expect(problems.map(({ path }) => path).sort()).toEqual(['dataset', 'depth', 'wat'])
  })
  it('several that are too large together, with the size of each', async () => {
    const problems = await refusal({ dataset: 'x', note: 'é'.repeat(4090) })
    expect(problems[0]).toMatchObject({
      path: 'note',
      message: expect.stringMatching(/^takes 82\d\d bytes$/) as unknown,
    })
  })
  it('several in Slack, in one message', async () => {
    const answer = await post('/slack', slackDelivery(secrets.SLACK, slackForm({ text: 'depth=99 wat=1' })))
    expect(answer.statusCode).toBe(200)
    for (const word of ['dataset', 'depth', 'wat']) expect(answer.body).toContain(word)
  })
})
