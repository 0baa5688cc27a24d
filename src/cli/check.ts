/** `taskhook check`: validates a config. Its notes are about what is valid, but probably a mistake. */
import { defineCommand } from 'citty'
import { builtinSpecs } from '../adapters/spec-registry.ts'
import { notesOn } from '../config/notes.ts'
import { configArgument } from './arguments.ts'
import { reportErrors } from './command-error.ts'
import { loadConfig } from './load-config.ts'

export const check = defineCommand({
  args: { config: configArgument },
  run: ({ args }) =>
    reportErrors(() => {
      const config = loadConfig(args.config)
      const { sources, tasks, routes } = config
      const parts = [
        countOf(Object.keys(sources).length, 'source'),
        countOf(Object.keys(tasks).length, 'task'),
        countOf(routes.length, 'route'),
      ]
      process.stdout.write(`${args.config} is valid: ${parts.join(', ')}\n`)
      for (const note of notesOn(config, builtinSpecs)) process.stdout.write(`  note: ${note}\n`)
    }),
})

const countOf = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
