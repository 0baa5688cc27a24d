/** A function in an AWS account calls URLs of outsiders with https only, and only on the internet. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { type AddressInfo, connect, type LookupFunction, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { NotPublic } from '../../../src/core/errors.ts'
import { createPublicFetch } from '../../../src/core/http/callback-guard.ts'
import { publicLookup } from '../../../src/core/http/public-lookup.ts'
import { resolver, v4 } from './resolver.ts'

describe('createPublicFetch', () => {
  let folder: string
  let server: Server
  let port: number
  let ca: string
  let connections = 0
  let answer: (socket: TLSSocket, request: { method: string; url: string; headers: unknown; body: string }) => void
  const sockets = new Set<Socket>()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'taskhook-tls-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const names = 'subjectAltName=DNS:hooks.example.com,DNS:localhost,IP:127.0.0.1'
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=hooks.example.com -addext ${names} -keyout ${key} -out ${cert}`.split(
        ' ',
      ),
      { stdio: 'pipe' },
    )
    ca = readFileSync(cert, 'utf8')
    server = createServer({ key: readFileSync(key), cert: ca }, (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        // Written by hand, so that a test can send anything.
        response.detachSocket(request.socket)
        answer(request.socket as TLSSocket, { method, url, headers, body: Buffer.concat(chunks).toString() })
      })
    })
    server.on('connection', (socket: Socket) => {
      connections++
      sockets.add(socket)
      socket.on('error', () => {})
    })
    server.on('secureConnection', (socket) => socket.on('error', () => {}))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  })
  afterAll(async () => {
    server?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true })
  })

  /** Resolves every name to this machine, which publicLookup would reject. */
  const lookup: LookupFunction = (_name, { all }, callback) =>
    all === true ? callback(null, v4('127.0.0.1') as never) : callback(null, '127.0.0.1', 4)
  const here = (init?: RequestInit, path = '/hook?a=1') =>
    createPublicFetch({ ca, lookup })(`https://hooks.example.com:${port}${path}`, init)
  const ends = (text: string) => {
    answer = (socket) => void socket.end(text)
  }

  it('sends method, path, headers and body, and returns the response', async () => {
    let seen: unknown
    answer = (socket, request) => {
      seen = request
      socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 4\r\nconnection: close\r\n\r\nwell')
    }
    const body = JSON.stringify({ text: 'é✓' })
    const response = await here({ method: 'POST', headers: { 'content-type': 'application/json', 'X-Id': '7' }, body })
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/hook?a=1',
      headers: {
        'content-type': 'application/json',
        'x-id': '7',
        host: `hooks.example.com:${port}`,
        connection: 'close',
      },
      body,
    })
    expect(response.status).toBe(202)
    expect(await response.text()).toBe('well')
  })

  it.each([204, 304])('returns a %d response without a body', async (status) => {
    ends(`HTTP/1.1 ${status} x\r\nconnection: close\r\n\r\n`)
    const response = await here({ method: 'POST', body: '{}' })
    expect([response.status, await response.text()]).toEqual([status, ''])
  })

  it.each([301, 302, 303, 307, 308])('returns a %d redirect without following it', async (status) => {
    const before = connections
    ends(
      `HTTP/1.1 ${status} x\r\nlocation: https://hooks.example.com:${port}/other\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    )
    expect((await here({ method: 'POST', body: '{}' })).status).toBe(status)
    expect(connections - before).toBe(1)
  })

  it('opens a new connection for each request', async () => {
    const before = connections
    ends('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n')
    for (const _ of [1, 2, 3]) await here()
    expect(connections - before).toBe(3)
  })

  it('aborts a response that never ends', async () => {
    let sent = 0
    answer = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n')
      const more = () => {
        if (socket.destroyed) return
        sent += 16_384
        socket.write(Buffer.alloc(16_384, 'x'), () => setImmediate(more))
      }
      more()
    }
    await expect(here()).rejects.toThrow('the response is too long')
    expect(sent).toBeLessThan(10_000_000)
  })

  it('returns a response of 64 KiB', async () => {
    const text = 'x'.repeat(64 * 1024)
    ends(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`)
    expect(await (await here()).text()).toBe(text)
  })

  it.each([
    ['sends nothing', ''],
    ['stops in the middle of its response', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ])('aborts at the signal if a server %s', async (_name, text) => {
    answer = (socket) => void socket.write(text)
    const began = Date.now()
    await expect(here({ signal: AbortSignal.timeout(300) })).rejects.toThrow(/abort/i)
    expect(Date.now() - began).toBeLessThan(3_000)
  })

  it('does not connect if the signal is already aborted', async () => {
    const before = connections
    await expect(here({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    expect(connections).toBe(before)
  })

  it.each([
    ['closes the connection', '', /hang up|ECONNRESET/],
    ['closes the connection in the middle', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', /aborted/],
    ['does not speak HTTP', 'SSH-2.0-OpenSSH_9\r\n', /Parse Error/],
    [
      'switches to another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      /switched to another protocol/,
    ],
    [
      'sends only informational responses',
      'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n',
      /hang up/,
    ],
  ])(
    'rejects at once if a server %s',
    async (_name, text, error) => {
      ends(text)
      await expect(here({ method: 'POST', body: '{}', signal: AbortSignal.timeout(10_000) })).rejects.toThrow(error)
    },
    5_000,
  )

  it('returns the whole response if the server ends it by closing the connection', async () => {
    const text = 'x'.repeat(60_000)
    answer = (socket) => void socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${text}`)
    for (let time = 0; time < 20; time++) expect(await (await here()).text()).toBe(text)
  })

  it.each([0, 99, 101, 600, 999])('turns the nonexistent status %d into 502', async (status) => {
    ends(`HTTP/1.1 ${String(status).padStart(3, '0')} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
    expect((await here()).status).toBe(502)
  })

  it('rejects a certificate that is not trusted, or is for another name', async () => {
    ends('HTTP/1.1 200 OK\r\n\r\n')
    await expect(createPublicFetch({ lookup })(`https://hooks.example.com:${port}/`)).rejects.toThrow(/self.signed/i)
    await expect(createPublicFetch({ ca, lookup })(`https://other.example.com:${port}/`)).rejects.toThrow(/altnames/)
  })

  it('resolves a name only once', async () => {
    ends('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    let asked = 0
    await createPublicFetch({
      ca,
      lookup: (...call) => {
        asked++
        lookup(...call)
      },
    })(`https://hooks.example.com:${port}/`)
    expect(asked).toBe(1)
  })

  it('rejects a name that resolves to this machine, and does not connect', async () => {
    const before = connections
    const guarded = createPublicFetch({ ca, lookup: publicLookup(resolver(v4('8.8.8.8', '127.0.0.1'))) })
    await expect(guarded(`https://hooks.example.com:${port}/`)).rejects.toThrow(NotPublic)
    expect(connections).toBe(before)
  })

  it.each(['localhost', '127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', 'localhost.'])(
    'rejects https://%s without a lookup, and does not connect',
    async (host) => {
      const before = connections
      await expect(createPublicFetch({ ca })(`https://${host}:${port}/`)).rejects.toThrow(NotPublic)
      await expect(createPublicFetch({ ca })(new Request(`https://${host}:${port}/`))).rejects.toThrow(NotPublic)
      expect(connections).toBe(before)
      // Proof that the counter works: a real connection is counted.
      await once(connect(port, '127.0.0.1'), 'connect')
      await expect.poll(() => connections).toBe(before + 1)
    },
  )

  it('throws a TypeError for text that is not a URL', async () => {
    await expect(createPublicFetch()('hooks.example.com')).rejects.toThrow(TypeError)
  })
})
