import { watch } from 'node:fs'
import { parseArgs } from 'node:util'
import { defineCommand } from 'citty'
import { messageOf } from '../core/errors.ts'
import type { Config, TaskConfig } from '../core/model/config.ts'
import { createLog } from '../core/telemetry/log.ts'
import { type Dev, startDev } from '../local/dev.ts'
import { FaultError } from '../local/faults/fault-definition.ts'
import type { Waiting } from '../local/faults/fault-injector.ts'
import { waitingText } from '../local/faults/fault-text.ts'
import { type Asked, parseFault } from '../local/faults/parse-fault.ts'
import { liveSide } from '../local/senders/live-services.ts'
import { createTerminal, type Terminal, wrap } from '../local/terminal/event-feed.ts'
import { faultHelp } from './fault-help.ts'
import { configArgument, envFileArgument, Failure, guarded, loadConfig, loadEnv } from './load-config.ts'

export const dev = defineCommand({
  args: {
    // `--fault list` needs none.
    config: { ...configArgument, required: false },
    port: {
      type: 'string',
      valueHint: 'N',
      description: 'Port; 0: any free one (default: PORT, else 8787)',
    },
    'env-file': envFileArgument,
    fault: {
      type: 'string',
      valueHint: 'fault',
      description: 'What shall go wrong, repeatable; --fault list shows all',
    },
    live: { type: 'boolean', description: 'Talk to the real Slack, GitHub and Secrets Manager' },
    json: { type: 'boolean', description: 'Log JSON lines, as the Lambda functions do' },
  },
  run: ({ args, rawArgs }) =>
    guarded(async () => {
      const wanted = faultsIn(rawArgs)
      if (wanted.includes('list') || wanted.includes('help')) return void process.stdout.write(faultHelp())
      if (args.config === undefined) throw new Failure('Missing required positional argument: CONFIG')
      const faults = wanted.map(faultOf)
      const env = loadEnv(args['env-file'])
      const config = loadConfig(args.config)
      // With --json, stdout is for JSON alone.
      const out = args.json ? process.stderr : process.stdout
      const terminal = createTerminal({
        write: (text) => out.write(text),
        columns: out.columns ?? 80,
        labels: [...Object.keys(config.sources), ...Object.keys(config.tasks)],
      })
      const port = portOf(args.port ?? (env.PORT || '8787'))
      const options = {
        config,
        configPath: args.config,
        port,
        env,
        log: args.json ? createLog(env.LOG_LEVEL) : terminal.log,
        onOutput: terminal.output,
        onMessage: terminal.message,
        onReply: terminal.reply,
        onReport: terminal.report,
        onFault: terminal.fault,
        faults,
        ...(args.live && { live: liveSide() }),
      }
      const started = await startDev(options).catch((error: unknown) => {
        throw new Failure(whyNot(error, port), { cause: error })
      })
      const envFile = args['env-file'] === undefined ? '' : ` --env-file ${args['env-file']}`
      const example = `npx taskhook send ${args.config} ${Object.keys(config.sources)[0]}${envFile} --url ${started.url}`
      // Before anybody can know that there is something to stop.
      const toldToStop = untilToldToStop()
      const watched = watch(args.config, () => terminal.say(`${args.config} has changed; start again to use it`))
      greet(terminal, started, config, example, args.live === true)
      await toldToStop
      watched.close()
      terminal.say('\nstopping, and whatever still runs with it')
      await started.close()
      // What an emulator may have left in the event loop must not keep the process.
      process.exit(0)
    }),
})

/** citty keeps the last one of an option that comes more than once. */
function faultsIn(rawArgs: string[]): readonly string[] {
  const options = { fault: { type: 'string', multiple: true } } as const
  const { fault = [] } = parseArgs({ args: rawArgs, options, strict: false, allowPositionals: true }).values
  return fault.map(String)
}

function faultOf(text: string): Asked {
  try {
    return parseFault(text)
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    throw new Failure(`--fault ${text}: ${error.message}\n"taskhook dev --fault list" says what each does`, {
      cause: error,
    })
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Failure(`"${text}" is not a port; --port and PORT take a number from 0 to 65535`)
  return port
}

function whyNot(error: unknown, port: number): string {
  if ((error as { readonly code?: unknown }).code === 'EADDRINUSE')
    return `port ${port} is taken; choose another with --port N, or any free one with --port 0`
  const problems = messageOf(error)
    .split('\n')
    .map((problem) => `  ${problem}`)
  const secrets = problems.some((problem) => problem.startsWith('  secret env:'))
  return [
    'taskhook dev cannot start:',
    ...problems,
    ...(secrets ? ['Set what is missing in the environment, or in a file: --env-file FILE'] : []),
  ].join('\n')
}

/** Columns, behind two blanks. */
const bannerWidth = 78

function greet(
  { say }: Terminal,
  { url, standIns, faults }: Dev,
  { sources, tasks }: Config,
  example: string,
  live: boolean,
): void {
  const about = live
    ? '  Live: Slack, GitHub and Secrets Manager are the real ones.'
    : '  Nothing leaves this machine; what senders would be told is shown here.'
  // At once, so that whoever waits for the first line has them all.
  say(
    [
      ...[`listening on ${url}`, ''],
      ...Object.keys(sources).map((source) => `  POST ${url}/${source}`),
      ...['', about],
      ...standIns.map((reference) => `  A local secret stands in for ${reference}.`),
      ...faults.list().flatMap((waiting) => {
        const text = `Fault: ${waitingText(waiting)}.${neverText(waiting, Object.values(tasks))}`
        return wrap(text, bannerWidth).map((part) => `  ${part}`)
      }),
      '  Ctrl-C ends it, and every task that still runs.',
      `  Try:  ${example}`,
      '',
    ].join('\n'),
  )
}

/** A slip of the finger would wait for ever, and look like a day on which all is well. */
function neverText({ when: { subnet, capacity } }: Waiting, tasks: readonly TaskConfig[]): string {
  const missing = [subnet, capacity].find(
    (place) => place !== undefined && !tasks.some((task) => [...task.subnets, ...task.capacity].includes(place)),
  )
  return missing === undefined ? '' : ` No task of this config asks for ${missing}.`
}

/**
 * A signal, or the end of the npm that started us: npm's shell does not always hand a signal on, and would leave us behind.
 * Where it does, the same Ctrl-C comes twice, and the second must not cut short what the first began.
 */
function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve())
    if (process.env.npm_execpath === undefined) return
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && resolve(), 500).unref()
  })
}
