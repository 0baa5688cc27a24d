import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { controlFaults } from '../../../src/local/faults/fault-api.ts'
import { createFaults } from '../../../src/local/faults/fault-injector.ts'
import { createFront } from '../../../src/local/function-url.ts'

let port: number
let said: string[]
let handed: string[]
let faults: ReturnType<typeof createFaults>
beforeEach(async () => {
  faults = createFaults()
  said = []
  handed = []
  const control = { faults, onChange: (line: string) => void said.push(line) }
  const server = createFront(
    async ({ rawPath = '' }) => {
      handed.push(rawPath)
      return { statusCode: 404, headers: {}, body: 'the function' }
    },
    (request, body) => controlFaults(request, body, control),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
  onTestFinished(() => void server.close())
})

/** Not `fetch`, which sets headers of its own. */
async function ask(method: string, body?: unknown, headers: Record<string, string> = {}, path = '/_faults') {
  const sent = request({ port, host: '127.0.0.1', path, method, agent: false, headers })
  sent.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))
  const [response] = await once(sent, 'response')
  const answer = await text(response)
  return { status: response.statusCode as number, body: answer }
}
const json = { 'content-type': 'application/json' }
const post = (body: unknown, headers = {}) => ask('POST', body, { ...json, ...headers })

describe('/_faults', () => {
  it('adds, lists and clears; each change is said', async () => {
    expect((await post({ fault: 'throttle', times: 3 })).status).toBe(200)
    expect((await post({ fault: 'github', detail: 500, times: 'always', probability: 0.5 })).status).toBe(200)
    expect((await post({ fault: 'lost-answer:StopTask' })).status).toBe(200)
    faults.take('call', { action: 'RunTask' })
    const { faults: listed } = JSON.parse((await ask('GET')).body) as { faults: unknown[] }
    expect(listed).toEqual([
      { does: 'RunTask answers 400 ThrottlingException: Rate exceeded, 2 times', left: 2, struck: 1 },
      { does: 'github answers 500, in 50 % of cases, always', left: 'always', struck: 0 },
      { does: 'StopTask is done, and its answer lost, once', left: 1, struck: 0 },
    ])
    expect(JSON.parse((await ask('DELETE')).body)).toEqual({ faults: [] })
    expect(faults.list()).toEqual([])
    expect(said).toEqual([
      'waits: RunTask answers 400 ThrottlingException: Rate exceeded, 3 times',
      'waits: github answers 500, in 50 % of cases, always',
      'waits: StopTask is done, and its answer lost, once',
      'no fault any more',
    ])
    expect(handed).toEqual([])
  })

  it.each<[unknown, RegExp]>([
    [{ fault: 'capcity' }, /did you mean \\"capacity\\"/],
    [{ fault: 'capacity', tmies: 3 }, /tmies/],
    [{}, /fault/],
    [[], /body|fault/],
    ['{', /no JSON/],
    [{ fault: 'capacity', times: 0 }, /once or more/],
    [{ fault: 'capacity', times: 1.5 }, /once or more/],
    [{ fault: 'capacity:2', times: 3 }, /say it all in/],
  ])('%j is refused in words', async (body, message) => {
    const answer = await post(body)
    expect(answer.status).toBe(422)
    expect(answer.body).toMatch(message)
    expect(faults.list()).toEqual([])
  })

  it.each<[string, Record<string, string>]>([
    ['a page whose name leads here', { host: 'evil.example' }],
    ['the same, on our port', { host: 'evil.example:8787' }],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example' }],
    ['a page', { origin: 'https://evil.example' }],
    ['a page without a name', { origin: 'null' }],
    ['a page’s picture or form', { 'sec-fetch-site': 'cross-site' }],
    ['a tunnel', { 'x-forwarded-for': '203.0.113.7' }],
  ])('not for %s', async (_, headers) => {
    faults.next({ kind: 'lost' })
    for (const [method, body] of [['POST', { fault: 'capacity' }], ['DELETE'], ['GET']] as const)
      expect((await ask(method, body, { ...json, ...headers })).status, method).toBe(403)
    expect(faults.list()).toHaveLength(1)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', ''])(
    'not for a body of the type %j, which a page may send unasked',
    async (type) => {
      const answer = await ask('POST', { fault: 'capacity' }, type === '' ? {} : { 'content-type': type })
      expect(answer.status).toBe(415)
      expect(faults.list()).toEqual([])
    },
  )

  it('takes no other method, and no other path', async () => {
    expect((await ask('PUT')).status).toBe(405)
    expect((await ask('GET', undefined, {}, '/_faults/x')).body).toBe('the function')
    expect((await ask('GET', undefined, {}, '/github')).body).toBe('the function')
    expect((await ask('GET', undefined, {}, '/_faults?x=1')).status).toBe(200)
  })

  it('localhost is as good a name', async () => {
    expect((await ask('GET', undefined, { host: `localhost:${port}` })).status).toBe(200)
  })
})
