#!/usr/bin/env node
/** taskhook dev · send · check · explain · build · doctor · pause · resume · redrive · openapi · demo */
import { stripVTControlCharacters } from 'node:util'
import { type ArgsDef, type CommandDef, defineCommand, renderUsage, runMain, type showUsage } from 'citty'
import pc from 'picocolors'
import packageJson from '../../package.json' with { type: 'json' }
import { guarded, refuseUnknown } from './load.ts'

/** citty lets pass what a command does not know: a slip of the finger would be an option that does nothing. */
const strict = <T extends ArgsDef>(command: CommandDef<T>): CommandDef<T> => ({
  ...command,
  run: (context) =>
    guarded(async () => {
      refuseUnknown(context.args, (command.args ?? {}) as ArgsDef)
      await command.run?.(context)
    }),
})

const main = defineCommand({
  meta: {
    name: 'taskhook',
    version: packageJson.version,
    description: 'Run an AWS Fargate task from any signed webhook',
  },
  // Each command is loaded only when it is called: `check` has no use for an HTTP server.
  subCommands: {
    dev: () => import('./dev.ts').then(({ dev }) => strict(dev)),
    send: () => import('./send.ts').then(({ send }) => strict(send)),
    check: () => import('./check.ts').then(({ check }) => strict(check)),
    explain: () => import('./explain.ts').then(({ explain }) => strict(explain)),
    build: () => import('./build.ts').then(({ build }) => strict(build)),
    doctor: () => import('./doctor.ts').then(({ doctor }) => strict(doctor)),
    pause: () => import('./pause.ts').then(({ pause }) => strict(pause)),
    resume: () => import('./resume.ts').then(({ resume }) => strict(resume)),
    redrive: () => import('./redrive.ts').then(({ redrive }) => strict(redrive)),
    openapi: () => import('./openapi.ts').then(({ openapi }) => strict(openapi)),
    demo: () => import('./demo.ts').then(({ demo }) => strict(demo)),
  },
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

await runMain(main, { showUsage: usage })
