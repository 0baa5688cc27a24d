/** The web app's HTTP API, called as its page calls it. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Dev, startDev } from '../cli/process.ts'
import { eventually } from '../support/eventually.ts'
import { type App, config, devEnv, startApp } from './app.ts'

interface Answer {
  readonly status: number
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  return { status: response.status, text, body: JSON.parse(text) as Answer['body'] }
}
const json = { 'content-type': 'application/json' }
const click = (app: App, params: object, id: string = randomUUID()) =>
  ask(`${app.url}/runs`, { method: 'POST', headers: json, body: JSON.stringify({ click: id, ...params }) })

describe('examples/web-app-button, in front of a taskhook dev', () => {
  let dev: Dev
  let app: App
  beforeAll(async () => {
    dev = await startDev(config)
    app = await startApp(dev.url)
  })
  afterAll(() => Promise.all([dev?.stop(), app?.stop()]))

  const show = (run: unknown) => ask(`${app.url}/runs/${String(run)}`)
  const end = (run: unknown) =>
    eventually(async () => {
      const answer = await show(run)
      return ['queued', 'starting', 'running'].includes(String(answer.body.status)) ? undefined : answer
    })

  it('runs the task with the given parameters for a click, and shows its status until it ends', async () => {
    const { status, body } = await click(app, { dataset: 'sales', depth: 1 })
    expect(status).toBe(202)
    expect(body).toMatchObject({ status: 'queued', params: { dataset: 'sales', depth: 1 } })
    const last = await end(body.run)
    expect(last.body).toEqual({
      run: body.run,
      status: 'succeeded',
      params: { dataset: 'sales', depth: 1 },
      createdAt: expect.any(String),
      startedAt: expect.any(String),
      stoppedAt: expect.any(String),
      exitCode: 0,
    })
    expect(dev.out()).toContain('│ sales: round 1 of 1\n')
  })

  it('shows the exit code and the reason of a task that failed', async () => {
    const { body } = await click(app, { dataset: 'missing' })
    expect((await end(body.run)).body).toMatchObject({
      status: 'failed',
      params: { dataset: 'missing', depth: 3 },
      exitCode: 3,
      reason: expect.stringMatching(/./),
    })
  })

  it('starts one run for five concurrent requests of one click, and a second run for another click', async () => {
    const id = randomUUID()
    const answers = await Promise.all(Array.from({ length: 5 }, () => click(app, { dataset: 'visits', depth: 1 }, id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 202])
    expect(new Set(answers.map(({ body }) => body.run)).size).toBe(1)
    const other = await click(app, { dataset: 'visits', depth: 1 })
    expect(other.body.run).not.toBe(answers[0]?.body.run)
    await end(answers[0]?.body.run)
    await end(other.body.run)
    expect(dev.out().match(/│ visits: round 1 of 1\n/g)).toHaveLength(2)
  })

  it('rejects invalid values with the problem of each field', async () => {
    const { status, body } = await click(app, { dataset: 'Sales!', depth: 11 })
    expect(status).toBe(422)
    expect(body).toEqual({
      problems: [
        { path: 'dataset', message: 'is "Sales!", which does not match ^[a-z0-9_-]{1,64}$' },
        { path: 'depth', message: 'is 11; the largest is 10' },
      ],
    })
  })

  it('sends the browser neither the status URL nor the secret', async () => {
    const first = await click(app, { dataset: 'people', depth: 1 })
    const answers = [first, await show(first.body.run), await end(first.body.run)]
    const files = await Promise.all(['/', '/app.mjs'].map(async (path) => (await fetch(app.url + path)).text()))
    for (const text of [...answers.map(({ text }) => text), ...files]) {
      expect(text).not.toContain('token=')
      expect(text).not.toContain(dev.url)
      expect(text).not.toContain(devEnv.TASKHOOK_SECRET)
    }
  })

  it.each<[number, string, string, RequestInit]>([
    [404, 'an unknown run', '/runs/00000000000000000000', {}],
    [404, 'a path that leads out of public/', '/..%2fdev.env', {}],
    [404, 'an unsupported method', '/', { method: 'DELETE' }],
    [415, 'a request that a form on another page could send', '/runs', { method: 'POST', body: '{"click":"x"}' }],
    [400, 'a body that is not JSON', '/runs', { method: 'POST', headers: json, body: '{' }],
    [400, 'a click without an id', '/runs', { method: 'POST', headers: json, body: '{"dataset":"sales"}' }],
    [413, 'a body that is too large', '/runs', { method: 'POST', headers: json, body: 'x'.repeat(20_000) }],
  ])('answers %i to %s', async (status, _, path, init) => {
    const answer = await ask(app.url + path, init)
    expect(answer).toMatchObject({ status, body: { message: expect.stringMatching(/\.$/) } })
  })

  it('says that it is not set up correctly if the secret is wrong, and logs what taskhook answered', async () => {
    const wrong = await startApp(dev.url, { TASKHOOK_SECRET: `whsec_${'A'.repeat(32)}` })
    onTestFinished(() => wrong.stop())
    const { status, body } = await click(wrong, { dataset: 'sales' })
    expect({ status, body }).toEqual({
      status: 502,
      body: { message: 'The analysis could not be started: this app is not set up correctly.' },
    })
    expect(wrong.err()).toContain('taskhook answered 401')
  })
})

it('says so if taskhook cannot be reached', async () => {
  const app = await startApp('http://127.0.0.1:1')
  onTestFinished(() => app.stop())
  const { status, body } = await click(app, { dataset: 'sales' })
  expect({ status, body }).toEqual({
    status: 503,
    body: { message: 'The analysis service cannot be reached right now.' },
  })
  expect(app.err()).toContain('no answer')
})

it('retries after an error, with the same id and a new signature', async () => {
  const seen: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    new Webhook(devEnv.TASKHOOK_SECRET).verify(text, request.headers as Record<string, string>)
    seen.push(`${request.url} ${request.headers['webhook-id']} ${text}`)
    const body = { run: 'r', status: 'queued', statusUrl: 'http://127.0.0.1:1/runs/r?token=t' }
    response.writeHead(seen.length === 1 ? 503 : 202).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await eventually(() => server.listening)
  const app = await startApp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => app.stop())
  const id = randomUUID()
  expect((await click(app, { dataset: 'sales' }, id)).status).toBe(202)
  expect(seen).toEqual(Array(2).fill(`/web-app click_${id} {"dataset":"sales"}`))
})

it('names the variables that must be set', async () => {
  await expect(startApp('', { TASKHOOK_URL: '' })).rejects.toThrow('TASKHOOK_URL and TASKHOOK_SECRET must be set')
})
