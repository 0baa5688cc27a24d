#!/usr/bin/env node
/** taskhook dev · send · check · explain · build · doctor · pause · resume · redrive · openapi · demo */
import { stripVTControlCharacters } from 'node:util'
import { type ArgsDef, type CommandDef, defineCommand, renderUsage, runMain, type showUsage } from 'citty'
import pc from 'picocolors'
import packageJson from '../../package.json' with { type: 'json' }
import { didYouMean } from '../core/text/suggest.ts'
import { guarded, refuseUnknown } from './load-config.ts'

/**
 * Loaded when it is called, and not to be listed: `check` has no use for an HTTP server. citty lets pass what a command does not know,
 * and a slip of the finger would be an option that does nothing.
 */
const command = <T extends ArgsDef>(
  name: string,
  description: string,
  load: () => Promise<CommandDef<T>>,
): CommandDef<T> => ({
  meta: { name, description },
  args: async () => (await argsOf(load)) as T,
  run: (context) =>
    guarded(async () => {
      refuseUnknown(context.args, await argsOf(load))
      await (await load()).run?.(context)
    }),
})

const argsOf = async <T extends ArgsDef>(load: () => Promise<CommandDef<T>>): Promise<ArgsDef> =>
  ((await load()).args ?? {}) as ArgsDef

const subCommands = {
  dev: command('dev', 'Run all of it on this machine; nothing leaves it', async () => (await import('./dev.ts')).dev),
  send: command(
    'send',
    'Sign and post a sample delivery, as the source would',
    async () => (await import('./send.ts')).send,
  ),
  check: command(
    'check',
    'Read a config and say everything that is wrong with it',
    async () => (await import('./check.ts')).check,
  ),
  explain: command(
    'explain',
    'Say which routes a delivery takes, and why not others',
    async () => (await import('./explain.ts')).explain,
  ),
  build: command('build', 'Make the package of the Lambda functions', async () => (await import('./build.ts')).build),
  doctor: command(
    'doctor',
    'Look at what is deployed, and say what is wrong and how to mend it',
    async () => (await import('./doctor.ts')).doctor,
  ),
  pause: command(
    'pause',
    'Start nothing more for now, or say what is paused',
    async () => (await import('./pause.ts')).pause,
  ),
  resume: command('resume', 'End a pause', async () => (await import('./resume.ts')).resume),
  redrive: command(
    'redrive',
    'Put back what lies in the dead-letter queue of starts',
    async () => (await import('./redrive.ts')).redrive,
  ),
  openapi: command(
    'openapi',
    'Describe the HTTP API of a config, as OpenAPI',
    async () => (await import('./openapi.ts')).openapi,
  ),
  demo: command(
    'demo',
    'Play three deliveries, from first byte to last word',
    async () => (await import('./demo.ts')).demo,
  ),
}

const main = defineCommand({
  meta: {
    name: 'taskhook',
    version: packageJson.version,
    description: 'Run an AWS Fargate task from any signed webhook',
  },
  subCommands,
})

/** citty's own usage, without colours where there is no terminal, and without the blanks at the ends of its lines. */
const usage: typeof showUsage = async (command, parent) => {
  // All names side by side are a line that no terminal holds, and they are listed below it.
  const text = (await renderUsage(command, parent)).replace(/[a-z]+(\|[a-z]+)+/, 'COMMAND')
  console.log((pc.isColorSupported ? text : stripVTControlCharacters(text)).replace(/ +$/gm, ''))
}

// Of the packages that `dev` needs; without it they would fail with a stack that says nothing to anybody.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `taskhook needs Node 22.12 or later, and this is ${process.versions.node}; in a clone, "npx taskhook" brings its own`,
  )
  process.exit(1)
}

// Whoever reads our output may stop reading: `taskhook demo | head` is no accident.
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
