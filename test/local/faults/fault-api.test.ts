import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { handleFaultRequest } from '../../../src/local/faults/fault-api.ts'
import { createFaultInjector } from '../../../src/local/faults/fault-injector.ts'
import { createFunctionUrlServer } from '../../../src/local/function-url.ts'

let port: number
let changes: string[]
let passedOn: string[]
let faults: ReturnType<typeof createFaultInjector>
beforeEach(async () => {
  faults = createFaultInjector()
  changes = []
  passedOn = []
  const control = { faults, onChange: (line: string) => void changes.push(line) }
  const server = createFunctionUrlServer(
    async ({ rawPath = '' }) => {
      passedOn.push(rawPath)
      return { statusCode: 404, headers: {}, body: 'the function' }
    },
    (request, body) => handleFaultRequest(request, body, control),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
  onTestFinished(() => void server.close())
})

/** Not `fetch`, which adds headers. */
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
  it('adds, lists and clears faults, and reports each change', async () => {
    expect((await post({ fault: 'throttle', times: 3 })).status).toBe(200)
    expect((await post({ fault: 'github', detail: 500, times: 'always', probability: 0.5 })).status).toBe(200)
    expect((await post({ fault: 'lost-answer:StopTask' })).status).toBe(200)
    faults.take('call', { action: 'RunTask' })
    const { faults: listed } = JSON.parse((await ask('GET')).body) as { faults: unknown[] }
    expect(listed).toEqual([
      { does: 'RunTask returns 400 ThrottlingException: Rate exceeded, 2 times', left: 2, struck: 1 },
      { does: 'github returns 500, in 50 % of cases, always', left: 'always', struck: 0 },
      { does: 'StopTask succeeds, but its response is lost, once', left: 1, struck: 0 },
    ])
    expect(JSON.parse((await ask('DELETE')).body)).toEqual({ faults: [] })
    expect(faults.pending()).toEqual([])
    expect(changes).toEqual([
      'added: RunTask returns 400 ThrottlingException: Rate exceeded, 3 times',
      'added: github returns 500, in 50 % of cases, always',
      'added: StopTask succeeds, but its response is lost, once',
      'all faults cleared',
    ])
    expect(passedOn).toEqual([])
  })

  it.each<[unknown, RegExp]>([
    [{ fault: 'capcity' }, /did you mean \\"capacity\\"/],
    [{ fault: 'capacity', tmies: 3 }, /tmies/],
    [{}, /fault/],
    [[], /body|fault/],
    ['{', /not JSON/],
    [{ fault: 'capacity', times: 0 }, /must be a positive integer/],
    [{ fault: 'capacity', times: 1.5 }, /must be a positive integer/],
    [{ fault: 'capacity:2', times: 3 }, /put everything into/],
  ])('rejects %j with a reason', async (body, message) => {
    const answer = await post(body)
    expect(answer.status).toBe(422)
    expect(answer.body).toMatch(message)
    expect(faults.pending()).toEqual([])
  })

  it.each<[string, Record<string, string>]>([
    ['a web page whose name resolves to this machine', { host: 'evil.example' }],
    ['the same, with a port', { host: 'evil.example:8787' }],
    ['a name that begins with 127.0.0.1', { host: '127.0.0.1.evil.example' }],
    ['a web page', { origin: 'https://evil.example' }],
    ['a sandboxed web page', { origin: 'null' }],
    ['an image or form of a web page', { 'sec-fetch-site': 'cross-site' }],
    ['a tunnel', { 'x-forwarded-for': '203.0.113.7' }],
  ])('denies %s', async (_, headers) => {
    faults.inject({ kind: 'lost' })
    for (const [method, body] of [['POST', { fault: 'capacity' }], ['DELETE'], ['GET']] as const)
      expect((await ask(method, body, { ...json, ...headers })).status, method).toBe(403)
    expect(faults.pending()).toHaveLength(1)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', ''])(
    'rejects the content type %j, which a web page can send without a preflight',
    async (type) => {
      const answer = await ask('POST', { fault: 'capacity' }, type === '' ? {} : { 'content-type': type })
      expect(answer.status).toBe(415)
      expect(faults.pending()).toEqual([])
    },
  )

  it('rejects other methods, and leaves other paths to the function', async () => {
    expect((await ask('PUT')).status).toBe(405)
    expect((await ask('GET', undefined, {}, '/_faults/x')).body).toBe('the function')
    expect((await ask('GET', undefined, {}, '/github')).body).toBe('the function')
    expect((await ask('GET', undefined, {}, '/_faults?x=1')).status).toBe(200)
  })

  it('accepts localhost as the Host header', async () => {
    expect((await ask('GET', undefined, { host: `localhost:${port}` })).status).toBe(200)
  })
})
