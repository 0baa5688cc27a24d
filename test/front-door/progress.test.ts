/** What a container says about itself: who may say it, what becomes of it, and what never gets through. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { statusTokenOf } from '../../src/core/http/run-tokens.ts'
import { slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'

const secrets = {
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  CALLBACK: 'whsec_Y2FsbGJhY2stc2VjcmV0LW9mLXRoZS10ZXN0cw==',
  SLACK: 'slack-secret-of-the-stage',
  BOT: 'xoxb-token-of-the-stage',
}
const task = (name: string, command: string) => `
  ${name}:
    cluster: main
    taskDefinition: ${name}
    container: app
    subnets: [subnet-a]
    params: { dataset: { type: string }, password: { type: string, secret: true }, pin: { type: integer, secret: true } }
    local: { command: [sh, -c, "exec ${command}"] }`
const config = `
sources:
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
  called:  { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER", callbackUrl: "https://shop.example.com/hook", callbackSecret: "env:CALLBACK" }
  bot:     { adapter: slack, signingSecret: "env:SLACK", botToken: "env:BOT" }
  plain:   { adapter: slack, signingSecret: "env:SLACK" }
tasks: ${task('long', 'sleep 60')} ${task('quick', 'true')}
routes:
  - { on: partner, if: "!has(body.quick)", run: long, with: { dataset: "\${body.dataset}", password: "\${body.password}", pin: "\${body.pin}" } }
  - { on: partner, if: "has(body.quick)", run: quick, with: { dataset: sales } }
  - { on: called, run: long }
  - { on: bot, command: /long, run: long }
  - { on: plain, command: /long, run: long }
`

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config, env: secrets })
})
afterAll(() => stage?.close())
afterEach(async () => {
  await stage.takeMessages()
})

const password = 'hunter2 & more'
const partner = (body: Record<string, unknown> = {}) =>
  standardDelivery(secrets.PARTNER, JSON.stringify({ dataset: 'sales', password, pin: 246813, ...body }), {
    at: stage.now() / 1000,
  })

interface Started {
  readonly run: string
  /** The query of its control link. */
  readonly statusPath: string
  readonly path: string
  readonly token: string
}

const environmentOf = async (run: string): Promise<Record<string, string>> => {
  const [task] = await stage.tasks(run)
  const { environment = [] } = task?.overrides?.containerOverrides?.[0] ?? {}
  return Object.fromEntries(environment.map(({ name = '', value = '' }) => [name, value]))
}

/** A run whose task runs, and what its container has been given. */
async function begin(source = '/partner', body: Record<string, unknown> = {}): Promise<Started> {
  const answer = await stage.post(source, partner(body))
  const { run, statusUrl } = bodyOf(answer) as { run: string; statusUrl: string }
  await stage.takeMessages()
  await stage.start(run)
  for (const event of (await stage.waitForEvents(run, 2)).slice(0, 2)) await stage.bridge.settle(event)
  const { TASKHOOK_PROGRESS_URL: url = '', TASKHOOK_TOKEN: token = '' } = await environmentOf(run)
  const { pathname, search } = new URL(statusUrl)
  return { run, statusPath: pathname + search, path: new URL(url).pathname, token }
}

/** curl's default content type. */
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const post = (
  path: string,
  token: string | undefined,
  text: string | Uint8Array,
  headers: Record<string, string> = {},
) =>
  stage.bridge.receive(
    urlEvent(path, { ...form, ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers }, text),
  )
/** Says something a second later than anything before. */
const say = ({ path, token }: Started, report: unknown) => {
  stage.advance(1000)
  return post(path, token, JSON.stringify(report))
}
const bring = (...bodies: readonly string[]) =>
  stage.bridge.start({ Records: bodies.map((body, at) => ({ messageId: `${at}`, body })) })
/** Says it, and has the queue bring it. */
async function tell(started: Started, report: unknown) {
  const answer = await say(started, report)
  expect(answer.statusCode, answer.body).toBe(202)
  await bring(...(await stage.takeMessages()))
}
const view = async ({ statusPath }: Started) => bodyOf(await stage.bridge.receive(urlEvent(statusPath, {}, '', 'GET')))

async function end({ run }: Started) {
  const { taskArn } = await stage.runRecord(run)
  await stage.stopTask(String(taskArn))
  for (const event of await stage.waitForEvents(run, 3)) await stage.bridge.settle(event)
}

async function ledgerText(): Promise<string> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: stage.dynamo.url, region: 'us-east-1', credentials })
  const { Items = [] } = await client.send(new ScanCommand({ TableName: 'taskhook' }))
  client.destroy()
  return JSON.stringify(Items)
}

describe('a container', () => {
  it('is given an address and a token, and what it says is shown', async () => {
    const started = await begin()
    expect(await environmentOf(started.run)).toMatchObject({
      TASKHOOK_PROGRESS_URL: `https://abc123.lambda-url.eu-west-1.on.aws/runs/${started.run}/progress`,
      TASKHOOK_TOKEN: /^[\w-]{43}$/,
    })
    const answer = await say(started, {
      percent: 40,
      message: 'reading the archive',
      outputs: { rows: '1200' },
      links: [{ label: 'Report', url: 'https://example.com/r' }],
    })
    expect([answer.statusCode, bodyOf(answer)]).toEqual([202, { run: started.run }])
    // It is `start` that writes it down.
    expect(await view(started)).not.toHaveProperty('progress')
    await bring(...(await stage.takeMessages()))
    expect(await view(started)).toMatchObject({
      status: 'running',
      progress: { percent: 40, message: 'reading the archive' },
      outputs: { rows: '1200' },
      links: [{ label: 'Report', url: 'https://example.com/r' }],
    })
    await tell(started, { percent: 80, outputs: { files: '3' } })
    expect(await view(started)).toMatchObject({
      progress: { percent: 80, message: 'reading the archive' },
      outputs: { rows: '1200', files: '3' },
    })
  })

  it('may say it as JSON, as a form that is none, and with bearer in any case', async () => {
    const started = await begin()
    const headers: Record<string, string>[] = [
      { 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
      { authorization: `bearer ${started.token}` },
      { authorization: `BEARER   ${started.token}` },
    ]
    for (const [at, more] of headers.entries()) {
      stage.advance(1000)
      expect((await post(started.path, started.token, `{"percent":${at + 1}}`, more)).statusCode).toBe(202)
      await bring(...(await stage.takeMessages()))
      expect(await view(started)).toMatchObject({ progress: { percent: at + 1 } })
    }
  })

  it('changes nothing but what it says', async () => {
    const answer = await stage.post('/partner', partner())
    const run = String(bodyOf(answer).run)
    await stage.takeMessages()
    await stage.start(run)
    const { TASKHOOK_PROGRESS_URL: url = '', TASKHOOK_TOKEN: token = '' } = await environmentOf(run)
    const early: Started = { run, statusPath: '', path: new URL(url).pathname, token }
    const before = await stage.runRecord(run)
    expect(before.status).toBe('starting')
    await tell(early, { percent: 100, message: 'done', outputs: { status: 'succeeded' } })
    const { progress, progressRev, ...rest } = await stage.runRecord(run)
    expect(rest).toEqual(before)
    expect(progress).toMatchObject({ percent: 100, outputs: { status: 'succeeded' } })
    expect(progressRev).toBe(1)
    expect((await say(early, { status: 'succeeded' })).statusCode).toBe(422)
  })

  it('that has ended says no more, and what it has said stays', async () => {
    const started = await begin()
    await tell(started, {
      percent: 70,
      message: 'almost',
      outputs: { rows: '7' },
      links: [{ label: 'R', url: 'https://a.b/' }],
    })
    await end(started)
    const lines = stage.logs.length
    const answer = await say(started, { percent: 90 })
    expect(answer.statusCode).toBe(410)
    expect(await stage.takeMessages()).toEqual([])
    expect(stage.logs.slice(lines).join()).toContain('the run has ended')
    expect(await view(started)).toMatchObject({
      status: 'cancelled',
      progress: { percent: 70, message: 'almost' },
      outputs: { rows: '7' },
      links: [{ label: 'R', url: 'https://a.b/' }],
    })
  })

  it('that ended while its report was on the way changes nothing', async () => {
    const started = await begin()
    await tell(started, { percent: 70 })
    await say(started, { percent: 90, outputs: { late: 'x' } })
    const late = await stage.takeMessages()
    expect(late).toHaveLength(1)
    await end(started)
    const before = await stage.runRecord(started.run)
    expect(await bring(...late, ...late)).toEqual({ batchItemFailures: [] })
    expect(await stage.runRecord(started.run)).toEqual(before)
    expect(await stage.openRuns()).not.toContain(started.run)
  })

  it('whose reports overtake each other is shown as if they had not', async () => {
    const started = await begin()
    for (const percent of [10, 20, 30])
      await say(started, { percent, message: `at ${percent}`, outputs: { last: `${percent}`, [`o${percent}`]: 'x' } })
    const timeOf = (body: string) => (JSON.parse(body) as { at: number }).at
    const newestFirst = (await stage.takeMessages()).toSorted((a, b) => timeOf(b) - timeOf(a))
    expect(newestFirst).toHaveLength(3)
    for (const body of newestFirst) await bring(body)
    expect(await view(started)).toMatchObject({
      progress: { percent: 30, message: 'at 30' },
      outputs: { last: '30', o10: 'x', o20: 'x', o30: 'x' },
    })
  })

  it('whose reports come all at once loses none', async () => {
    const started = await begin()
    for (const at of [0, 1, 2, 3]) await say(started, { percent: at, outputs: { [`o${at}`]: 'x' } })
    expect(await bring(...(await stage.takeMessages()))).toEqual({ batchItemFailures: [] })
    expect(await view(started)).toMatchObject({
      progress: { percent: 3 },
      outputs: { o0: 'x', o1: 'x', o2: 'x', o3: 'x' },
    })
  })
})

describe('a report is refused, and nothing is queued,', () => {
  let started: Started
  let other: Started
  beforeAll(async () => {
    started = await begin()
    other = await begin()
    await stage.takeMessages()
  })
  const refused = async (answer: ReturnType<typeof post>, status: number) => {
    const { statusCode, body } = await answer
    expect(statusCode, body).toBe(status)
    expect(await stage.takeMessages()).toEqual([])
    return JSON.parse(body) as { problems?: { path: string; message: string }[]; detail: string }
  }
  const control = () => new URLSearchParams(started.statusPath.split('?')[1]).get('token') ?? ''

  it.each<[string, () => string | undefined]>([
    ['no token', () => undefined],
    ['an empty one', () => ''],
    ['the token of another run', () => other.token],
    ['the control token', control],
    ['the status token', () => statusTokenOf(started.run, 'status-key-0123456789abcdef')],
    ['the key itself', () => 'status-key-0123456789abcdef'],
    ['half a token', () => started.token.slice(0, 20)],
    ['a token with more behind it', () => `${started.token}x`],
    ['two tokens', () => `${started.token} ${started.token}`],
  ])('with %s', async (_name, token) => {
    stage.advance(1000)
    await refused(post(started.path, token(), '{"percent":40}'), 401)
  })
  it('with the token elsewhere than in its header', async () => {
    stage.advance(1000)
    await refused(post(`${started.path}?token=${started.token}`, undefined, '{"percent":40}'), 401)
    await refused(post(started.path, undefined, '{"percent":40}', { authorization: `Basic ${started.token}` }), 401)
    await refused(post(started.path, undefined, '{"percent":40}', { authorization: started.token }), 401)
  })
  it('for a run that is not there', async () => {
    await refused(post(`/runs/${'0'.repeat(20)}/progress`, started.token, '{"percent":40}'), 401)
    await refused(post('/runs/x/progress', started.token, '{"percent":40}'), 404)
  })
  it.each(['GET', 'PUT', 'DELETE'])('with %s', async (method) => {
    const headers = { authorization: `Bearer ${started.token}` }
    await refused(stage.bridge.receive(urlEvent(started.path, headers, '{"percent":40}', method)), 405)
  })
  it('and its token opens nothing else', async () => {
    const headers = { authorization: `Bearer ${started.token}` }
    for (const verb of ['cancel', 'rerun'])
      await refused(stage.bridge.receive(urlEvent(`/runs/${started.run}/${verb}?token=${started.token}`, headers)), 401)
    const show = urlEvent(`/runs/${started.run}?token=${started.token}`, headers, '', 'GET')
    await refused(stage.bridge.receive(show), 401)
  })

  it('of more than 8192 bytes; 8192 are taken', async () => {
    stage.advance(1000)
    const padded = (bytes: number) => {
      const text = JSON.stringify({ message: 'é' })
      return text + ' '.repeat(bytes - Buffer.byteLength(text))
    }
    await refused(post(started.path, started.token, padded(8193)), 413)
    expect((await post(started.path, started.token, padded(8192))).statusCode).toBe(202)
    await stage.takeMessages()
  })

  it.each([
    ['nothing', ''],
    ['a form', 'percent=40&message=x'],
    ['half a JSON text', '{"percent":40'],
    ['a list', '[]'],
    ['bytes that are not UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d])],
  ])('that is %s', async (_name, text) => {
    stage.advance(1000)
    await refused(post(started.path, started.token, text), 400)
  })

  it('with all that is wrong with it, and that does not count as one', async () => {
    stage.advance(1000)
    const wrong = {
      percent: 400,
      message: 4,
      outputs: { 'my password': 'hunter2 & more', rows: 7 },
      links: [{ label: 'x', url: 'http://example.com/' }],
      colour: 'red',
    }
    const { problems = [] } = await refused(post(started.path, started.token, JSON.stringify(wrong)), 422)
    expect(problems.map(({ path }) => path)).toEqual([
      'colour',
      'percent',
      'message',
      'outputs.my password',
      'outputs.rows',
      'links[0].url',
    ])
    await refused(post(started.path, started.token, '{}'), 422)
    expect((await post(started.path, started.token, '{"percent":1}')).statusCode).toBe(202)
    await stage.takeMessages()
  })

  it('within a second of the one before, of this run alone', async () => {
    stage.advance(1000)
    expect((await post(started.path, started.token, '{"percent":1}')).statusCode).toBe(202)
    await stage.takeMessages()
    const again = post(started.path, started.token, '{"percent":2}')
    await refused(again, 429)
    expect((await again).headers['retry-after']).toBe('1')
    expect((await post(other.path, other.token, '{"percent":1}')).statusCode).toBe(202)
    stage.advance(1000)
    expect((await post(started.path, started.token, '{"percent":2}')).statusCode).toBe(202)
    await stage.takeMessages()
  })

  it('and the log says so in our own words', async () => {
    stage.advance(1000)
    const lines = stage.logs.length
    await refused(post(started.path, started.token, '{"outputs":{"hunter2 & more":1,"x":"hunter2"},"hunter2":1}'), 422)
    await refused(post(started.path, 'hunter2', '{"percent":"hunter2"}'), 401)
    expect(stage.logs.slice(lines).join('')).not.toContain('hunter2')
    expect(stage.logs.slice(lines).map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual([
      'refused',
      'unauthorized',
    ])
  })
})

describe('a secret parameter', () => {
  it('is taken out of all that a container says, before it is written down', async () => {
    const lines = stage.logs.length
    const started = await begin()
    expect(await environmentOf(started.run)).toMatchObject({ PASSWORD: password, PIN: '246813' })
    await tell(started, {
      percent: 24,
      message: `logging in with ${password} and 246813 about sales`,
      outputs: { 'pin.246813': `password=${password}` },
      links: [{ label: password, url: `https://example.com/246813?p=${encodeURIComponent(password)}` }],
    })
    const { progress, params, ...shown } = await view(started)
    expect(progress).toEqual({ percent: 24, message: 'logging in with (hidden) and (hidden) about sales' })
    expect(params).toEqual({ dataset: 'sales', password: '(hidden)', pin: '(hidden)' })
    expect(shown).toMatchObject({
      outputs: { 'pin.(hidden)': 'password=(hidden)' },
      links: [{ label: '(hidden)', url: 'https://example.com/(hidden)?p=(hidden)' }],
    })
    const seen = {
      view: JSON.stringify(await view(started)),
      ledger: JSON.stringify((await stage.runRecord(started.run)).progress),
      logs: stage.logs.slice(lines).join(''),
    }
    for (const [name, text] of Object.entries(seen)) {
      expect(text, name).not.toContain('hunter2')
      expect(text, name).not.toContain('246813')
    }
  })

  it('no token of a run is written down or logged', async () => {
    const started = await begin()
    await tell(started, { percent: 1 })
    expect(await ledgerText()).not.toContain(started.token)
    expect(stage.logs.join('')).not.toContain(started.token)
    expect(JSON.stringify(await view(started))).not.toContain(started.token)
  })
})

let commands = 0
async function typed(source: string): Promise<Started> {
  const id = `${source}-${commands++}`
  const body = new URLSearchParams({
    ...{ command: '/long', text: 'dataset=sales', user_id: 'U1', channel_id: 'C1', trigger_id: `1.2.${id}` },
    response_url: `https://hooks.slack.com/commands/T1/${id}/x`,
  }).toString()
  const answer = await stage.post(`/${source}`, slackDelivery(secrets.SLACK, body, stage.now() / 1000))
  const run = /"value":"([0-9a-f]{20})"/.exec(answer.body)?.[1] ?? ''
  await stage.takeMessages()
  await stage.start(run)
  for (const event of (await stage.waitForEvents(run, 2)).slice(0, 2)) await stage.bridge.settle(event)
  const { TASKHOOK_PROGRESS_URL: url = '', TASKHOOK_TOKEN: token = '' } = await environmentOf(run)
  return { run, statusPath: '', path: new URL(url).pathname, token }
}
const posts = (part: string, from = 0) =>
  stage.notifications.slice(from).filter(({ url }) => url.pathname.includes(part))

describe('Slack, with a bot token,', () => {
  it('edits its message, with a bar', async () => {
    const from = stage.notifications.length
    const started = await typed('bot')
    expect(posts('chat.postMessage', from)).toHaveLength(1)
    stage.advance(5000)
    await tell(started, { percent: 40, message: 'reading', outputs: { rows: '12' } })
    const edits = posts('chat.update', from).map(({ body }) => body as { ts: string; text: string; blocks: unknown })
    expect(edits).toHaveLength(1)
    expect(edits[0]).toMatchObject({ ts: '1772359200.000100', text: 'long running, 40 %: reading' })
    expect(JSON.stringify(edits[0]?.blocks)).toContain(`\`${'█'.repeat(8)}${'░'.repeat(12)}\` 40 %\\n*rows*  12`)
    expect(posts('chat.postMessage', from)).toHaveLength(1)
    await end(started)
    const last = posts('chat.update', from).at(-1)?.body as { text: string; blocks: unknown }
    expect(last.text).toContain('cancelled')
    expect(JSON.stringify(last.blocks)).toContain('*rows*  12')
    expect(JSON.stringify(last.blocks)).not.toContain('█')
  })

  /** So many seconds of a container that reports each second, with the queue bringing each message when it is due. */
  async function seconds(started: Started, count: number) {
    const waiting: { due: number; body: string }[] = []
    let seen = stage.sqs.callsOf('SendMessage').length
    const collect = () => {
      const calls = stage.sqs.callsOf('SendMessage')
      for (const { input } of calls.slice(seen))
        waiting.push({ due: stage.now() + Number(input.DelaySeconds) * 1000, body: String(input.MessageBody) })
      seen = calls.length
    }
    const edits: number[] = []
    for (let second = 0; second < count; second++) {
      await say(started, { percent: second })
      for (collect(); waiting.some(({ due }) => due <= stage.now()); collect()) {
        const at = waiting.findIndex(({ due }) => due <= stage.now())
        const [message] = waiting.splice(at, 1)
        const before = posts('chat.update').length
        await bring(message?.body ?? '')
        for (const _ of posts('chat.update').slice(before)) edits.push(stage.now())
      }
    }
    return { edits, waiting: waiting.length }
  }

  it('edits it every five seconds at most, however often a container reports', async () => {
    const started = await typed('bot')
    stage.advance(5000)
    const { edits, waiting } = await seconds(started, 21)
    const pauses = edits.slice(1).map((at, before) => at - (edits[before] ?? 0))
    expect(edits.length).toBeGreaterThanOrEqual(4)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(4990)
    expect(waiting).toBeLessThan(10)
  })

  it('is told the last of many reports', async () => {
    const from = stage.notifications.length
    const started = await typed('bot')
    await tell(started, { percent: 1 })
    await tell(started, { percent: 2 })
    expect(posts('chat.update', from)).toEqual([])
    // Put off, and no longer than need be.
    const delay = stage.messageDelays(started.run).at(-1) ?? 0
    expect(delay).toBeGreaterThan(0)
    expect(delay).toBeLessThanOrEqual(5)
    stage.advance(5000)
    await bring(JSON.stringify({ verb: 'tell', run: started.run }))
    await bring(JSON.stringify({ verb: 'tell', run: started.run }))
    expect(posts('chat.update', from).map(({ body }) => (body as { text: string }).text)).toEqual(['long running, 2 %'])
  })
})

describe('whoever does not edit', () => {
  it('(Slack without a bot token) is told nothing of it, so that nothing is used up', async () => {
    const from = stage.notifications.length
    const started = await typed('plain')
    const before = posts('/commands/', from).length
    for (let percent = 0; percent < 8; percent++) {
      stage.advance(5000)
      await tell(started, { percent })
      await bring(JSON.stringify({ verb: 'tell', run: started.run }))
    }
    expect(posts('/commands/', from)).toHaveLength(before)
    // What was put off for another run may come meanwhile.
    expect(posts('chat.', from).filter(({ body }) => JSON.stringify(body).includes(started.run))).toEqual([])
    await end(started)
    expect(posts('/commands/', from)).toHaveLength(before + 1)
    expect(posts('/commands/', from).at(-1)?.body).toMatchObject({ text: expect.stringContaining('cancelled') })
  })

  it('(a callback) is told with the next status', async () => {
    const from = stage.notifications.length
    const started = await begin('/called', { pin: 1, password: 'x' })
    await tell(started, { percent: 3, outputs: { rows: '7' } })
    const told = () => posts('/hook', from).map(({ body }) => body as { type: string; data: { outputs?: unknown } })
    expect(told().map(({ type }) => type)).toEqual(['run.starting', 'run.running'])
    await end(started)
    expect(told().map(({ type }) => type)).toEqual(['run.starting', 'run.running', 'run.cancelled'])
    expect(told().at(-1)?.data.outputs).toEqual({ rows: '7' })
    expect(await stage.openRuns()).not.toContain(started.run)
  })

  // isTold asks for the progress of everybody, so the sweep tells a status once more that was told.
  it('(a callback) is not told the same status again by the sweep', async () => {
    const from = stage.notifications.length
    const started = await begin('/called', { pin: 1, password: 'x' })
    for (const percent of [1, 2]) {
      await tell(started, { percent })
      stage.advance(601_000)
      await stage.sweep()
    }
    const told = posts('/hook', from).map(({ body }) => (body as { type: string }).type)
    expect(told).toEqual(['run.starting', 'run.running'])
  })
})
