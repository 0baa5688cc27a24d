/**
 * Cold start and warm latency of `receive`, the function that senders wait for. Every figure is a median of interleaved runs in new
 * processes on this machine, and is told as milliseconds over an empty handler of the same round, or as a ratio: never compare it
 * with another machine's, or with another day's.
 */
import { execFileSync, spawn } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { builtinSpecs } from '../src/adapters/spec-registry.ts'
import { compileConfig } from '../src/config/compile.ts'
import push from '../src/local/samples/github-push.json' with { type: 'json' }

const rounds = Number(process.env.ROUNDS ?? 11)
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

/** Stands in for DynamoDB and SQS: answers at once, so that what is measured is ours. */
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
const body = JSON.stringify(push)
const event = {
  rawPath: '/github',
  headers: {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  },
  body,
  isBase64Encoded: false,
  requestContext: { domainName: 'x.lambda-url.eu-west-1.on.aws', http: { method: 'POST', path: '/github' } },
}
const eventFile = join(folder, 'event.json')

/** Prints: milliseconds to ready, to the first answer, the median of warm answers, peak RSS in MB. */
const probe = `
const { readFileSync } = await import('node:fs')
const handlers = await import(process.env.ENTRY)
const ready = performance.now()
let first = 0, warm = 0
if (handlers.receive) {
  const event = JSON.parse(readFileSync(process.env.EVENT_FILE, 'utf8'))
  const answer = await handlers.receive(event)
  if (answer.statusCode !== 202) throw new Error(JSON.stringify(answer))
  first = performance.now()
  const times = []
  for (let at = 0; at < 200; at++) { const began = performance.now(); await handlers.receive(event); times.push(performance.now() - began) }
  warm = times.sort((a, b) => a - b)[100]
}
console.log(JSON.stringify({ ready, first, warm, rss: process.resourceUsage().maxRSS / 1024 }))
process.exit(0)`

interface Figures {
  readonly ready: number
  readonly first: number
  readonly warm: number
  readonly rss: number
}

function measure(entry: string, env: Readonly<Record<string, string>>): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', probe], {
      env: { PATH: process.env.PATH ?? '', ...env, ENTRY: entry, EVENT_FILE: eventFile },
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
  writeFileSync(eventFile, JSON.stringify(event))
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
  const subjects = {
    bare: { entry: await bundle('bare'), env: {} },
    github: { entry: handler, env: { ...env, TASKHOOK_CONFIG: join(folder, 'github.json') } },
    slack: { entry: handler, env: { ...env, TASKHOOK_CONFIG: join(folder, 'slack.json') } },
    bolt: { entry: await bundle('bolt'), env: {} },
  }
  const results: Record<keyof typeof subjects, Figures[]> = { bare: [], github: [], slack: [], bolt: [] }
  for (let round = 0; round < rounds; round++) {
    for (const [name, subject] of Object.entries(subjects))
      results[name as keyof typeof subjects].push(await measure(subject.entry, subject.env))
  }

  const overBare = (name: keyof typeof subjects, key: 'ready' | 'first'): number =>
    median(results[name].map((figures, at) => figures[key] - (results.bare[at]?.ready ?? 0)))
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  const zip = execFileSync(
    process.execPath,
    [join(root, 'dist/cli/main.js'), 'build', writeYaml(configs.github), '--out', join(folder, 'out')],
    { encoding: 'utf8' },
  )
  const rows: [string, string, string][] = [
    ['receive ready over bare, GitHub and HMAC', ms(overBare('github', 'ready')), '≤ 40 ms'],
    ['receive ready over bare, with Slack', ms(overBare('slack', 'ready')), ''],
    ["Bolt's Lambda receiver ready over bare", ms(overBare('bolt', 'ready')), ''],
    ["with Slack ÷ Bolt's receiver", (overBare('slack', 'ready') / overBare('bolt', 'ready')).toFixed(2), '≤ 1.0'],
    ['first answer over bare, GitHub push', ms(overBare('github', 'first')), '≤ 70 ms'],
    ['warm answer, two calls to a local stub', ms(median(results.github.map(({ warm }) => warm))), ''],
    ['peak RSS, cold', `${median(results.github.map(({ rss }) => rss)).toFixed(0)} MB`, '≤ 70 MB'],
    ['code read at init, GitHub and HMAC', /init: (\d+ kB)/.exec(zip)?.[1] ?? '?', '≤ 260 kB'],
    ['package, GitHub and HMAC', /(\d+ kB)/.exec(zip)?.[1] ?? '?', '≤ 1024 kB'],
  ]
  console.log(`\n${rounds} rounds, Node ${process.versions.node}; medians, bars from the project's goals\n`)
  for (const [what, value, bar] of rows) console.log(`  ${what.padEnd(44)} ${value.padStart(10)}   ${bar}`)
} finally {
  stub.close()
  rmSync(folder, { recursive: true, force: true })
}

function writeYaml(text: string): string {
  const path = join(folder, 'bench.yaml')
  writeFileSync(path, text)
  return path
}
