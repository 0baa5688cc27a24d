import { defineCommand } from 'citty'
import { configArgument, guarded, loadConfig } from './load-config.ts'

export const check = defineCommand({
  args: { config: configArgument },
  run: ({ args }) =>
    guarded(() => {
      const { sources, tasks, routes } = loadConfig(args.config)
      const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
      const parts = [
        count(Object.keys(sources).length, 'source'),
        count(Object.keys(tasks).length, 'task'),
        count(routes.length, 'route'),
      ]
      process.stdout.write(`${args.config} is good: ${parts.join(', ')}\n`)
      const unused = Object.keys(tasks).filter((task) => !routes.some(({ run }) => run === task))
      for (const task of unused) process.stdout.write(`  note: no route runs ${task}\n`)
      const references = Object.values(sources).flatMap(({ name, secret }) =>
        secret.map((reference) => ({ name, reference })),
      )
      for (const { reference, names } of shared(references)) {
        process.stdout.write(
          `  note: ${names.join(' and ')} share ${reference}, so each takes the other's deliveries\n`,
        )
      }
      const silent = Object.keys(sources).filter((source) => !routes.some(({ on }) => on === source))
      for (const source of silent) process.stdout.write(`  note: no route is on ${source}\n`)
    }),
})

/** Secret references that more than one source names. */
function shared(references: readonly { readonly name: string; readonly reference: string }[]) {
  const names = Map.groupBy(references, ({ reference }) => reference)
  return [...names]
    .map(([reference, uses]) => ({ reference, names: [...new Set(uses.map(({ name }) => name))] }))
    .filter(({ names }) => names.length > 1)
}
