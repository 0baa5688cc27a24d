/** SECURITY.md: callbacks go only to public HTTPS addresses. Others are refused in the config, or never connected to. */
import type { lookup as systemLookup } from 'node:dns'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createPublicFetch } from '../../src/core/http/callback-guard.ts'
import { publicLookup } from '../../src/core/http/public-lookup.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { callbackDelivery, config, configUrl, secrets, signed, task } from './callback-stage.ts'

describe('an address that is not public', () => {
  let server: Server
  let port: number
  let connections: number
  let stage: Stage
  let attempts: number
  beforeEach(async () => {
    connections = 0
    attempts = 0
    server = createServer((socket) => {
      connections++
      socket.destroy()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    const publicFetch = createPublicFetch({ lookup: publicLookup(resolvesToLocalhost) })
    stage = await startStage({
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
        attempts++
        return publicFetch(input, init)
      },
    })
  })
  afterEach(async () => {
    await stage?.close()
    server?.close()
  })

  it.each([
    ['plain', 'an http URL with a local name'],
    ['number', 'an http URL with a local address'],
    ['named', 'a public name that resolves to a local address'],
    ['own', 'such a name, given by the delivery'],
  ])('is never connected to, and not tried again, and the run ends: %s, %s', async (source) => {
    const own = source === 'own' ? { callbackUrl: `https://inside.example.com:${port}/` } : {}
    const run = await stage.accept(`/${source}`, callbackDelivery({ dataset: 'sales', ...own }, stage.now()))
    await stage.start(run)
    await stage.settleToEnd(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded', exitCode: 0 })
    expect(await stage.openRuns()).not.toContain(run)
    for (let hour = 0; hour < 3; hour++) {
      stage.advance(61 * 60_000)
      await stage.sweep()
    }
    expect(attempts).toBe(3)
    expect(connections).toBe(0)
    const lines = stage.logs.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { msg: 'the sender was never notified of the end; giving up', run, source },
    ])
    const refusals = lines.filter(({ type }) => type === 'NotPublic')
    expect(refusals).toHaveLength(3)
    expect(refusals[0]?.error).toMatch(/^the (URL does not use https|host name resolves to a private address)$/)
  })

  /** A name that anyone can register, which resolves to a local address. */
  const resolvesToLocalhost = ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
    done(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as typeof systemLookup
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
])('a config with the callback URL %s is refused: %s', (url, message) => {
  expect(() => compileConfig(config.replaceAll(configUrl, url), builtinSpecs)).toThrow(message)
})
