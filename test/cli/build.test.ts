import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { folderOf, run, scratch, taskhook } from './process.ts'

const source = {
  shop: 'shop: { adapter: hmac, scheme: github, secret: "env:SHOP" }',
  slack: 'slack: { adapter: slack, signingSecret: "env:SLACK" }',
  github: 'github: { adapter: github, secret: "env:GITHUB" }',
  'github-app': 'github-app: { adapter: github, secret: "env:GITHUB", appId: 1, privateKey: "env:APP_KEY" }',
}
const configOf = (...names: (keyof typeof source)[]) => `
sources:
${names.map((name) => `  ${source[name]}`).join('\n')}
tasks:
  report: { cluster: c, taskDefinition: t, container: app, subnets: [s], params: { note: { type: string } } }
routes:
${names.map((name) => `  - { on: ${name}, run: report }`).join('\n')}
`

interface Built {
  readonly out: string
  readonly files: Readonly<Record<string, Uint8Array>>
  /** In kB, as printed. */
  readonly atInit: { readonly receive: number; readonly start: number }
}

async function build(...names: (keyof typeof source)[]): Promise<Built> {
  const folder = folderOf({ 'my.yaml': configOf(...names) })
  const { code, stdout, stderr } = await taskhook(['build', 'my.yaml', '--out', 'deep/out'], { cwd: folder })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^deep\/out\/taskhook\.zip {2}\d+ kB/)
  const [, receive, start] = /^Read at init: (\d+) kB by receive, (\d+) kB by start and settle$/m.exec(stdout) ?? []
  const out = join(folder, 'deep/out')
  return {
    out,
    atInit: { receive: Number(receive), start: Number(start) },
    files: unzipSync(readFileSync(join(out, 'taskhook.zip'))),
  }
}

const textOf = ({ files }: Built): string =>
  Object.values(files)
    .map((bytes) => Buffer.from(bytes).toString())
    .join('\n')

describe('build', () => {
  let small: Built
  let again: Built
  let large: Built
  beforeAll(async () => {
    ;[small, again, large] = await Promise.all([build('shop'), build('shop'), build('shop', 'slack', 'github')])
  })
  afterAll(() => {
    for (const { out } of [small, again, large]) rmSync(join(out, '../..'), { recursive: true, force: true })
  })

  it('writes the same bytes each time', () => {
    const names = readdirSync(small.out)
    expect(names).toEqual(expect.arrayContaining(['table.json', 'taskhook.json', 'taskhook.zip']))
    expect(readdirSync(again.out)).toEqual(names)
    for (const name of names)
      expect(readFileSync(join(small.out, name)).equals(readFileSync(join(again.out, name))), name).toBe(true)
    const zipped = Object.keys(small.files)
    expect(zipped).toEqual([...zipped].sort())
  })

  it('packages the handler, the config, and only the adapters that the config names', () => {
    expect(Object.keys(small.files)).toEqual(expect.arrayContaining(['handler.mjs', 'taskhook.json']))
    expect(Object.keys(large.files).length).toBeGreaterThan(Object.keys(small.files).length)
    // Only these adapters contain these texts. Finding them in the large package shows that the check works.
    for (const only of ['view_submission', 'X-Hub-Signature-256 header']) {
      expect(textOf(large)).toContain(only)
      expect(textOf(small)).not.toContain(only)
    }
  })

  it('packages the library for GitHub Apps only if a source is an App', async () => {
    const app = await build('github-app')
    onTestFinished(() => rmSync(join(app.out, '../..'), { recursive: true, force: true }))
    expect(textOf(app)).toContain('[@octokit/auth-app]')
    expect(textOf(large)).not.toContain('[@octokit/auth-app]')
  })

  it('runs in plain Node, from a folder without other files', async () => {
    const folder = scratch()
    for (const [name, bytes] of Object.entries(small.files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), bytes)
    }
    const body = '{"note":"x","other":1}'
    const event = (path: string, signature: string) => ({
      rawPath: path,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      body,
      requestContext: { domainName: 'abc.lambda-url.eu-west-1.on.aws', http: { method: 'POST', path } },
    })
    const good = `sha256=${createHmac('sha256', 'open-sesame').update(body).digest('hex')}`
    const events = [event('/nowhere', good), event('/shop', good.replace(/.$/, 'g')), event('/shop', good)]
    const script = `
      const handlers = await import('./handler.mjs')
      const answers = []
      for (const event of ${JSON.stringify(events)}) answers.push(await handlers.receive(event, {}))
      console.log(JSON.stringify({ handlers: Object.keys(handlers), answers }))
      process.exit()`
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      env: {
        SHOP: 'open-sesame',
        KEY: 'a key for status URLs',
        TASKHOOK_KEY: 'env:KEY',
        TASKHOOK_TABLE: 'taskhook',
        TASKHOOK_QUEUE_URL: 'http://127.0.0.1:9/queue',
        AWS_REGION: 'eu-west-1',
        LOG_LEVEL: 'silent',
      },
    })
    expect(stderr).toBe('')
    const { handlers, answers } = JSON.parse(stdout) as {
      handlers: string[]
      answers: { statusCode: number; body: string }[]
    }
    expect(handlers.sort()).toEqual(['receive', 'settle', 'start'])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 401, 422])
    expect(JSON.parse(answers[2]?.body ?? '')).toMatchObject({
      problems: [{ path: 'other', message: 'is not a parameter; the task takes note' }],
    })
  })

  it.each(['receive', 'start'] as const)('prints how much %s reads at init', async (name) => {
    const folder = scratch()
    for (const [path, bytes] of Object.entries(large.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), bytes)
    }
    const script = `
      import { registerHooks } from 'node:module'
      let bytes = 0
      registerHooks({ load: (url, context, next) => {
        const loaded = next(url, context)
        bytes += Buffer.byteLength(loaded.source ?? '')
        return loaded
      } })
      await import('./handler.mjs')
      console.log(Math.ceil(bytes / 1024))
      process.exit()`
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      env: {
        ...{ SHOP: 'a', SLACK: 'b', GITHUB: 'c', KEY: 'd', TASKHOOK_KEY: 'env:KEY', TASKHOOK_TABLE: 'taskhook' },
        ...{ TASKHOOK_QUEUE_URL: 'http://127.0.0.1:9/queue', AWS_REGION: 'eu-west-1', _HANDLER: `handler.${name}` },
        ...{ AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' },
      },
    })
    expect(stderr).toBe('')
    expect(Number(stdout)).toBe(large.atInit[name])
  })

  it('writes a zip that Python can read, with files readable by all users', async () => {
    const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as zip:
    assert zip.testzip() is None
    print(json.dumps([[info.filename, oct(info.external_attr >> 16 & 0o777)] for info in zip.infolist()]))`
    const { code, stdout, stderr } = await run('python3', ['-c', script, join(small.out, 'taskhook.zip')])
    expect(code, stderr).toBe(0)
    const entries = JSON.parse(stdout) as [string, string][]
    expect(entries.map(([name]) => name)).toContain('handler.mjs')
    expect(new Set(entries.map(([, mode]) => mode))).toEqual(new Set(['0o644']))
  })

  it('writes a table.json that CreateTable accepts unchanged', async () => {
    const server = dynalite({ createTableMs: 0 })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    onTestFinished(() => {
      client.destroy()
      server.closeAllConnections()
      server.close()
    })
    const input = JSON.parse(readFileSync(join(small.out, 'table.json'), 'utf8')) as CreateTableCommandInput
    await client.send(new CreateTableCommand(input))
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'taskhook' }))
    expect(Table).toMatchObject({
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    })
    // DynamoDB returns indexes in any order.
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort()).toEqual(['open', 'recent'])
  })

  it('packages no secret of the build machine, no .env and no YAML', async () => {
    const env = { SHOP: 'shop-value-7f3a', SLACK: 'slack-value-7f3a', AWS_SECRET_ACCESS_KEY: 'aws-value-7f3a' }
    const folder = scratch({ 'my.yaml': configOf('shop', 'slack'), '.env': 'SHOP=dotenv-value-7f3a\n' })
    const { code } = await taskhook(['build', 'my.yaml', '--out', 'out'], { cwd: folder, env })
    expect(code).toBe(0)
    const files = unzipSync(readFileSync(join(folder, 'out/taskhook.zip')))
    expect(Object.keys(files).filter((name) => !/\.mjs$|^taskhook\.json$/.test(name))).toEqual([])
    const written = readdirSync(join(folder, 'out'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFileSync(join(folder, 'out', name), 'utf8'))
    const all = [...Object.values(files).map((bytes) => Buffer.from(bytes).toString('latin1')), ...written]
    expect(all.filter((text) => text.includes('value-7f3a'))).toEqual([])
    expect(all.some((text) => text.includes('env:SHOP'))).toBe(true)
  })

  it('writes nothing for an invalid config', async () => {
    const folder = scratch({ 'my.yaml': configOf('shop').replace('run: report', 'run: other') })
    const { code, stderr } = await taskhook(['build', 'my.yaml', '--out', 'out'], { cwd: folder })
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: '1 problem in my.yaml\n  my.yaml:7  routes[0].run: "other" is not a task; must be one of report\n',
    })
    expect(readdirSync(folder)).toEqual(['my.yaml'])
  })
})
