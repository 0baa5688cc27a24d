/** `taskhook dev`: runs all of taskhook on this machine until it is stopped. */
import { randomBytes } from 'node:crypto'
import { watch } from 'node:fs'
import { defineCommand } from 'citty'
import type { Environment } from '../compose.ts'
import { SecretUnavailable } from '../core/aws/secret-value.ts'
import { messageOf } from '../core/errors.ts'
import { openSealedSecret } from '../core/http/sealed-secret.ts'
import type { Config } from '../core/model/config.ts'
import { createLog } from '../core/telemetry/log.ts'
import { type DevServer, startDevServer } from '../local/dev-server.ts'
import type { FaultRequest } from '../local/faults/parse-fault.ts'
import { liveServices } from '../local/senders/live-services.ts'
import { createTerminal, type Terminal } from '../local/terminal/terminal.ts'
import { configArgument, envFileArgument, repeatedOption } from './arguments.ts'
import { CommandError, reportErrors } from './command-error.ts'
import { devBanner } from './dev-banner.ts'
import { faultHelp } from './fault-help.ts'
import { parseFaultOption } from './fault-option.ts'
import { loadConfig, loadEnv } from './load-config.ts'
import { stopSignal } from './stop-signal.ts'

export const dev = defineCommand({
  args: {
    // `--fault list` needs no config.
    config: { ...configArgument, required: false },
    port: {
      type: 'string',
      valueHint: 'N',
      description: 'Port; 0 for any free one (default: PORT or 8787)',
    },
    'env-file': envFileArgument,
    fault: {
      type: 'string',
      valueHint: 'fault',
      description: 'Fault to inject, repeatable; --fault list shows all',
    },
    live: { type: 'boolean', description: 'Use the real Slack, GitHub and Secrets Manager' },
    json: { type: 'boolean', description: 'Log lines of JSON, as the Lambda functions do' },
  },
  run: ({ args, rawArgs }) =>
    reportErrors(async () => {
      const requested = repeatedOption(rawArgs, 'fault')
      if (requested.includes('list') || requested.includes('help')) return void process.stdout.write(faultHelp())
      if (args.config === undefined) throw new CommandError('Missing required positional argument: CONFIG')
      await runDev({
        configPath: args.config,
        faults: requested.map(parseFaultOption),
        envFile: args['env-file'],
        port: args.port,
        live: args.live === true,
        json: args.json === true,
      })
    }),
})

interface DevArguments {
  readonly configPath: string
  readonly faults: readonly FaultRequest[]
  readonly envFile: string | undefined
  readonly port: string | undefined
  readonly live: boolean
  readonly json: boolean
}

async function runDev(given: DevArguments): Promise<void> {
  const { configPath, envFile, live } = given
  const env = loadEnv(envFile)
  const config = loadConfig(configPath)
  const tokenKey = randomBytes(32).toString('hex')
  const terminal = terminalFor(config, given.json, tokenKey)
  const server = await startServer(given, config, env, terminal, tokenKey)
  // Before the banner, because a process that reads the banner may send a signal at once.
  const stopped = stopSignal()
  const watcher = watch(configPath, () => terminal.print(`${configPath} has changed. Restart to use it.`))
  const firstSource = Object.keys(config.sources)[0]
  const envFileOption = envFile === undefined ? '' : ` --env-file ${envFile}`
  const example = `npx taskhook send ${configPath} ${firstSource}${envFileOption} --url ${server.url}`
  terminal.print(devBanner(server, config, { live, example }))
  await stopped
  watcher.close()
  terminal.print('\nstopping, including running tasks')
  await server.close()
  // An emulator can leave handles in the event loop that would keep the process alive.
  process.exit(0)
}

/** With --json, stdout is for JSON only. */
function terminalFor({ sources, tasks }: Config, json: boolean, tokenKey: string): Terminal {
  const out = json ? process.stderr : process.stdout
  return createTerminal({
    write: (text) => out.write(text),
    columns: out.columns ?? 80,
    labels: [...Object.keys(sources), ...Object.keys(tasks)],
    openSealed: (sealed, source) => openSealedSecret(sealed, source, tokenKey),
  })
}

/** @throws {CommandError} */
async function startServer(
  { configPath, faults, port: givenPort, live, json }: DevArguments,
  config: Config,
  env: Environment,
  terminal: Terminal,
  tokenKey: string,
): Promise<DevServer> {
  const port = parsePort(givenPort ?? (env.PORT || '8787'))
  try {
    return await startDevServer({
      config,
      configPath,
      port,
      env,
      tokenKey,
      log: json ? createLog(env.LOG_LEVEL) : terminal.log,
      onOutput: terminal.output,
      onMessage: terminal.message,
      onReply: terminal.reply,
      onProgress: terminal.progress,
      onFault: terminal.fault,
      faults,
      ...(live && { live: liveServices() }),
    })
  } catch (error) {
    throw new CommandError(startProblem(error, port), { cause: error })
  }
}

/** @throws {CommandError} */
function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new CommandError(`"${text}" is not a port; set --port or PORT to a number from 0 to 65535`)
  return port
}

function startProblem(error: unknown, port: number): string {
  if ((error as { readonly code?: unknown }).code === 'EADDRINUSE')
    return `port ${port} is already in use; choose another with --port N, or any free one with --port 0`
  const problems = messageOf(error)
    .split('\n')
    .map((problem) => `  ${problem}`)
  return [
    'taskhook dev cannot start:',
    ...problems,
    ...(isMissingVariable(error) ? ['Set the variables in the environment, or in a file: --env-file FILE'] : []),
  ].join('\n')
}

const isMissingVariable = (error: unknown): boolean =>
  error instanceof AggregateError
    ? error.errors.some(isMissingVariable)
    : error instanceof SecretUnavailable && error.reference.startsWith('env:')
