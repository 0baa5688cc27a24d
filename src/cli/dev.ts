import { defineCommand } from 'citty'
import { messageOf } from '../core/errors.ts'
import { createLog } from '../core/log.ts'
import { type Dev, startDev } from '../local/dev.ts'
import { liveSide } from '../local/live.ts'
import { createTerminal, type Terminal } from '../local/terminal.ts'
import { configArgument, envFileArgument, Failure, guarded, loadConfig, loadEnv } from './load.ts'

export const dev = defineCommand({
  meta: { name: 'dev', description: 'Run all of it on this machine: no AWS account, nothing leaves the machine' },
  args: {
    config: configArgument,
    port: {
      type: 'string',
      valueHint: 'N',
      description: 'Port on 127.0.0.1; 0: any free one (default: PORT, else 8787)',
    },
    'env-file': envFileArgument,
    live: {
      type: 'boolean',
      default: false,
      description: 'Answer the real Slack and GitHub, read the real Secrets Manager',
    },
    json: { type: 'boolean', default: false, description: 'Log as the Lambda functions do, a JSON object a line' },
  },
  run: ({ args }) =>
    guarded(async () => {
      const env = loadEnv(args['env-file'])
      const config = loadConfig(args.config)
      const terminal = createTerminal({
        write: (text) => process.stdout.write(text),
        columns: process.stdout.columns ?? 80,
      })
      const options = {
        config,
        configPath: args.config,
        port: portOf(args.port ?? env.PORT ?? '8787'),
        env,
        log: args.json ? createLog(env.LOG_LEVEL) : terminal.log,
        onOutput: terminal.output,
        onMessage: terminal.message,
        ...(args.live && { live: liveSide() }),
      }
      const started = await startDev(options).catch((error: unknown) => {
        throw new Failure(`taskhook dev cannot start: ${messageOf(error)}`, { cause: error })
      })
      greet(terminal, started, args.config, Object.keys(config.sources), args.live)
      await untilToldToStop()
      await started.close()
      // What an emulator may have left in the event loop must not keep the process.
      process.exit(0)
    }),
})

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Failure(`--port ${text}: a port is a number from 0 to 65535`)
  return port
}

function greet(
  { say }: Terminal,
  { url, standIns }: Dev,
  config: string,
  sources: readonly string[],
  live: boolean,
): void {
  say(`listening on ${url}`)
  say()
  for (const source of sources) say(`  POST ${url}/${source}`)
  say()
  say(
    live
      ? '  Live: Slack, GitHub and Secrets Manager are the real ones.'
      : '  Nothing leaves this machine; what senders would be told is shown here.',
  )
  for (const reference of standIns) say(`  A local secret stands in for ${reference}.`)
  say(`  Try:  npx taskhook send ${config} ${sources[0] ?? ''} --url ${url}`)
  say()
}

/**
 * A signal, or the end of the npm that started us: npm's shell does not always hand a signal on, and would leave us behind.
 */
function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve())
    if (process.env.npm_execpath === undefined) return
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && resolve(), 500).unref()
  })
}
