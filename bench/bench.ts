/**
 * Cold start and warm latency of `receive`, the function that senders wait for. Every figure is a median of interleaved runs in new
 * processes on this machine, in milliseconds over an empty handler of the same round, or as a ratio. Never compare it with another
 * machine's figure, or with another day's. To compare two builds, measure both in one run: `BEFORE=../other/dist/lambda/handler.mjs`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { builtinSpecs } from '../src/adapters/spec-registry.ts'
import { compileConfig } from '../src/config/compile.ts'
import push from '../src/local/samples/github-push.json' with { type: 'json' }

const rounds = Number(process.env.ROUNDS ?? 11)
/** The handler of another build, measured in the same rounds. */
const { BEFORE: before } = process.env
const root = new URL('..', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'taskhook-bench-'))

const task =
  'tasks: { analyze: { cluster: c, taskDefinition: t, container: app, subnets: [s], params: { name: { type: string, required: true } } } }'
const github =
  'github: { adapter: github, secret: "env:SECRET" }, partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:SECRET" }'
const route =
  '{ on: github, event: push, branches: [master], run: analyze, with: { name: "${event.repository.name}" } }'
const configs = {
  github: `sources: { ${github} }\n${task}\nroutes: [${route}]`,
  slack: `sources: { ${github}, slack: { adapter: slack, signingSecret: "env:SECRET" } }\n${task}\nroutes: [${route}, { on: slack, command: /analyze, run: analyze }]`,
}

/** What each kind of process does before it prints a figure. */
const scripts = {
  bare: `export const handler = async () => ({})`,
  bolt: `import bolt from '@slack/bolt'
const receiver = new bolt.AwsLambdaReceiver({ signingSecret: 'x' })
const app = new bolt.App({ token: 'xoxb-1', receiver, tokenVerificationEnabled: false })
app.command('/analyze', async ({ ack }) => { await ack('ok') })
export const handler = await receiver.start()`,
}

async function bundle(name: keyof typeof scripts): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    stdin: { contents: scripts[name], resolveDir: root, sourcefile: `${name}.mjs` },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  return outfile
}

/** Answers for DynamoDB and SQS at once, so that only taskhook is measured. */
async function startStub(): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const sent = JSON.parse(await text(request)) as { MessageBody?: string }
    response.setHeader('content-type', 'application/x-amz-json-1.0')
    // The SDK checks the digest of what SQS says it took.
    const digest = createHash('md5')
      .update(sent.MessageBody ?? '')
      .digest('hex')
    response.end(sent.MessageBody === undefined ? '{}' : JSON.stringify({ MessageId: '1', MD5OfMessageBody: digest }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const delivery = (path: string, type: string, body: string, headers: Readonly<Record<string, string>>) => ({
  rawPath: path,
  headers: { 'content-type': type, ...headers },
  body,
  isBase64Encoded: false,
  requestContext: { domainName: 'x.lambda-url.eu-west-1.on.aws', http: { method: 'POST', path } },
})
const hmac = (text: string): string => createHmac('sha256', secret).update(text).digest('hex')

/** Signed when it is sent, since Slack signs the time. */
const deliveries = {
  push() {
    const body = JSON.stringify(push)
    const headers = { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${hmac(body)}` }
    return delivery('/github', 'application/json', body, headers)
  },
  command() {
    const body = 'command=%2Fanalyze&text=taskhook&user_id=U1&channel_id=C1&trigger_id=1.2.3'
    const seconds = String(Math.floor(Date.now() / 1000))
    const headers = { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${hmac(`v0:${seconds}:${body}`)}` }
    return delivery('/slack', 'application/x-www-form-urlencoded', body, headers)
  },
}

/** Prints: milliseconds to ready, to the first answer, the median of warm answers, CPU time to ready and to the first answer, peak RSS in MB. */
const probe = `
const handlers = await import(process.env.ENTRY)
const ready = performance.now()
const cpuTime = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000 }
const readyCpu = cpuTime()
let first = 0, warm = 0, firstCpu = readyCpu
if (handlers.receive) {
  const event = JSON.parse(process.env.EVENT)
  const answer = await handlers.receive(event)
  if (!answer.body.includes('queued')) throw new Error(JSON.stringify(answer))
  first = performance.now()
  firstCpu = cpuTime()
  const times = []
  for (let at = 0; at < 200; at++) { const began = performance.now(); await handlers.receive(event); times.push(performance.now() - began) }
  warm = times.sort((a, b) => a - b)[100]
}
console.log(JSON.stringify({ ready, first, warm, readyCpu, firstCpu, rss: process.resourceUsage().maxRSS / 1024 }))
process.exit(0)`

interface Figures {
  readonly ready: number
  readonly first: number
  readonly warm: number
  readonly readyCpu: number
  readonly firstCpu: number
  readonly rss: number
}

interface Subject {
  readonly entry: string
  readonly env: Readonly<Record<string, string>>
  readonly event?: keyof typeof deliveries
}

function measure({ entry, env, event }: Subject): Promise<Figures> {
  const sent = event === undefined ? {} : { EVENT: JSON.stringify(deliveries[event]()) }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', probe], {
      env: { PATH: process.env.PATH ?? '', ...env, ...sent, ENTRY: entry },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.on('exit', (code) => {
      const line = text.split('\n').find((part) => part.startsWith('{"ready"'))
      if (line === undefined) reject(new Error(`the probe of ${entry} ended with ${code}: ${text}`))
      else resolve(JSON.parse(line) as Figures)
    })
  })
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const stub = await startStub()
try {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(configs))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(compileConfig(text, builtinSpecs)))
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_ENDPOINT_URL: stub.url,
    TASKHOOK_TABLE: 't',
    TASKHOOK_QUEUE_URL: `${stub.url}/000000000000/q`,
    TASKHOOK_KEY: 'env:SECRET',
    SECRET: secret,
    LOG_LEVEL: 'silent',
    _HANDLER: 'handler.receive',
  }
  const handler = join(root, 'dist/lambda/handler.mjs')
  const receive = (entry: string, config: keyof typeof configs, event: keyof typeof deliveries): Subject => ({
    entry,
    env: { ...env, TASKHOOK_CONFIG: join(folder, `${config}.json`) },
    event,
  })
  const build = (entry: string) => ({
    github: receive(entry, 'github', 'push'),
    slackPush: receive(entry, 'slack', 'push'),
    slackCommand: receive(entry, 'slack', 'command'),
  })
  const bare = { entry: await bundle('bare'), env: {} }
  const bolt = { entry: await bundle('bolt'), env: {} }
  const now = build(handler)
  const old = before === undefined ? undefined : build(resolve(before))
  const subjects: readonly Subject[] = [bare, bolt, ...Object.values(now), ...Object.values(old ?? {})]
  const results = new Map(subjects.map((subject): [Subject, Figures[]] => [subject, []]))
  for (let round = 0; round < rounds; round++)
    for (const subject of subjects) results.get(subject)?.push(await measure(subject))

  const all = (subject: Subject, key: keyof Figures): readonly number[] =>
    (results.get(subject) ?? []).map((figures) => figures[key])
  /** Over the empty handler of the same round. */
  const overBare = (subject: Subject, key: 'ready' | 'first'): number =>
    median(all(subject, key).map((value, at) => value - (all(bare, 'ready')[at] ?? 0)))
  /** The least of the rounds, because other processes on the machine can only add to it. */
  const cpuOverBare = (subject: Subject, key: 'readyCpu' | 'firstCpu'): number =>
    Math.min(...all(subject, key)) - Math.min(...all(bare, 'readyCpu'))
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  const zip = execFileSync(
    process.execPath,
    [join(root, 'dist/cli/main.js'), 'build', writeYaml(configs.github), '--out', join(folder, 'out')],
    { encoding: 'utf8' },
  )
  type Build = typeof now
  const measured: readonly [what: string, value: (build: Build) => string, bar: string][] = [
    ['receive ready over bare, GitHub and HMAC', ({ github }) => ms(overBare(github, 'ready')), '≤ 40 ms'],
    ['receive ready over bare, with Slack', ({ slackPush }) => ms(overBare(slackPush, 'ready')), ''],
    [
      "with Slack ÷ Bolt's receiver",
      ({ slackPush }) => (overBare(slackPush, 'ready') / overBare(bolt, 'ready')).toFixed(2),
      '≤ 1.0',
    ],
    ['CPU time until ready, with Slack', ({ slackPush }) => ms(cpuOverBare(slackPush, 'readyCpu')), ''],
    ['first answer over bare, GitHub push', ({ github }) => ms(overBare(github, 'first')), '≤ 70 ms'],
    ['first answer over bare, Slack command', ({ slackCommand }) => ms(overBare(slackCommand, 'first')), ''],
    ['CPU time until it', ({ slackCommand }) => ms(cpuOverBare(slackCommand, 'firstCpu')), ''],
    ['warm answer, two calls to a local stub', ({ github }) => ms(median(all(github, 'warm'))), ''],
    ['warm answer to a Slack command', ({ slackCommand }) => ms(median(all(slackCommand, 'warm'))), ''],
    ['peak RSS, cold', ({ github }) => `${median(all(github, 'rss')).toFixed(0)} MB`, '≤ 70 MB'],
  ]
  console.log(`\n${rounds} rounds, Node ${process.versions.node}; medians, bars from the project's goals\n`)
  const print = (what: string, value: string, bar: string, other = ''): void =>
    console.log(`  ${what.padEnd(44)} ${value.padStart(10)} ${other.padStart(10)}   ${bar}`)
  if (old !== undefined) print('', 'now', '', 'before')
  for (const [what, value, bar] of measured) print(what, value(now), bar, old === undefined ? '' : value(old))
  print("Bolt's Lambda receiver ready over bare", ms(overBare(bolt, 'ready')), '')
  print('code read at init, GitHub and HMAC', /init: (\d+ kB)/.exec(zip)?.[1] ?? '?', '≤ 260 kB')
  print('package, GitHub and HMAC', /(\d+ kB)/.exec(zip)?.[1] ?? '?', '≤ 1024 kB')
} finally {
  stub.close()
  rmSync(folder, { recursive: true, force: true })
}

function writeYaml(text: string): string {
  const path = join(folder, 'bench.yaml')
  writeFileSync(path, text)
  return path
}
