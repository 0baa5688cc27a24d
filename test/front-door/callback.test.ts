/** Whoever is called back hears of every change once, can prove from whom it comes, and is somebody on the internet. */
import type { lookup as systemLookup } from 'node:dns'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { presets } from '../../src/adapters/hmac/schemes.ts'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createPublicFetch } from '../../src/core/http/public-fetch.ts'
import { publicLookup } from '../../src/core/http/public-lookup.ts'
import { verifySignature } from '../../src/core/http/signature.ts'
import { requestOf } from '../contract/request.ts'
import { standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'

const secrets = {
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  CALLBACK: 'whsec_Y2FsbGJhY2stc2VjcmV0LW9mLXRoZS10ZXN0cw==',
}
const task = `
  t:
    cluster: main
    taskDefinition: t
    container: app
    subnets: [subnet-a]
    params: { dataset: { type: string } }
    local: { command: [sh, -c, "env; true"] }`
const signed = 'adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER"'
const home = 'https://shop.example.com/taskhook'
const config = `
sources:
  shop:  { ${signed}, callbackSecret: "env:CALLBACK", callbackUrl: "${home}", callbackHosts: [hooks.example.com, "*.partner.example"] }
  fixed: { ${signed}, callbackSecret: "env:CALLBACK", callbackUrl: "${home}" }
  own:   { ${signed}, callbackSecret: "env:CALLBACK", callbackHosts: hooks.example.com }
tasks: ${task}
routes:
  - { on: shop, run: t }
  - { on: fixed, run: t }
  - { on: own, run: t }
`

interface Call {
  readonly at: number
  readonly url: string
  readonly method: string | undefined
  readonly headers: Record<string, string>
  readonly text: string
  readonly body: { readonly type: string; readonly timestamp: string; readonly data: Record<string, unknown> }
}

let stage: Stage
const calls: Call[] = []
let status = 204
beforeAll(async () => {
  stage = await startStage({
    config,
    env: secrets,
    async fetchPublic(input, init = {}) {
      const [text, headers] = [String(init.body), Object.fromEntries(new Headers(init.headers))]
      calls.push({ at: stage.now(), url: String(input), method: init.method, headers, text, body: JSON.parse(text) })
      return new Response(null, { status })
    },
  })
})
afterAll(() => stage?.close())
beforeEach(() => {
  calls.length = 0
  status = 204
})
afterEach(() => stage.takeMessages())

const delivery = (body: Record<string, unknown>, at = stage.now()) =>
  standardDelivery(secrets.PARTNER, JSON.stringify(body), { at: at / 1000 })
const minutes = (count: number) => count * 60_000

/** A whole life, event by event. */
async function live(source = '/shop', body: Record<string, unknown> = { dataset: 'sales' }) {
  const run = await stage.accept(source, delivery(body))
  await stage.start(run)
  await stage.settleToEnd(run)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded' })
  return run
}
const told = () => calls.map(({ body }) => body.type)
const hooksOf = (run: string) => calls.filter(({ body }) => body.data.run === run)

/** All that is written down, read past the handlers. */
async function ledgerOf({ dynamo }: Stage) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: dynamo.url, region: 'us-east-1', credentials })
  const { Items = [] } = await client.send(new ScanCommand({ TableName: 'taskhook' }))
  client.destroy()
  return Items
}

/** As the vendor's package checks it, at the time at which it was sent. */
function checked({ at, text, headers }: Call): unknown {
  vi.useFakeTimers({ toFake: ['Date'], now: at })
  try {
    return new Webhook(secrets.CALLBACK).verify(text, headers)
  } finally {
    vi.useRealTimers()
  }
}

describe('who is called back', () => {
  it('hears of each status once, with what GET shows then', async () => {
    const answer = await stage.post('/shop', delivery({ dataset: 'sales' }))
    const { run, statusUrl } = bodyOf(answer) as { run: string; statusUrl: string }
    expect(calls).toEqual([])
    await stage.takeMessages()
    await stage.start(run)
    await stage.settleToEnd(run)
    expect(told()).toEqual(['run.starting', 'run.running', 'run.succeeded'])
    expect(new Set(calls.map(({ url, method }) => `${method} ${url}`))).toEqual(new Set([`POST ${home}`]))
    const { pathname, search } = new URL(statusUrl)
    const shown = bodyOf(await stage.bridge.receive(urlEvent(pathname + search, {}, '', 'GET')))
    const { statusUrl: link, ...rest } = calls.at(-1)?.body.data ?? {}
    const { statusUrl: _, ...wanted } = shown
    expect(rest).toEqual(wanted)
    expect(rest).toMatchObject({ run, task: 't', status: 'succeeded', exitCode: 0, params: { dataset: 'sales' } })
    // It shows the run, and does no more.
    const [, path = ''] = /^https:\/\/[^/]+(\/.*)$/.exec(String(link)) ?? []
    expect((await stage.bridge.receive(urlEvent(path, {}, '', 'GET'))).statusCode).toBe(200)
    expect((await stage.bridge.receive(urlEvent(path.replace('?', '/cancel?'), {}))).statusCode).toBe(401)
    expect(await stage.openRuns()).not.toContain(run)
  })

  it('can prove that it was us, with the vendor’s own package', async () => {
    const run = await live()
    expect(calls).toHaveLength(3)
    for (const call of calls) {
      expect(checked(call)).toEqual(call.body)
      expect(() => checked({ ...call, text: call.text.replace('sales', 'seles') })).toThrow('No matching signature')
      expect(call.headers['content-type']).toBe('application/json')
      expect(call.headers['webhook-id']).toBe(`${run}_${call.body.type.replace('run.', '')}`)
    }
    expect(new Set(calls.map(({ headers }) => headers['webhook-id'])).size).toBe(3)
  })

  it('may be a taskhook', async () => {
    await live()
    for (const { at, headers, text } of calls) {
      const request = requestOf(text, headers)
      expect(() => verifySignature(presets['standard-webhooks'], request, [secrets.CALLBACK], at)).not.toThrow()
      expect(() => verifySignature(presets['standard-webhooks'], request, [secrets.PARTNER], at)).toThrow()
    }
  })

  it('is told when it happened, and that a retry is the same event', async () => {
    status = 503
    const run = await live()
    const { startedAt, stoppedAt, createdAt } = calls.at(-1)?.body.data ?? {}
    expect(calls.map(({ body }) => body.timestamp)).toEqual([createdAt, startedAt, stoppedAt])
    status = 200
    stage.advance(minutes(2) + 1000)
    await stage.sweep()
    const [first, again] = hooksOf(run).filter(({ body }) => body.type === 'run.succeeded')
    expect(again?.text).toBe(first?.text)
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    // The attempt has a time of its own, since a receiver refuses what is old.
    expect(Number(again?.headers['webhook-timestamp'])).toBeGreaterThan(Number(first?.headers['webhook-timestamp']))
    if (again !== undefined) expect(checked(again)).toEqual(again.body)
  })

  it('hears of a cancellation, too', async () => {
    const run = await stage.accept('/shop', delivery({ dataset: 'sales' }))
    await stage.bridge.start({
      Records: [{ messageId: 'c', body: JSON.stringify({ verb: 'cancel', run, by: 'ann' }) }],
    })
    expect(calls.map(({ body }) => [body.type, body.data.reason])).toEqual([['run.cancelled', 'cancelled by ann']])
    expect(await stage.openRuns()).not.toContain(run)
  })
})

describe('an address of the delivery’s own', () => {
  it.each([
    ['https://hooks.example.com/x?y=1', 'https://hooks.example.com/x?y=1'],
    ['https://hooks.example.com:8443', 'https://hooks.example.com:8443/'],
    ['HTTPS://HOOKS.example.com/', 'https://hooks.example.com/'],
    ['https://a.b.partner.example/', 'https://a.b.partner.example/'],
  ])('%s wins over the config’s', async (callbackUrl, url) => {
    await live('/shop', { dataset: 'sales', callbackUrl })
    expect(calls.map((call) => call.url)).toEqual([url, url, url])
    for (const call of calls) checked(call)
  })

  it('is no parameter and no variable, and nobody is shown it', async () => {
    const callbackUrl = 'https://hooks.example.com/only-for-us'
    const lines = stage.output.length
    const answer = await stage.post('/shop', delivery({ dataset: 'sales', callbackUrl }))
    const { run } = bodyOf(answer) as { run: string }
    await stage.takeMessages()
    await stage.start(run)
    await stage.settleToEnd(run)
    expect(bodyOf(answer).params).toEqual({ dataset: 'sales' })
    expect(answer.body).not.toContain('only-for-us')
    expect(calls.map(({ text }) => text).join()).not.toContain('only-for-us')
    const environment = stage.output.slice(lines).join('\n')
    expect(environment).toContain('DATASET=sales')
    expect(environment).not.toMatch(/only-for-us|callback/i)
    expect(stage.logs.join()).not.toContain('only-for-us')
    const [task] = await stage.tasks(run)
    expect(JSON.stringify(task?.overrides)).not.toContain('only-for-us')
  })

  it('comes in a form, too', async () => {
    const body = new URLSearchParams({ dataset: 'sales', callbackUrl: 'https://hooks.example.com/form' }).toString()
    const { headers } = standardDelivery(secrets.PARTNER, body, { at: stage.now() / 1000 })
    const run = await stage.accept('/shop', {
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
    await stage.start(run)
    expect(calls.map(({ url }) => url)).toEqual(['https://hooks.example.com/form'])
    expect((await stage.runRecord(run)).plan.params).toEqual({ dataset: 'sales' })
    await stage.settleToEnd(run)
  })

  it.each<[unknown, string]>([
    ['http://hooks.example.com/', 'does not use https'],
    ['ftp://hooks.example.com/', 'does not use https'],
    ['https://ann@hooks.example.com/', 'contains a user name or password'],
    ['https://:pw@hooks.example.com/', 'contains a user name or password'],
    ['https://evil.example/', 'is on a host that is not allowed'],
    ['https://shop.example.com/', 'is on a host that is not allowed'],
    ['https://hooks.example.com.evil.example/', 'is on a host that is not allowed'],
    ['https://evil.example/hooks.example.com', 'is on a host that is not allowed'],
    ['https://evil.example\\@hooks.example.com/', 'is on a host that is not allowed'],
    ['https://sub.hooks.example.com/', 'is on a host that is not allowed'],
    ['https://hooks.example.com./', 'is on a host that is not allowed'],
    ['https://partner.example/', 'is on a host that is not allowed'],
    ['https://evilpartner.example/', 'is on a host that is not allowed'],
    ['https://169.254.169.254/latest/meta-data/', 'contains an IP address in place of a host name'],
    ['https://localhost/', 'points to a private host'],
    ['https://[::1]/', 'contains an IP address in place of a host name'],
    ['hooks.example.com', 'is not a URL'],
    ['//hooks.example.com/', 'is not a URL'],
    ['', 'is not a URL'],
    [`https://hooks.example.com/${'x'.repeat(2000)}`, 'is not a URL'],
    [null, 'is not a URL'],
    [7, 'is not a URL'],
    [true, 'is not a URL'],
    [['https://hooks.example.com/'], 'is not a URL'],
    [{ href: 'https://hooks.example.com/' }, 'is not a URL'],
  ])('%j is refused: %s', async (callbackUrl, message) => {
    const before = await ledgerOf(stage)
    const answer = await stage.post('/shop', delivery({ dataset: 'sales', callbackUrl }))
    expect(answer.statusCode, answer.body).toBe(422)
    expect(bodyOf(answer)).toMatchObject({ problems: [{ path: 'callbackUrl', message }] })
    expect(await stage.takeMessages()).toEqual([])
    expect((await ledgerOf(stage)).length).toBe(before.length)
    expect(calls).toEqual([])
  })

  it('is an unknown parameter where no hosts are named', async () => {
    const answer = await stage.post('/fixed', delivery({ dataset: 'sales', callbackUrl: 'https://hooks.example.com/' }))
    expect(answer.statusCode).toBe(422)
    expect(bodyOf(answer).problems).toMatchObject([
      { path: 'callbackUrl', message: expect.stringContaining('is not a parameter') },
    ])
    expect(await stage.takeMessages()).toEqual([])
    await live('/fixed')
    expect(calls.map(({ url }) => url)).toEqual([home, home, home])
  })

  it('is the only one where the config has none: without it nobody is called', async () => {
    const silent = await live('/own')
    expect(calls).toEqual([])
    expect(await stage.openRuns()).not.toContain(silent)
    await live('/own', { callbackUrl: 'https://hooks.example.com/own' })
    expect(calls.map(({ url }) => url)).toEqual(Array(3).fill('https://hooks.example.com/own'))
  })
})

describe('a receiver that does not take it', () => {
  it.each([500, 404, 302, 304, 410])('and answers %d is tried again, with the newest alone', async (wrong) => {
    status = wrong
    const run = await live()
    expect(told()).toEqual(['run.starting', 'run.running', 'run.succeeded'])
    expect(await stage.openRuns()).toContain(run)
    calls.length = 0
    await stage.sweep()
    expect(calls).toEqual([])
    status = 200
    stage.advance(minutes(2) + 1000)
    await stage.sweep()
    expect(told()).toEqual(['run.succeeded'])
    expect(calls[0]?.headers['webhook-id']).toBe(`${run}_succeeded`)
    expect(await stage.openRuns()).not.toContain(run)
    stage.advance(minutes(600))
    await stage.sweep()
    expect(told()).toEqual(['run.succeeded'])
  })

  it('for hours is given up after ten tries, each later than the one before', async () => {
    status = 500
    const run = await live()
    const lines = stage.logs.length
    for (let minute = 0; minute < 330; minute++) {
      stage.advance(minutes(1))
      await stage.sweep()
    }
    expect(told().slice(0, 2)).toEqual(['run.starting', 'run.running'])
    const ended = calls.slice(2)
    expect(new Set(ended.map(({ body }) => body.type))).toEqual(new Set(['run.succeeded']))
    expect(new Set(ended.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`${run}_succeeded`]))
    for (const call of calls) checked(call)
    const pauses = ended.slice(1).map(({ at }, before) => Math.round((at - (ended[before]?.at ?? 0)) / minutes(1)))
    // The sweep comes once a minute, so each may be a little later.
    const wanted = [2, 4, 8, 16, 32, 60, 60, 60, 60]
    expect(pauses).toHaveLength(wanted.length)
    for (const [at, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(wanted[at] ?? 0)
      expect(pause).toBeLessThanOrEqual((wanted[at] ?? 0) + 1)
    }
    expect(await stage.openRuns()).not.toContain(run)
    expect(stage.logs.slice(lines).join()).toContain('the sender was never told; giving up')
  }, 60_000)
})

it('no secret is written down, logged or sent', async () => {
  status = 500
  await live()
  const texts = {
    ledger: JSON.stringify(await ledgerOf(stage)),
    logs: stage.logs.join(),
    output: stage.output.join(),
    calls: JSON.stringify(calls),
  }
  for (const [name, text] of Object.entries(texts)) {
    expect(text.length, name).toBeGreaterThan(100)
    for (const secret of [...Object.values(secrets), 'status-key-0123456789abcdef'])
      expect(text, name).not.toContain(secret.replace('whsec_', ''))
  }
})

describe('an address in the config that is not on the internet', () => {
  let server: Server
  let port: number
  let connections = 0
  let guarded: Stage
  let tries = 0
  beforeAll(async () => {
    server = createServer((socket) => {
      connections++
      socket.destroy()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    // A name that anybody may have, and that leads inside.
    const lookup = ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as typeof systemLookup
    const real = createPublicFetch({ lookup: publicLookup(lookup) })
    guarded = await startStage({
      config: `
sources:
  plain:  { ${signed}, callbackSecret: "env:CALLBACK", callbackUrl: "http://localhost:${port}/" }
  number: { ${signed}, callbackSecret: "env:CALLBACK", callbackUrl: "http://127.0.0.1:${port}/" }
  named:  { ${signed}, callbackSecret: "env:CALLBACK", callbackUrl: "https://inside.example.com:${port}/" }
  own:    { ${signed}, callbackSecret: "env:CALLBACK", callbackHosts: [inside.example.com] }
tasks: ${task}
routes:
  ${['plain', 'number', 'named', 'own'].map((on) => `- { on: ${on}, run: t }`).join('\n  ')}
`,
      env: secrets,
      fetchPublic: (input, init) => {
        tries++
        return real(input, init)
      },
    })
  })
  afterAll(async () => {
    await guarded?.close()
    server?.close()
  })

  it.each([
    ['plain', {}],
    ['number', {}],
    ['named', {}],
    ['own', { callbackUrl: 'PORT' }],
  ])('(%s) is not gone to, and not tried again; the run ends all the same', async (source, body) => {
    const [triesBefore, lines] = [tries, guarded.logs.length]
    const own = 'callbackUrl' in body ? { callbackUrl: `https://inside.example.com:${port}/` } : {}
    const run = await guarded.accept(`/${source}`, delivery({ dataset: 'sales', ...own }, guarded.now()))
    await guarded.start(run)
    await guarded.settleToEnd(run)
    expect(await guarded.runRecord(run)).toMatchObject({ status: 'succeeded', exitCode: 0 })
    expect(await guarded.openRuns()).not.toContain(run)
    for (let hour = 0; hour < 3; hour++) {
      guarded.advance(minutes(61))
      await guarded.sweep()
    }
    expect(tries - triesBefore).toBe(3)
    expect(connections).toBe(0)
    const logged = guarded.logs.slice(lines).map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(logged.filter(({ level }) => level === 'error')).toMatchObject([
      { msg: 'the sender was never notified of the end; giving up', run, source },
    ])
    expect(logged.filter(({ type }) => type === 'NotPublic')).toHaveLength(3)
    expect(logged.filter(({ type }) => type === 'NotPublic')[0]).toMatchObject({
      error: expect.stringMatching(/^the (URL does not use https|host name resolves to a private address)$/),
    })
  })

  it.each([
    ['http://169.254.169.254/', 'does not use https; write https://…'],
    ['http://hooks.example.com/', 'does not use https; write https://…'],
    ['https://169.254.169.254/latest/meta-data/', 'contains an IP address in place of a host name; write https://…'],
    ['https://127.0.0.1:8443/', 'contains an IP address in place of a host name; write https://…'],
    ['https://localhost:8443/', 'points to a private host; write https://…'],
    ['https://[fd00:ec2::254]/', 'contains an IP address in place of a host name; write https://…'],
    ['https://ann:pw@hooks.example.com/', 'contains a user name or password; write https://…'],
    ['hooks.example.com', 'is not a URL'],
  ])('%s is not even taken by the check: %s', (url, message) => {
    const text = config.replaceAll(home, url)
    expect(() => compileConfig(text, builtinSpecs)).toThrow(message)
  })
})
