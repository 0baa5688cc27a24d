import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type FunctionUrlEvent, maxBodyBytes, toHttpRequest } from '../../src/core/http/lambda-url.ts'
import { createFunctionUrlServer } from '../../src/local/function-url.ts'

/** A server, and every event that it passed on. */
async function listen(answer = { statusCode: 202, headers: { 'x-answer': 'yes' }, body: 'accepted' }) {
  const events: FunctionUrlEvent[] = []
  const server: Server = createFunctionUrlServer(async (event) => {
    events.push(event)
    return answer
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { events, port, url: `http://127.0.0.1:${port}` }
}

/** The event of one request. */
async function eventOf(path: string, init: RequestInit): Promise<FunctionUrlEvent> {
  const { url, events } = await listen()
  await fetch(url + path, init)
  const [event] = events
  if (event === undefined) throw new Error('no event was passed on')
  return event
}
const post = (type: string, body: string | Uint8Array<ArrayBuffer>) =>
  eventOf('/shop', { method: 'POST', headers: { 'content-type': type }, body })
const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('createFunctionUrlServer passes on an event that', () => {
  it.each([
    ['application/json', '{"a":"ä"}'],
    ['application/json; charset=utf-8', '{}'],
    ['text/plain', 'hello'],
  ])('has the body of %s as text', async (type, body) => {
    expect(await post(type, body)).toMatchObject({ body, isBase64Encoded: false })
  })

  it.each([
    ['application/x-www-form-urlencoded', 'command=%2Fanalyze&text=x'],
    ['application/octet-stream', 'bytes'],
    ['application/cloudevents+json', '{}'],
  ])('has the body of %s in base64', async (type, body) => {
    expect(await post(type, body)).toMatchObject({ body: base64(body), isBase64Encoded: true })
  })

  it('has JSON that is not UTF-8 in base64, so that no byte is lost', async () => {
    const bytes = Uint8Array.of(0x7b, 0xff, 0x00, 0x7d)
    const event = await post('application/json', bytes)
    expect(event.isBase64Encoded).toBe(true)
    expect(Buffer.from(event.body ?? '', 'base64').equals(bytes)).toBe(true)
  })

  it('has no body if the request has none', async () => {
    const event = await eventOf('/runs/x', { method: 'GET' })
    expect(event).toMatchObject({ isBase64Encoded: false, requestContext: { http: { method: 'GET' } } })
    expect(event).not.toHaveProperty('body')
  })

  it('has the raw path and the raw query, separately', async () => {
    const event = await eventOf('/runs/a%20b?token=x%2Fy&more=?', { method: 'GET' })
    expect(event).toMatchObject({ rawPath: '/runs/a%20b', rawQueryString: 'token=x%2Fy&more=' })
  })

  it('has header names in lower case, and repeated headers joined with a comma', async () => {
    const { port, events } = await listen()
    const lines = [
      'POST /shop HTTP/1.1',
      'Host: localhost',
      'X-Twice: a',
      'x-twice: b',
      'Content-Type: application/json',
      'content-type: text/plain',
      'X-Forwarded-Proto: https',
      'Content-Length: 2',
      'Connection: close',
      '',
      '{}',
    ]
    const socket = connect(port, '127.0.0.1')
    socket.end(lines.join('\r\n'))
    await once(socket.resume(), 'close')
    expect(events[0]?.headers).toMatchObject({
      'x-twice': 'a,b',
      'content-type': 'application/json,text/plain',
      'x-forwarded-proto': 'http',
    })
  })

  it('gives core the origin of this server, whatever the Host header says', async () => {
    const { port, events } = await listen()
    const socket = connect(port, '127.0.0.1')
    socket.end('POST /shop HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=1')
    await once(socket.resume(), 'close')
    const request = toHttpRequest(events[0] ?? {})
    expect(request.origin).toBe(`http://127.0.0.1:${port}`)
    expect(request.path).toBe('/shop')
    expect(Buffer.from(request.body).toString()).toBe('a=1')
  })
})

describe('createFunctionUrlServer responds with', () => {
  it('the status, headers and body of the handler', async () => {
    const { url } = await listen()
    const response = await fetch(`${url}/shop`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(202)
    expect(response.headers.get('x-answer')).toBe('yes')
    expect(await response.text()).toBe('accepted')
  })

  it('502 if the handler throws, as Lambda does', async () => {
    const server = createFunctionUrlServer(() => Promise.reject(new Error('with a secret in it')))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(response.status).toBe(502)
    expect(await response.text()).toBe('Internal Server Error')
  })

  it('413 for a body of one byte more than Lambda accepts, and passes nothing on', async () => {
    const { url, events } = await listen()
    const send = (size: number) => fetch(`${url}/shop`, { method: 'POST', body: Buffer.alloc(size, 'a') })
    expect((await send(maxBodyBytes)).status).toBe(202)
    expect(events).toHaveLength(1)
    const refused = await send(maxBodyBytes + 1)
    expect(refused.status).toBe(413)
    expect(await refused.json()).toMatchObject({ title: 'Content Too Large' })
    expect(events).toHaveLength(1)
  })
})
