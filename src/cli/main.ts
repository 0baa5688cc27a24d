#!/usr/bin/env node
/** taskhook dev · send · check · explain · build · demo */
import { defineCommand, runMain } from 'citty'
import packageJson from '../../package.json' with { type: 'json' }

const main = defineCommand({
  meta: { name: 'taskhook', version: packageJson.version, description: packageJson.description },
  // Each command is loaded only when it is called: `check` has no use for an HTTP server.
  subCommands: {
    dev: () => import('./dev.ts').then(({ dev }) => dev),
    send: () => import('./send.ts').then(({ send }) => send),
    check: () => import('./check.ts').then(({ check }) => check),
    explain: () => import('./explain.ts').then(({ explain }) => explain),
    build: () => import('./build.ts').then(({ build }) => build),
    demo: () => import('./demo.ts').then(({ demo }) => demo),
  },
})

await runMain(main)
