import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '../support/eventually.ts'
import {
  base,
  curl,
  curlGet,
  type Delivery,
  type Dev,
  folderOf,
  main,
  marker,
  processesWith,
  runOf,
  scratch,
  sign,
  startDev,
  taskhook,
  watch,
  withDev,
} from './process.ts'

const secrets = {
  SHOP_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  PLAIN_SECRET: 'open-sesame',
  SLACK_SECRET: '8f742231b10e8888abcd99yyyzzz85a5',
  GITHUB_SECRET: "It's a Secret to Everybody",
  GITHUB_TOKEN: 'ghp_token_that_must_not_leave',
}

/** Appends the run id to runs.log, and writes its environment to a file named after the run. */
const job = `
const { appendFileSync, writeFileSync } = require('node:fs')
appendFileSync('runs.log', process.env.TASKHOOK_RUN_ID + '\\n')
writeFileSync(process.env.TASKHOOK_RUN_ID + '.json', JSON.stringify(process.env))
console.log('about ' + process.env.DATASET)
process.exit(process.env.DATASET === 'fails' ? 3 : 0)`

const config = `
sources:
  shop: { adapter: hmac, scheme: standard-webhooks, secret: "env:SHOP_SECRET" }
  plain: { adapter: hmac, secret: "env:PLAIN_SECRET", scheme: { header: x-signature, algorithm: sha256, encoding: hex } }
  slack: { adapter: slack, signingSecret: "env:SLACK_SECRET" }
  github: { adapter: github, secret: "env:GITHUB_SECRET", token: "env:GITHUB_TOKEN" }
  managed: { adapter: hmac, scheme: standard-webhooks, secret: "secretsmanager:taskhook/managed#signing" }
tasks:
  report:
    cluster: c
    taskDefinition: report
    container: app
    subnets: [subnet-1]
    params:
      dataset: { type: string, required: true }
      dry-run: { type: boolean, default: false }
      depth: { type: integer, default: 3, env: HOW_DEEP }
      note: { type: string }
    local: { cwd: job, command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(job)}] }
routes:
  - { on: shop, run: report }
  - { on: plain, run: report }
  - { on: slack, command: /report, run: report }
  - { on: github, event: push, run: report, with: { dataset: "\${event.repository.name}" } }
  - { on: managed, run: report }
`

const push = (name: string) => ({
  ref: 'refs/heads/main',
  after: 'a'.repeat(40),
  deleted: false,
  sender: { login: 'ann' },
  repository: { name, full_name: `acme/${name}` },
})

describe('taskhook dev, with openssl and curl as the sender', () => {
  let folder: string
  let dev: Dev
  beforeAll(async () => {
    folder = folderOf({ 'taskhook.yaml': config })
    mkdirSync(join(folder, 'job'))
    dev = await startDev(join(folder, 'taskhook.yaml'), {
      env: {
        ...secrets,
        // --port takes precedence.
        PORT: '1',
        SENTINEL: 'sentinel-that-tasks-must-not-get',
        AWS_ACCESS_KEY_ID: 'AKIA-OF-A-REAL-ACCOUNT',
        AWS_SECRET_ACCESS_KEY: 'a-real-key',
        AWS_SESSION_TOKEN: 'a-real-token',
      },
    })
  })
  afterAll(async () => {
    await dev?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const post = (source: string, delivery: Delivery) => curl(`${dev.url}/${source}`, delivery)
  const environmentOf = (id: string) =>
    JSON.parse(readFileSync(join(folder, 'job', `${id}.json`), 'utf8')) as Record<string, string>
  const runsOf = (id: string) =>
    readFileSync(join(folder, 'job', 'runs.log'), 'utf8')
      .split('\n')
      .filter((line) => line === id)

  it('prints where it listens, and a command to try', () => {
    expect(dev.out()).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d{4,5}\n/)
    expect(dev.out()).toContain(`POST ${dev.url}/slack\n`)
    expect(dev.out()).toContain(`npx taskhook send ${join(folder, 'taskhook.yaml')} shop --url ${dev.url}\n`)
    expect(dev.out()).toContain('Placeholder secret for secretsmanager:taskhook/managed#signing')
  })

  it('gives the command only the declared variables, those of taskhook and four of the parent', async () => {
    const answer = await post('plain', sign.plain(secrets.PLAIN_SECRET, '{"dataset":"sales","dry-run":true}'))
    expect(answer.status, answer.body).toBe(202)
    const { run: id, statusUrl } = runOf(answer)
    await watch(statusUrl)
    expect(environmentOf(id)).toEqual({
      PATH: base.PATH,
      HOME: base.HOME,
      LANG: base.LANG,
      TMPDIR: base.TMPDIR,
      DATASET: 'sales',
      DRY_RUN: 'true',
      HOW_DEEP: '3',
      TASKHOOK_RUN_ID: id,
      TASKHOOK_SOURCE: 'plain',
      TASKHOOK_EVENT: 'webhook',
      TASKHOOK_ACTOR: 'plain',
      TASKHOOK_PROGRESS_URL: `${dev.url}/runs/${id}/progress`,
      TASKHOOK_TOKEN: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it('returns the status from queued to succeeded at the statusUrl', async () => {
    const first = runOf(await post('shop', sign.standard(secrets.SHOP_SECRET, '{"dataset":"sales"}', 'msg_status')))
    expect(['queued', 'starting']).toContain(first.status)
    expect(first.statusUrl).toMatch(new RegExp(`^${dev.url}/runs/${first.run}\\?token=[\\w-]{43}$`))
    const { last, seen } = await watch(first.statusUrl)
    expect(last).toMatchObject({ run: first.run, task: 'report', status: 'succeeded', exitCode: 0 })
    expect(['queued', 'starting', 'running', 'succeeded'].filter((status) => seen.includes(status))).toEqual(seen)
    expect((await curlGet(first.statusUrl.replace(/token=./, 'token=_'))).status).toBe(401)
  })

  it('starts one run for a delivery that is sent five times at once, and every response has its id', async () => {
    const delivery = sign.standard(secrets.SHOP_SECRET, '{"dataset":"once"}', 'msg_five')
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('shop', delivery)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 202])
    const [id, ...others] = new Set(answers.map((answer) => runOf(answer).run))
    expect(others).toEqual([])
    const { statusUrl = '' } = answers.map(runOf)[0] ?? {}
    await watch(statusUrl)
    // A sixth delivery, after the end, still is the same run.
    expect(runOf(await post('shop', delivery))).toMatchObject({ run: id, status: 'succeeded' })
    expect(runsOf(id ?? '')).toEqual([id])
  })

  it('ends a run whose command exits with 3 as failed, and notifies Slack and GitHub', async () => {
    const slack = await post('slack', sign.slack(secrets.SLACK_SECRET, { command: '/report', text: 'dataset=fails' }))
    expect(slack).toMatchObject({ status: 200, body: expect.stringContaining('report queued') })
    const github = await post('github', sign.github(secrets.GITHUB_SECRET, 'push', push('fails')))
    expect(github.status, github.body).toBe(202)
    const { last } = await watch(runOf(github).statusUrl)
    expect(last).toMatchObject({ status: 'failed', exitCode: 3 })
    await eventually(() => /^\S+ slack {5}← ❌ report failed with exit code 3 after /m.test(dev.out()))
    await eventually(() => /^\S+ github {4}← ❌ taskhook\/report failed with exit code 3 after /m.test(dev.out()))
    expect(dev.out()).toMatch(/^\S+ slack {5}← ▶ report running$/m)
    expect(dev.out()).toMatch(/^\S+ github {4}← 🟡 taskhook\/report running$/m)
    expect(dev.out()).toMatch(/^\S+ report {4}(\w{4} )?● failed, exit code 3$/m)
    expect(dev.out()).toMatch(/^\S+ report {4}(\w{4} )?│ about fails$/m)
  })

  it('rejects a body of 7 MB with 413, with and without Content-Length', async () => {
    const body = 'x'.repeat(7_000_000)
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }, { expect: '' }] as Record<string, string>[]) {
      const { status } = await post('shop', { headers, body })
      expect(status).toBe(413)
    }
    // Unlike curl, fetch reads no response while it sends.
    const response = await fetch(`${dev.url}/shop`, { method: 'POST', body })
    expect(response.status).toBe(413)
  })

  it.each<[string, string, () => Delivery]>([
    ['plain', 'x-signature', () => sign.plain(secrets.PLAIN_SECRET, '{"dataset":"twice"}')],
    ['shop', 'webhook-signature', () => sign.standard(secrets.SHOP_SECRET, '{"dataset":"twice"}', 'msg_twice')],
    [
      'slack',
      'x-slack-signature',
      () => sign.slack(secrets.SLACK_SECRET, { command: '/report', text: 'dataset=twice' }),
    ],
    ['github', 'x-hub-signature-256', () => sign.github(secrets.GITHUB_SECRET, 'push', push('twice'))],
  ])('%s: rejects a delivery with two %s headers', async (source, header, make) => {
    const { headers, body } = make()
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    const raw = (more: readonly string[]) =>
      exchange(dev.url, [
        `POST /${source} HTTP/1.1`,
        'Host: localhost',
        'Connection: close',
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...lines,
        ...more,
        '',
        body,
      ])
    expect(await raw([`${header}: ${headers[header]}`])).toMatch(/^HTTP\/1\.1 401 /)
    // With one header it is accepted, so the second one made the difference.
    expect(await raw([])).toMatch(/^HTTP\/1\.1 20[02] /)
  })

  it('uses a placeholder for a secretsmanager: reference, and taskhook send signs with the same one', async () => {
    const args = ['send', join(folder, 'taskhook.yaml'), 'managed', '--url', dev.url, '--data', '{"dataset":"managed"}']
    const { code, stdout } = await taskhook(args)
    expect(code, stdout).toBe(0)
    const { last } = await watch(JSON.parse(stdout.slice(stdout.indexOf('{'))).statusUrl as string)
    expect(last.status).toBe('succeeded')
  })

  it('prints no secret, nothing of the environment, and no line wider than 80 columns', async () => {
    const answer = await post('shop', sign.standard(secrets.SHOP_SECRET, '{"dataset":"printed"}', 'msg_printed'))
    await watch(runOf(answer).statusUrl)
    await eventually(() => dev.out().includes('│ about printed'))
    for (const secret of [...Object.values(secrets), 'sentinel-that-tasks-must-not-get', 'a-real-key', 'a-real-token'])
      expect(dev.out() + dev.err()).not.toContain(secret)
    const log = dev.out().slice(dev.out().indexOf('→'))
    expect(log.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(dev.err()).toBe('')
  })
})

/** Sends bytes to a socket, and returns what the server sends until it closes the connection. */
const exchange = (url: string, lines: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    socket.once('close', () => resolve(text)).once('error', reject)
    socket.write(lines.join('\r\n'))
  })

const small = (command: readonly string[]) => `
sources:
  plain: { adapter: hmac, secret: "env:PLAIN_SECRET", scheme: { header: x-signature, algorithm: sha256, encoding: hex } }
tasks:
  job: { cluster: c, taskDefinition: job, container: app, subnets: [s], local: { command: ${JSON.stringify(command)} } }
routes:
  - { on: plain, run: job }
`
const env = { PLAIN_SECRET: secrets.PLAIN_SECRET }
const delivery = () => sign.plain(secrets.PLAIN_SECRET, '{}')

describe('taskhook dev stops', () => {
  /** The marker is in the name of the config and in the arguments of the task, so `ps` finds taskhook and its tasks. */
  const marked = (command: (mark: string) => readonly string[]) => {
    const mark = marker()
    return { mark, path: join(scratch({ [`${mark}.yaml`]: small(command(mark)) }), `${mark}.yaml`) }
  }
  const withChild = (mark: string) => ['sh', '-c', `sleep ${mark} & sleep ${mark}; true`]
  const ignoresSignals = (mark: string) => ['sh', '-c', `trap '' TERM INT HUP; sleep ${mark} & sleep ${mark}; true`]
  const sleeping = (mark: string) => processesWith(`sleep ${mark}`).filter((line) => /\d+ sleep /.test(line))

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'at %s while idle, with exit code 0 and no process left',
    async (signal) => {
      const { mark, path } = marked(() => ['true'])
      const dev = await startDev(path, { env })
      dev.kill(signal)
      expect(await dev.exited).toBe(0)
      expect(processesWith(mark)).toEqual([])
      expect(dev.err()).toBe('')
    },
  )

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'at %s while a task with a child process runs, with exit code 0 and no process left',
    async (signal) => {
      const { mark, path } = marked(withChild)
      const dev = await startDev(path, { env })
      await curl(`${dev.url}/plain`, delivery())
      await eventually(() => sleeping(mark).length === 2)
      dev.kill(signal)
      expect(await dev.exited).toBe(0)
      expect(processesWith(mark)).toEqual([])
    },
  )

  it('at two signals, as npm sends on Ctrl-C, while a task ignores signals, with exit code 0 and no process left', async () => {
    const { mark, path } = marked(ignoresSignals)
    const dev = await startDev(path, { env })
    await curl(`${dev.url}/plain`, delivery())
    await eventually(() => sleeping(mark).length === 2)
    dev.kill('SIGINT')
    await eventually(() => dev.out().includes('stopping'))
    dev.kill('SIGINT')
    expect(await dev.exited).toBe(0)
    expect(processesWith(mark)).toEqual([])
  })

  it('if npx gets the signal', async () => {
    const { mark, path } = marked(withChild)
    const dev = await startDev(path, { env, command: ['npx', '--no-install', 'taskhook'] })
    expect((await curl(`${dev.url}/plain`, delivery())).status).toBe(202)
    await eventually(() => sleeping(mark).length === 2)
    dev.kill('SIGTERM')
    await eventually(() => processesWith(mark).length === 0)
    await dev.exited
  })
})

describe('taskhook dev exits with 1 and prints the reason for', () => {
  const failing = async (
    text: string,
    args: readonly string[] = ['--port', '0'],
    more: Record<string, string> = {},
  ) => {
    const folder = scratch({ 'my.yaml': text })
    const { code, stdout, stderr } = await taskhook(['dev', 'my.yaml', ...args], { cwd: folder, env: more })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    return stderr
  }

  it('a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    const port = await eventually(() => (server.address() as { port: number } | null)?.port)
    expect(await failing(small(['true']), ['--port', String(port)], env)).toBe(
      `port ${port} is already in use; choose another with --port N, or any free one with --port 0\n`,
    )
  })

  it('all secrets that are missing or empty', async () => {
    const more = { SHOP_SECRET: '', SLACK_SECRET: '  ', GITHUB_SECRET: 'x' }
    expect(await failing(config, ['--port', '0'], more)).toBe(
      [
        'taskhook dev cannot start:',
        '  secret env:SHOP_SECRET: is empty',
        '  secret env:PLAIN_SECRET: is not set',
        '  secret env:SLACK_SECRET: is empty',
        '  secret env:GITHUB_TOKEN: is not set',
        'Set the variables in the environment, or in a file: --env-file FILE',
        '',
      ].join('\n'),
    )
  })

  it('every problem of the config, with its line', async () => {
    const bad = small(['true']).replace('adapter: hmac', 'adapter: hmak').replace('run: job', 'run: jobb, evnt: x')
    expect(await failing(bad, ['--port', '0'], env)).toBe(
      [
        '3 problems in my.yaml',
        '  my.yaml:3  sources.plain.adapter: "hmak" is not an adapter; did you mean "hmac"?',
        '  my.yaml:7  routes[0].evnt: unknown key; did you mean "event"?',
        '  my.yaml:7  routes[0].run: "jobb" is not a task; did you mean "job"?',
        '',
      ].join('\n'),
    )
  })

  it('an invalid port', async () => {
    const message = '"abc" is not a port; set --port or PORT to a number from 0 to 65535\n'
    expect(await failing(small(['true']), ['--port', 'abc'], env)).toBe(message)
  })

  it('a missing --env-file, which Node itself reads wherever the option is', async () => {
    const { code, stderr } = await taskhook(['dev', 'my.yaml', '--env-file', 'nowhere.env'], { cwd: scratch() })
    expect(code).not.toBe(0)
    expect(stderr).toContain('nowhere.env')
  })
})

describe('the options of taskhook dev', () => {
  it('--json prints only JSON lines on stdout, and the rest on stderr', async () => {
    const folder = scratch({ 'my.yaml': small(['echo', 'hello']) })
    const dev = await withDev(join(folder, 'my.yaml'), { env, args: ['--json', '--port', '0'] })
    const answer = runOf(await curl(`${dev.url}/plain`, delivery()))
    await watch(answer.statusUrl)
    await dev.stop()
    const lines = dev.out().trimEnd().split('\n')
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(entries.map(({ msg }) => msg)).toEqual(['delivery accepted', 'run starting', 'run running', 'run succeeded'])
    expect(entries[0]).toMatchObject({ level: 'info', source: 'plain', status: 202, runs: [answer.run] })
    expect(entries[3]).toMatchObject({ run: answer.run, task: 'job', exitCode: 0 })
    expect(dev.err()).toContain('│ hello')
  })

  it('--env-file sets secrets and PORT for dev and send, unless the environment has them', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    const port = await eventually(() => (server.address() as { port: number } | null)?.port)
    await new Promise((resolve) => server.close(resolve))
    const folder = scratch({ 'my.yaml': small(['true']), 'my.env': `PLAIN_SECRET=wrong\nPORT=${port}\n` })
    const how = { cwd: folder, env }
    const dev = await withDev('my.yaml', { ...how, args: ['--env-file', 'my.env'] })
    expect(dev.url).toBe(`http://127.0.0.1:${port}`)
    const [, example = ''] = /Try: {2}npx taskhook (.*)/.exec(dev.out()) ?? []
    expect(example).toBe(`send my.yaml plain --env-file my.env --url ${dev.url}`)
    for (const args of [example, 'send my.yaml plain --env-file my.env']) {
      const { code, stdout } = await taskhook(args.split(' '), how)
      expect(code, stdout).toBe(0)
    }
  })

  it('run the program that package.json names', () => {
    const { bin } = JSON.parse(readFileSync(join(main, '../../../package.json'), 'utf8')) as {
      bin: Record<string, string>
    }
    expect(bin).toEqual({ taskhook: 'dist/cli/main.js' })
  })
})

describe('the faults of taskhook dev', () => {
  const pathOf = (command: readonly string[] = ['sh', '-c', 'sleep 60']) =>
    join(scratch({ 'my.yaml': small(command) }), 'my.yaml')
  const faultsAt = async (url: string) => JSON.parse((await curlGet(`${url}/_faults`)).body) as { faults: unknown[] }

  it('warns of a --fault for a place that no task uses', async () => {
    const args = ['--port', '0', '--fault', 'capacity:subnet-zzz', '--fault', 'capacity', '--fault', 'spot']
    const dev = await withDev(pathOf(), { env, args })
    const banner = dev.out().replace(/\s+/g, ' ')
    expect(banner).toContain('in subnet-zzz, once. No task in this config uses subnet-zzz.')
    expect(banner).toContain('on FARGATE_SPOT, once. No task in this config uses FARGATE_SPOT.')
    expect(banner.match(/No task/g)).toHaveLength(2)
  })

  it('injects every --fault, and prints each one and its effect', async () => {
    const args = ['--port', '0', '--fault', 'lost-answer', '--fault', 'oom', '--fault', 'event-twice:RUNNING']
    const dev = await withDev(pathOf(), { env, args })
    expect(dev.out()).toContain('  Fault: RunTask succeeds, but its response is lost, once.\n')
    const { last } = await watch(runOf(await curl(`${dev.url}/plain`, delivery())).statusUrl)
    expect(last).toMatchObject({
      status: 'failed',
      exitCode: 137,
      reason: expect.stringContaining('OutOfMemoryError: Container killed due to memory usage') as unknown,
    })
    expect(dev.out()).toMatch(/^\S+ fault {5}⚡ RunTask succeeds, but its response is lost$/m)
    expect(dev.out()).toMatch(/^\S+ fault {5}⚡ the container exits with 137: OutOfMemoryError: Container/m)
    expect(dev.out()).toMatch(/^\S+ fault {5}⚡ the RUNNING event is delivered twice$/m)
    expect(await faultsAt(dev.url)).toEqual({ faults: [] })
  })

  it('a clock fault rejects a fresh signature, until it is cleared over HTTP', async () => {
    const folder = scratch({ 'taskhook.yaml': config.replace('local: { cwd: job, ', 'local: { ') })
    const dev = await withDev(join(folder, 'taskhook.yaml'), {
      env: secrets,
      cwd: folder,
      args: ['--port', '0', '--fault', 'clock:+400s'],
    })
    const post = () => curl(`${dev.url}/shop`, sign.standard(secrets.SHOP_SECRET, '{"dataset":"sales"}', 'msg_clock'))
    expect((await post()).status).toBe(401)
    expect((await fetch(`${dev.url}/_faults`, { method: 'DELETE' })).status).toBe(200)
    expect((await post()).status).toBe(202)
    expect(dev.out()).toMatch(/^\S+ fault {5}⚡ all faults cleared$/m)
  })

  it('accepts faults from curl, and not from web pages', async () => {
    const dev = await withDev(pathOf(['true']), { env })
    const json = { 'content-type': 'application/json' }
    const add = (headers: Record<string, string>) =>
      curl(`${dev.url}/_faults`, { headers: { ...json, ...headers }, body: '{"fault":"eni"}' })
    expect((await add({ host: 'evil.example' })).status).toBe(403)
    expect((await add({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await add({ 'content-type': 'text/plain' })).status).toBe(415)
    expect(await faultsAt(dev.url)).toEqual({ faults: [] })
    expect((await add({})).status).toBe(200)
    const { last } = await watch(runOf(await curl(`${dev.url}/plain`, delivery())).statusUrl)
    expect(last).toMatchObject({
      status: 'failed-to-start',
      reason: expect.stringContaining('network interface provisioning') as unknown,
    })
  })

  it('--fault list prints all faults without a config, and an unknown fault is rejected', async () => {
    const list = await taskhook(['dev', '--fault', 'list'])
    expect({ code: list.code, stderr: list.stderr }).toEqual({ code: 0, stderr: '' })
    expect(list.stdout).toMatch(/^ {2}capacity\[:WHERE\] /m)
    expect(list.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    const { code, stdout, stderr } = await taskhook(['dev', pathOf(), '--fault', 'capcity'], { env })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^--fault capcity: unknown fault "capcity"; did you mean "capacity"\?\navailable: capacity, /,
    )
    expect((await taskhook(['dev'])).stderr).toBe('Missing required positional argument: CONFIG\n')
  })
})
