/** Where a function in an AWS account lets itself be sent: https, to the internet, and nowhere else. */
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
import { createPublicFetch, isPublicAddress, publicLookup, whyNotPublic } from '../../../src/core/http/public-fetch.ts'

describe('an address', () => {
  it.each([
    ['127.0.0.1', 'this machine'],
    ['127.8.8.8', 'this machine'],
    ['0.0.0.0', 'this machine, as Linux takes it'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'the metadata of EC2'],
    ['169.254.170.2', 'the credentials of ECS'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['192.0.0.8', 'of the IETF'],
    ['192.0.2.1', 'for documentation'],
    ['198.18.0.1', 'for benchmarks'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'nothing'],
    ['::1', 'this machine'],
    ['::127.0.0.1', 'this machine, in IPv6 that is IPv4'],
    ['::7f00:1', 'the same in other words'],
    ['::a9fe:a9fe', 'the metadata of EC2 in such words'],
    ['fe80::1', 'of the link'],
    ['fe80::1%eth0', 'of the link, with its zone'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'the metadata of EC2'],
    ['fec0::1', 'of the site, long out of use'],
    ['::ffff:127.0.0.1', 'IPv4 in IPv6'],
    ['::ffff:169.254.169.254', 'IPv4 in IPv6'],
    ['::ffff:a9fe:a9fe', 'IPv4 in IPv6'],
    ['::ffff:0:a9fe:a9fe', 'IPv4, translated'],
    ['64:ff9b::a9fe:a9fe', 'IPv4 behind NAT64'],
    ['64:ff9b:1::a9fe:a9fe', 'IPv4 behind a NAT64 of one’s own'],
    ['2002:a9fe:a9fe::', 'IPv4 in 6to4'],
    ['2001::1', 'Teredo'],
    ['2001:db8::1', 'for documentation'],
    ['ff02::1', 'multicast'],
    ['4000::1', 'nobody’s'],
    ['1::1', 'nobody’s'],
    ['127.1', 'no address as a resolver writes it'],
    ['0x7f.0.0.1', 'no address as a resolver writes it'],
    ['0177.0.0.1', 'no address as a resolver writes it'],
    ['example.com', 'no address'],
    ['', 'no address'],
  ])('%s is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001::200e',
    '::ffff:8.8.8.8',
  ])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})

describe('the text of a URL', () => {
  it.each([
    ['http://example.com/', 'is not https'],
    ['ftp://example.com/', 'is not https'],
    ['file:///etc/passwd', 'is not https'],
    ['data:text/plain,x', 'is not https'],
    ['https://ann@example.com/', 'holds a user name'],
    ['https://ann:pw@example.com/', 'holds a user name'],
    ['https://:pw@example.com/', 'holds a user name'],
    ['https://127.0.0.1/', 'leads to a private address'],
    ['https://127.0.0.1./', 'leads to a private address'],
    ['https://2130706433/', 'leads to a private address'],
    ['https://0x7f000001/', 'leads to a private address'],
    ['https://0x7f.1/', 'leads to a private address'],
    ['https://0177.0.0.1/', 'leads to a private address'],
    ['https://127.1/', 'leads to a private address'],
    ['https://0/', 'leads to a private address'],
    ['https://2852039166/', 'leads to a private address'],
    ['https://0xa9fea9fe/', 'leads to a private address'],
    ['https://0251.0376.0251.0376/', 'leads to a private address'],
    ['https://１６９.254.169.254/', 'leads to a private address'],
    ['https://169。254。169。254/', 'leads to a private address'],
    ['https://%31%36%39.254.169.254/', 'leads to a private address'],
    ['https://[::1]/', 'leads to a private address'],
    ['https://[::]/', 'leads to a private address'],
    ['https://[::ffff:169.254.169.254]/', 'leads to a private address'],
    ['https://[::169.254.169.254]/', 'leads to a private address'],
    ['https://[64:ff9b::169.254.169.254]/', 'leads to a private address'],
    ['https://[fd00:ec2::254]/', 'leads to a private address'],
    ['https://localhost/', 'leads to a private host'],
    ['https://localhost./', 'leads to a private host'],
    ['https://LOCALHOST/', 'leads to a private host'],
    ['https://ⓛocalhost/', 'leads to a private host'],
    ['https://shop.localhost/', 'leads to a private host'],
    ['https://shop.localhost./', 'leads to a private host'],
    ['https://foo.internal/', 'leads to a private host'],
    ['https://ip-10-0-0-1.eu-west-1.compute.internal./', 'leads to a private host'],
    ['https://printer.local/', 'leads to a private host'],
    ['https://intranet/', 'leads to a private host'],
    ['https://intranet./', 'leads to a private host'],
    ['https://localhost../', 'leads to a private host'],
  ])('%s: %s', (url, why) => {
    expect(whyNotPublic(new URL(url))).toBe(why)
  })

  it.each([
    'https://example.com/',
    'https://example.com./',
    'https://hooks.example.com:8443/x?y=1',
    'https://local.example.com/',
    'https://internal.example/',
    'https://localhost.example.com/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
  ])('%s may be gone to', (url) => {
    expect(whyNotPublic(new URL(url))).toBeUndefined()
  })
})

type Addresses = readonly { address: string; family: number }[]
type SystemLookup = NonNullable<Parameters<typeof publicLookup>[0]>

/** A resolver that knows these addresses for every name. */
const resolver = (addresses: Addresses, error: Error | null = null): SystemLookup =>
  ((_name: string, options: { all?: boolean }, callback: (error: Error | null, found: Addresses) => void) => {
    expect(options.all).toBe(true)
    callback(error, addresses)
  }) as unknown as SystemLookup

const v4 = (...addresses: string[]): Addresses => addresses.map((address) => ({ address, family: 4 }))

describe('a name', () => {
  type Found = [Error | null, unknown, unknown]
  const ask = (addresses: Addresses, all: boolean, error?: Error) =>
    new Promise<Found>((resolve) =>
      publicLookup(resolver(addresses, error))('example.com', { all }, (...found) => resolve(found as Found)),
    )

  it('leads to all its addresses, for whoever asks for all', async () => {
    const both = [...v4('8.8.8.8'), { address: '2606:4700:4700::1111', family: 6 }]
    expect(await ask(both, true)).toEqual([null, both])
  })
  it('leads to its first, for whoever asks for one', async () => {
    expect(await ask([{ address: '2606:4700:4700::1111', family: 6 }, ...v4('8.8.8.8')], false)).toEqual([
      null,
      '2606:4700:4700::1111',
      6,
    ])
  })
  it.each([
    ['one that is private', v4('10.0.0.1')],
    ['a private one behind public ones', v4('8.8.8.8', '1.1.1.1', '10.0.0.1')],
    ['a private one before a public one', v4('169.254.169.254', '8.8.8.8')],
    ['IPv4 in IPv6 that is private', [{ address: '::ffff:10.0.0.1', family: 6 }]],
    ['none at all', []],
  ])('with %s leads nowhere', async (_name, addresses) => {
    for (const all of [true, false]) {
      const [error] = await ask(addresses, all)
      expect(error).toBeInstanceOf(NotPublic)
    }
  })
  it('that cannot be looked up is not called private: it may be there tomorrow', async () => {
    const gone = Object.assign(new Error('getaddrinfo ENOTFOUND example.com'), { code: 'ENOTFOUND' })
    for (const all of [true, false]) expect((await ask([], all, gone))[0]).toBe(gone)
  })
})

describe('fetch', () => {
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
        // By hand, so that it may be anything.
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

  /** As if the name led here; the real one would not let it. */
  const lookup: LookupFunction = (_name, { all }, callback) =>
    all === true ? callback(null, v4('127.0.0.1') as never) : callback(null, '127.0.0.1', 4)
  const here = (init?: RequestInit, path = '/hook?a=1') =>
    createPublicFetch({ ca, lookup })(`https://hooks.example.com:${port}${path}`, init)
  const ends = (text: string) => {
    answer = (socket) => void socket.end(text)
  }

  it('brings method, path, headers and body, and gives back the answer', async () => {
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

  it.each([204, 304])('an answer without a body is one: %d', async (status) => {
    ends(`HTTP/1.1 ${status} x\r\nconnection: close\r\n\r\n`)
    const response = await here({ method: 'POST', body: '{}' })
    expect([response.status, await response.text()]).toEqual([status, ''])
  })

  it.each([301, 302, 303, 307, 308])('a redirect is an answer, and not followed: %d', async (status) => {
    const before = connections
    ends(
      `HTTP/1.1 ${status} x\r\nlocation: https://hooks.example.com:${port}/other\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    )
    expect((await here({ method: 'POST', body: '{}' })).status).toBe(status)
    expect(connections - before).toBe(1)
  })

  it('each request has a connection of its own', async () => {
    const before = connections
    ends('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n')
    for (const _ of [1, 2, 3]) await here()
    expect(connections - before).toBe(3)
  })

  it('an answer that never ends is cut off', async () => {
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
    await expect(here()).rejects.toThrow('the answer is too long')
    expect(sent).toBeLessThan(10_000_000)
  })

  it('one of 64 KiB is not', async () => {
    const text = 'x'.repeat(64 * 1024)
    ends(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`)
    expect(await (await here()).text()).toBe(text)
  })

  it.each([
    ['says nothing', ''],
    ['stops in the middle of its answer', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ])('a server that %s is given up at the signal', async (_name, text) => {
    answer = (socket) => void socket.write(text)
    const began = Date.now()
    await expect(here({ signal: AbortSignal.timeout(300) })).rejects.toThrow(/abort/i)
    expect(Date.now() - began).toBeLessThan(3_000)
  })

  it('a signal that was given before keeps it from going at all', async () => {
    const before = connections
    await expect(here({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    expect(connections).toBe(before)
  })

  it.each([
    ['hangs up', '', /hang up|ECONNRESET/],
    ['hangs up in the middle', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', /aborted/],
    ['does not speak HTTP', 'SSH-2.0-OpenSSH_9\r\n', /Parse Error/],
    [
      'changes to another protocol, which nobody has asked for',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      /another protocol/,
    ],
    ['only says that it will answer', 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n', /hang up/],
  ])(
    'a server that %s is an error, at once',
    async (_name, text, error) => {
      ends(text)
      await expect(here({ method: 'POST', body: '{}', signal: AbortSignal.timeout(10_000) })).rejects.toThrow(error)
    },
    5_000,
  )

  it('an answer that its end of the connection ends is whole', async () => {
    const text = 'x'.repeat(60_000)
    answer = (socket) => void socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${text}`)
    for (let time = 0; time < 20; time++) expect(await (await here()).text()).toBe(text)
  })

  it.each([0, 99, 101, 600, 999])('a status that is none, %d, is a bad gateway', async (status) => {
    ends(`HTTP/1.1 ${String(status).padStart(3, '0')} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
    expect((await here()).status).toBe(502)
  })

  it('a certificate that nobody has signed, or of another name, is refused', async () => {
    ends('HTTP/1.1 200 OK\r\n\r\n')
    await expect(createPublicFetch({ lookup })(`https://hooks.example.com:${port}/`)).rejects.toThrow(/self.signed/i)
    await expect(createPublicFetch({ ca, lookup })(`https://other.example.com:${port}/`)).rejects.toThrow(/altnames/)
  })

  it('a name that led here when it was looked at is not looked up again', async () => {
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

  it('a name that leads here is refused, and no connection is made', async () => {
    const before = connections
    const guarded = createPublicFetch({ ca, lookup: publicLookup(resolver(v4('8.8.8.8', '127.0.0.1'))) })
    await expect(guarded(`https://hooks.example.com:${port}/`)).rejects.toThrow(NotPublic)
    expect(connections).toBe(before)
  })

  it.each(['localhost', '127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', 'localhost.'])(
    'https://%s is refused as it comes, and no connection is made',
    async (host) => {
      const before = connections
      await expect(createPublicFetch({ ca })(`https://${host}:${port}/`)).rejects.toThrow(NotPublic)
      await expect(createPublicFetch({ ca })(new Request(`https://${host}:${port}/`))).rejects.toThrow(NotPublic)
      expect(connections).toBe(before)
      // The server counts: one that does come is seen.
      await once(connect(port, '127.0.0.1'), 'connect')
      await expect.poll(() => connections).toBe(before + 1)
    },
  )

  it('what is no URL is an error, too', async () => {
    await expect(createPublicFetch()('hooks.example.com')).rejects.toThrow(TypeError)
  })
})
