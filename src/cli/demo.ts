import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineCommand } from 'citty'
import pc from 'picocolors'
import type { SourceConfig } from '../core/adapter.ts'
import type { Config } from '../core/model/config.ts'
import { isTerminal, type RunStatus } from '../core/model/run.ts'
import { type Dev, startDev } from '../local/dev.ts'
import { type SampleOptions, sampleFor } from '../local/samples/sample-delivery.ts'
import { signDelivery } from '../local/samples/sign-delivery.ts'
import { createTerminal, type Terminal } from '../local/terminal/event-feed.ts'
import { Failure, guarded, loadConfig, loadEnv } from './load-config.ts'

export const demo = defineCommand({
  run: () => guarded(runDemo),
})

interface Scene {
  readonly source: string
  readonly title: string
  readonly options: SampleOptions
}

const scenes: readonly Scene[] = [
  {
    source: 'slack',
    title: 'Somebody types /analyze dataset=sales in Slack',
    options: { command: '/analyze', text: 'dataset=sales' },
  },
  { source: 'github', title: "A push to GitHub: GitHub's own example payload", options: { event: 'push' } },
  {
    source: 'partner',
    title: 'A web app posts a Standard Webhook',
    options: { data: '{"dataset":"people","depth":2}' },
  },
]

/** Milliseconds that a run of the demo may take. */
const patience = 30_000

async function runDemo(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-demo-'))
  // A copy, since the job writes its results beside its data, and this may be an installed package.
  cpSync(fileURLToPath(new URL('../../examples/quickstart', import.meta.url)), folder, { recursive: true })
  const terminal = createTerminal({ write: (text) => process.stdout.write(text) })
  const configPath = join(folder, 'taskhook.yaml')
  const config = loadConfig(configPath)
  const env = { ...process.env, ...loadEnv(join(folder, 'dev.env')) }
  const dev = await startDev({
    config,
    configPath,
    port: 0,
    env,
    log: terminal.log,
    onOutput: terminal.output,
    onMessage: terminal.message,
    onReply: terminal.reply,
  })
  try {
    terminal.say(pc.dim(`Lambda, DynamoDB, SQS and ECS, all on this machine: ${dev.url}`))
    const ends: RunStatus[] = []
    for (const scene of scenes) ends.push(await play(scene, dev, config, env, terminal))
    terminal.say()
    if (ends.some((status) => status !== 'succeeded')) throw new Failure(`the runs ended ${ends.join(', ')}`)
    terminal.say(`${pc.green('✓')} ${scenes.length} deliveries, ${ends.length} runs succeeded, every sender told.`)
    terminal.say(pc.dim('  npm start keeps it running; docs/getting-started.md leads to your own task.'))
  } finally {
    await dev.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function play(
  { source: name, title, options }: Scene,
  dev: Dev,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  { say }: Terminal,
) {
  const source = config.sources[name]
  if (source === undefined) throw new Failure(`the demo's config has no source ${name}`)
  say(`\n${pc.bold(title)}`)
  const { headers, body } = signDelivery(source, secretOf(source, env), sampleFor(config, source, options), Date.now())
  const told = dev.inbox.messages.length
  const response = await fetch(`${dev.url}/${name}`, { method: 'POST', headers, body })
  const text = await response.text()
  if (!response.ok) throw new Failure(`${name} was answered ${response.status}: ${text}`)
  return source.adapter === 'hmac'
    ? untilStatusEnds(JSON.parse(text) as { statusUrl: string }, say)
    : untilTold(dev, told)
}

const secretOf = ({ secret }: SourceConfig, env: Readonly<Record<string, string | undefined>>): string =>
  env[secret[0]?.replace('env:', '') ?? ''] ?? ''

/** The way of a sender that is not called back: ask the status URL. */
async function untilStatusEnds({ statusUrl }: { statusUrl: string }, say: Terminal['say']): Promise<RunStatus> {
  let status: RunStatus | undefined
  await until(async () => {
    const view = (await (await fetch(statusUrl)).json()) as { status: RunStatus; exitCode?: number }
    if (view.status !== status)
      say(
        `${' '.repeat(9)}${pc.bold('partner  ')} ${pc.magenta(`GET statusUrl → ${view.status}${view.exitCode === undefined ? '' : `, exit code ${view.exitCode}`}`)}`,
      )
    status = view.status
    return isTerminal(status)
  })
  return status ?? 'queued'
}

/** The way of Slack and GitHub: wait for the last message. */
async function untilTold(dev: Dev, from: number): Promise<RunStatus> {
  let last = ''
  await until(async () => {
    last = JSON.stringify(dev.inbox.messages.slice(from).at(-1)?.body ?? '')
    return /succeeded|failed|could not/.test(last)
  })
  return last.includes('succeeded') ? 'succeeded' : 'failed'
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patience
  while (!(await done())) {
    if (Date.now() > end) throw new Failure(`not done within ${patience / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
