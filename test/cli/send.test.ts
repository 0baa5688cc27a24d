import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Dev, folderOf, startDev, taskhook } from './process.ts'

const secrets = {
  SLACK: '8f742231b10e8888abcd99yyyzzz85a5',
  GITHUB: "It's a Secret to Everybody",
  OWN: 'open-sesame',
}
const config = `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK" }
  github: { adapter: github, secret: "env:GITHUB" }
  own: { adapter: hmac, secret: "env:OWN", scheme: { header: x-signature, algorithm: sha256, encoding: hex } }
  stripe: { adapter: hmac, scheme: stripe, secret: "secretsmanager:stripe" }
tasks:
  report:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    local: { command: ["true"] }
    params:
      customer: { type: string, pattern: "^[a-z0-9-]{1,40}$", required: true }
      months: { type: integer, min: 1, max: 24, default: 12 }
routes:
  - { on: slack, command: /report, run: report }
  - { on: github, event: push, branches: [main], run: report, with: { customer: "\${event.repository.name.lowerAscii()}" } }
  - { on: github, event: issues.opened, run: report, with: { customer: "\${event.title}" } }
  - { on: own, run: report }
  - { on: stripe, event: paid, run: report, with: { customer: "\${body.customer}" } }
`

let folder: string
let dev: Dev
beforeAll(async () => {
  folder = folderOf({ 'my.yaml': config, 'body.json': '{"customer":"from-a-file"}' })
  dev = await startDev(join(folder, 'my.yaml'), { env: secrets })
})
afterAll(async () => {
  await dev?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const send = (...args: string[]) =>
  taskhook(['send', 'my.yaml', ...args, '--url', dev.url], { cwd: folder, env: secrets })
/** A value for each required parameter. */
const sampleText = 'customer=customer'
const body = (stdout: string) => JSON.parse(stdout.slice(stdout.indexOf('\n') + 1)) as Record<string, unknown>

describe('send signs and posts', () => {
  it.each<[string, readonly string[], string]>([
    ['a sample Slack command', ['slack'], 'customer=customer months=12'],
    ['a given Slack command', ['slack', '--text', 'customer=acme months=3'], 'customer=acme months=3'],
  ])('%s', async (_, args, params) => {
    const { code, stdout, stderr } = await send(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: args.length === 1 ? `sample command: ${sampleText}\n` : '' })
    expect(stdout).toMatch(/^200 OK\n/)
    expect(body(stdout)).toMatchObject({ response_type: 'ephemeral', text: 'report queued' })
    expect(stdout).toContain(params)
  })

  it.each<[string, readonly string[], Record<string, unknown>]>([
    ['GitHub’s own example of a push', ['github'], { customer: 'hello-world', months: 12 }],
    [
      'an event with a payload',
      [
        'github',
        '--event',
        'issues',
        '--data',
        '{"action":"opened","title":"acme","issue":{},"repository":{"full_name":"a/b"}}',
      ],
      { customer: 'acme', months: 12 },
    ],
    ['a sample body', ['own'], { customer: 'customer', months: 12 }],
    ['a given body', ['own', '--data', '{"customer":"acme","months":3}'], { customer: 'acme', months: 3 }],
    ['a body from a file', ['own', '--data', '@body.json'], { customer: 'from-a-file', months: 12 }],
    [
      'a Stripe event, with the placeholder of a secret in Secrets Manager',
      ['stripe', '--data', '{"type":"paid","customer":"acme"}'],
      { customer: 'acme', months: 12 },
    ],
  ])('%s', async (_, args, params) => {
    const { code, stdout, stderr } = await send(...args)
    const sample = {
      own: 'sample body: {"customer":"customer"}\n',
      github: expect.stringMatching(/^sample push: GitHub's own example, to refs\/heads\/\w+$/m) as string,
    }
    expect({ code, stderr }, stdout).toEqual({
      code: 0,
      stderr: args.length === 1 ? sample[args[0] as 'own' | 'github'] : '',
    })
    expect(stdout).toMatch(/^202 Accepted\n/)
    expect(body(stdout)).toMatchObject({ task: 'report', params })
  })
})

it('send prints no control character of the response', async () => {
  const server = createServer((_, response) => response.end('\u001b]0;title\u0007plain\u001b[2J\u0007\nsecond\u009b'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { stdout } = await taskhook(['send', 'my.yaml', 'own', '--url', url], { cwd: folder, env: secrets })
  expect(stdout).toBe('200 OK\nplain␇\nsecond�\n')
})

describe('send exits with 1', () => {
  it('for invalid parameters, with every problem', async () => {
    const { code, stdout, stderr } = await send('own', '--data', '{"customer":"ACME!","month":3}')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/^422 /)
    expect(body(stdout)).toMatchObject({
      status: 422,
      detail: 'report: parameters are wrong',
      problems: [{ path: 'month' }, { path: 'customer' }],
    })
  })

  it('for another secret', async () => {
    const { code, stdout } = await taskhook(['send', 'my.yaml', 'own', '--url', dev.url], {
      cwd: folder,
      env: { OWN: 'another' },
    })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^401 Unauthorized\n/)
  })

  it('if the connection is refused', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await new Promise((resolve) => server.close(resolve))
    expect(
      await taskhook(['send', 'my.yaml', 'own', '--data', '{}', '--url', url], { cwd: folder, env: secrets }),
    ).toEqual({
      code: 1,
      stdout: '',
      stderr: `cannot reach ${url}/own: connection refused. Is "taskhook dev" running there?\n`,
    })
  })
})

describe('send rejects', () => {
  it.each<[readonly string[], string]>([
    [['onw'], 'unknown source "onw"; did you mean "own"?\n'],
    [['own', '--data', '@nowhere.json'], 'cannot read nowhere.json: no such file\n'],
    [['github', '--event', 'issues'], 'there is no sample for the event "issues"; use --data @file.json\n'],
  ])('%j', async (args, message) => {
    expect(await send(...args)).toEqual({ code: 1, stdout: '', stderr: message })
  })

  it('an empty secret', async () => {
    const result = await taskhook(['send', 'my.yaml', 'own', '--url', dev.url], { cwd: folder, env: { OWN: '' } })
    expect(result).toEqual({ code: 1, stdout: '', stderr: 'secret env:OWN: is empty\n' })
  })
})
