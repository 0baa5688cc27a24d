/** `taskhook demo`: sends three deliveries to a dev server with the quickstart example, and waits for their runs. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { defineCommand } from 'citty'
import pc from 'picocolors'
import type { Environment } from '../compose.ts'
import type { SourceConfig } from '../core/adapter.ts'
import type { Config } from '../core/model/config.ts'
import { isTerminal, type RunStatus } from '../core/model/run.ts'
import { type DevServer, startDevServer } from '../local/dev-server.ts'
import { sampleDelivery } from '../local/samples/sample-delivery.ts'
import type { SampleOptions } from '../local/samples/sample-options.ts'
import { signDelivery } from '../local/samples/sign-delivery.ts'
import { createTerminal, type Terminal } from '../local/terminal/terminal.ts'
import { CommandError, reportErrors } from './command-error.ts'
import { loadConfig, loadEnv } from './load-config.ts'

export const demo = defineCommand({
  run: () => reportErrors(runDemo),
})

interface Scene {
  readonly source: string
  readonly title: string
  readonly options: SampleOptions
}

const scenes: readonly Scene[] = [
  {
    source: 'slack',
    title: 'A person types /analyze dataset=sales in Slack',
    options: { command: '/analyze', text: 'dataset=sales' },
  },
  { source: 'github', title: "A push to GitHub: GitHub's own example payload", options: { event: 'push' } },
  {
    source: 'partner',
    title: 'A web app sends a Standard Webhook',
    options: { data: '{"dataset":"people","depth":2}' },
  },
]

/** For each run. */
const timeoutMs = 30_000

async function runDemo(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-demo-'))
  // A copy, since the job writes its results beside its data, and the original can be in an installed package.
  cpSync(fileURLToPath(new URL('../../examples/quickstart', import.meta.url)), folder, { recursive: true })
  const terminal = createTerminal({ write: (text) => process.stdout.write(text) })
  const configPath = join(folder, 'taskhook.yaml')
  const config = loadConfig(configPath)
  const env = { ...process.env, ...loadEnv(join(folder, 'dev.env')) }
  const server = await startDevServer({
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
    terminal.print(pc.dim(`Lambda, DynamoDB, SQS and ECS, all on this machine: ${server.url}`))
    const results: RunStatus[] = []
    for (const scene of scenes) results.push(await play(scene, { server, config, env, terminal }))
    terminal.print()
    if (results.some((status) => status !== 'succeeded'))
      throw new CommandError(`not every run succeeded: ${results.join(', ')}`)
    terminal.print(
      `${pc.green('✓')} ${scenes.length} deliveries, ${results.length} runs succeeded, every sender notified.`,
    )
    terminal.print(pc.dim('  Next: npm start keeps it running; docs/getting-started.md adds your own task.'))
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Stage {
  readonly server: DevServer
  readonly config: Config
  readonly env: Environment
  readonly terminal: Terminal
}

async function play({ source: name, title, options }: Scene, { server, config, env, terminal }: Stage) {
  const source = config.sources[name]
  if (source === undefined) throw new CommandError(`the config of the demo has no source "${name}"`)
  terminal.print(`\n${pc.bold(title)}`)
  const unsigned = sampleDelivery(config, source, options)
  const { headers, body } = signDelivery(source, secretOf(source, env), unsigned, Date.now())
  const messageCount = server.inbox.messages.length
  const response = await fetch(`${server.url}/${name}`, { method: 'POST', headers, body })
  const text = await response.text()
  if (!response.ok) throw new CommandError(`the delivery from ${name} got ${response.status}: ${text}`)
  return source.adapter === 'hmac'
    ? pollStatusUrl(JSON.parse(text) as { statusUrl: string }, terminal)
    : waitForLastMessage(server, messageCount)
}

const secretOf = ({ secret }: SourceConfig, env: Environment): string => env[secret[0]?.replace('env:', '') ?? ''] ?? ''

/** A web app without a callback URL asks for the status. */
async function pollStatusUrl({ statusUrl }: { statusUrl: string }, { print }: Terminal): Promise<RunStatus> {
  let status: RunStatus | undefined
  await until(async () => {
    const view = (await (await fetch(statusUrl)).json()) as { status: RunStatus; exitCode?: number }
    const exitCode = view.exitCode === undefined ? '' : `, exit code ${view.exitCode}`
    if (view.status !== status)
      print(`${' '.repeat(9)}${pc.bold('partner  ')} ${pc.magenta(`GET statusUrl → ${view.status}${exitCode}`)}`)
    status = view.status
    return isTerminal(status)
  })
  return status ?? 'queued'
}

/** Slack and GitHub are notified. */
async function waitForLastMessage(server: DevServer, from: number): Promise<RunStatus> {
  let last = ''
  await until(async () => {
    last = JSON.stringify(server.inbox.messages.slice(from).at(-1)?.body ?? '')
    return /succeeded|failed|could not/.test(last)
  })
  return last.includes('succeeded') ? 'succeeded' : 'failed'
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!(await isDone())) {
    if (Date.now() > end) throw new CommandError(`the run did not end within ${timeoutMs / 1000} s`)
    await sleep(100)
  }
}
