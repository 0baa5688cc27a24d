/** docs/progress.md: only the run's own container can report, within limits; everything else is refused, and nothing is queued. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { statusTokenOf } from '../../src/core/http/run-tokens.ts'
import { urlEvent } from '../support/function-url.ts'
import { type ProgressStage, type Started, startProgressStage } from './progress-stage.ts'

let on: ProgressStage
let started: Started
beforeEach(async () => {
  on = await startProgressStage()
  started = await on.start()
})
afterEach(() => on.stage.close())

async function expectRefused(answer: ReturnType<ProgressStage['post']>, status: number) {
  const { statusCode, body } = await answer
  expect(statusCode, body).toBe(status)
  expect(await on.stage.takeMessages()).toEqual([])
  return JSON.parse(body) as { problems?: { path: string; message: string }[]; detail: string }
}
const post = (text: string | Uint8Array) => on.post(started.path, started.token, text)

describe('401 for a report', () => {
  it.each<[string, () => Promise<string | undefined> | string | undefined]>([
    ['no token', () => undefined],
    ['an empty token', () => ''],
    ['the token of another run', async () => (await on.start()).token],
    ['the control token', () => new URLSearchParams(started.statusPath.split('?')[1]).get('token') ?? ''],
    ['the status token', () => statusTokenOf(started.run, 'status-key-0123456789abcdef')],
    ['the key itself', () => 'status-key-0123456789abcdef'],
    ['half a token', () => started.token.slice(0, 20)],
    ['a token with a character more', () => `${started.token}x`],
    ['two tokens', () => `${started.token} ${started.token}`],
  ])('with %s', async (_name, token) => {
    await expectRefused(on.post(started.path, await token(), '{"percent":40}'), 401)
  })

  it('with the token anywhere but in the header, as a bearer token', async () => {
    await expectRefused(on.post(`${started.path}?token=${started.token}`, undefined, '{"percent":40}'), 401)
    for (const authorization of [`Basic ${started.token}`, started.token])
      await expectRefused(on.post(started.path, undefined, '{"percent":40}', { authorization }), 401)
  })

  it('of a run that does not exist', async () => {
    await expectRefused(on.post(`/runs/${'0'.repeat(20)}/progress`, started.token, '{"percent":40}'), 401)
    await expectRefused(on.post('/runs/x/progress', started.token, '{"percent":40}'), 404)
  })
})

it.each(['GET', 'PUT', 'DELETE'])('405 for %s', async (method) => {
  const headers = { authorization: `Bearer ${started.token}` }
  await expectRefused(on.stage.bridge.receive(urlEvent(started.path, headers, '{"percent":40}', method)), 405)
})

it('the token of a container can neither cancel, rerun nor read a run', async () => {
  const headers = { authorization: `Bearer ${started.token}` }
  for (const verb of ['cancel', 'rerun']) {
    const event = urlEvent(`/runs/${started.run}/${verb}?token=${started.token}`, headers)
    await expectRefused(on.stage.bridge.receive(event), 401)
  }
  const show = urlEvent(`/runs/${started.run}?token=${started.token}`, headers, '', 'GET')
  await expectRefused(on.stage.bridge.receive(show), 401)
})

it('413 for a report of 8193 bytes; one of 8192 bytes is accepted', async () => {
  const padded = (bytes: number) => {
    const text = JSON.stringify({ message: 'é' })
    return text + ' '.repeat(bytes - Buffer.byteLength(text))
  }
  await expectRefused(post(padded(8193)), 413)
  expect((await post(padded(8192))).statusCode).toBe(202)
})

it.each([
  ['nothing', ''],
  ['a form', 'percent=40&message=x'],
  ['half a JSON text', '{"percent":40'],
  ['a list', '[]'],
  ['bytes that are not UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d])],
])('400 for %s', async (_name, text) => {
  await expectRefused(post(text), 400)
})

it('422 names every problem of a report, and such a report does not count against the rate limit', async () => {
  const wrong = {
    percent: 400,
    message: 4,
    outputs: { 'my password': 'hunter2 & more', rows: 7 },
    links: [{ label: 'x', url: 'http://example.com/' }],
    colour: 'red',
  }
  const { problems = [] } = await expectRefused(post(JSON.stringify(wrong)), 422)
  expect(problems.map(({ path }) => path)).toEqual([
    ...['colour', 'percent', 'message', 'outputs.my password', 'outputs.rows', 'links[0].url'],
  ])
  await expectRefused(post('{}'), 422)
  expect((await post('{"percent":1}')).statusCode).toBe(202)
})

it('429 for a second report within a second, per run', async () => {
  const other = await on.start()
  expect((await post('{"percent":1}')).statusCode).toBe(202)
  await on.stage.takeMessages()
  const again = post('{"percent":2}')
  await expectRefused(again, 429)
  expect((await again).headers['retry-after']).toBe('1')
  expect((await on.post(other.path, other.token, '{"percent":1}')).statusCode).toBe(202)
  on.stage.advance(1000)
  expect((await post('{"percent":2}')).statusCode).toBe(202)
})

it('the log names the outcome, and nothing that the report contained', async () => {
  const before = on.stage.logs.length
  await expectRefused(post('{"outputs":{"hunter2 & more":1,"x":"hunter2"},"hunter2":1}'), 422)
  await expectRefused(on.post(started.path, 'hunter2', '{"percent":"hunter2"}'), 401)
  const lines = on.stage.logs.slice(before)
  expect(lines.join('')).not.toContain('hunter2')
  expect(lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(['refused', 'unauthorized'])
})
