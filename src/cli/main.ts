#!/usr/bin/env node
/** The program `taskhook`: its commands, its help, and its exit codes. */
import { stripVTControlCharacters } from 'node:util'
import { type ArgsDef, type CommandDef, defineCommand, renderUsage, runMain, type showUsage } from 'citty'
import pc from 'picocolors'
import packageJson from '../../package.json' with { type: 'json' }
import { didYouMean } from '../core/text/suggest.ts'
import { rejectUnknownArguments } from './arguments.ts'
import { reportErrors } from './command-error.ts'

/** A command whose module is loaded when it is called: `check` does not need an HTTP server. */
const command = <T extends ArgsDef>(
  name: string,
  description: string,
  load: () => Promise<CommandDef<T>>,
): CommandDef<T> => ({
  meta: { name, description },
  args: async () => (await argsOf(load)) as T,
  run: (context) =>
    reportErrors(async () => {
      rejectUnknownArguments(context.args, await argsOf(load))
      await (await load()).run?.(context)
    }),
})

const argsOf = async <T extends ArgsDef>(load: () => Promise<CommandDef<T>>): Promise<ArgsDef> =>
  ((await load()).args ?? {}) as ArgsDef

const subCommands = {
  dev: command('dev', 'Run taskhook on this machine, without AWS', async () => (await import('./dev.ts')).dev),
  send: command('send', 'Sign a sample delivery and send it', async () => (await import('./send.ts')).send),
  check: command('check', 'Validate a config and report every problem', async () => (await import('./check.ts')).check),
  explain: command(
    'explain',
    'Show which routes match a delivery, and why',
    async () => (await import('./explain.ts')).explain,
  ),
  build: command('build', 'Build the deployment package', async () => (await import('./build.ts')).build),
  doctor: command('doctor', 'Check a deployment and suggest fixes', async () => (await import('./doctor.ts')).doctor),
  pause: command('pause', 'Pause new runs, or list the pauses', async () => (await import('./pause.ts')).pause),
  resume: command('resume', 'Resume paused tasks', async () => (await import('./resume.ts')).resume),
  redrive: command(
    'redrive',
    'Return messages from the dead-letter queue',
    async () => (await import('./redrive.ts')).redrive,
  ),
  openapi: command(
    'openapi',
    'Describe the HTTP API of a config as OpenAPI',
    async () => (await import('./openapi.ts')).openapi,
  ),
  demo: command('demo', 'Run three sample deliveries on this machine', async () => (await import('./demo.ts')).demo),
}

const main = defineCommand({
  meta: {
    name: 'taskhook',
    version: packageJson.version,
    description: 'Run an AWS Fargate task from any signed webhook',
  },
  subCommands,
})

/** The usage of citty, without trailing spaces, and without colors if the output is not a terminal. */
const usage: typeof showUsage = async (command, parent) => {
  // The names of all commands are too long for one line, and they are listed below it.
  const text = (await renderUsage(command, parent)).replace(/[a-z]+(\|[a-z]+)+/, 'COMMAND')
  console.log((pc.isColorSupported ? text : stripVTControlCharacters(text)).replace(/ +$/gm, ''))
}

// Required by the packages of `dev`, which would fail with an obscure stack trace.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `taskhook requires Node 22.12 or later, but this is ${process.versions.node}. In a clone, "npx taskhook" uses its own Node`,
  )
  process.exit(1)
}

// A reader of the output can close it early: `taskhook demo | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const [word = '-'] = process.argv.slice(2)
if (word.startsWith('-') || Object.hasOwn(subCommands, word)) await runMain(main, { showUsage: usage })
else {
  console.error(`unknown command "${word}"${didYouMean(word, Object.keys(subCommands))}`)
  await usage(main)
  process.exitCode = 1
}
