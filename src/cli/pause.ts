/** `taskhook pause`: stops new runs of all tasks or of some, or lists the pauses. */
import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import * as v from 'valibot'
import { duration, secondsOf } from '../config/duration.ts'
import { activePauses, allTasks, longestMessage, type Pause } from '../core/model/pause.ts'
import type { Items } from '../core/store/items.ts'
import { changePauses, readPauses } from '../core/store/pause-store.ts'
import { printable } from '../core/text/terminal-text.ts'
import { nameArgument, repeatedOption } from './arguments.ts'
import { CommandError, reportErrors } from './command-error.ts'
import { printPauses, withTable } from './pauses.ts'

export const pause = defineCommand({
  args: {
    message: { type: 'string', valueHint: '"until 14:00"', description: 'The reason, which senders see' },
    task: { type: 'string', valueHint: 'analyze', description: 'Task to pause, repeatable (default: all tasks)' },
    for: { type: 'string', valueHint: '2h', description: 'Ends the pause after this time (default: never)' },
    name: nameArgument,
  },
  run: ({ args, rawArgs }) =>
    reportErrors(async () => {
      const until = args.for === undefined ? undefined : Date.now() + parseDuration(args.for)
      if (args.message === undefined) {
        if (args.task !== undefined || until !== undefined)
          throw new CommandError('--message is required: the reason, which senders see')
        return printPauses(await withTable(args.name, readPauses))
      }
      const tasks = args.task === undefined ? [allTasks] : repeatedOption(rawArgs, 'task')
      const created: Pause = {
        message: parseMessage(args.message),
        by: userName(),
        since: Date.now(),
        ...(until !== undefined && { until }),
      }
      const pauses = await withTable(args.name, async (items) => {
        await warnOfUnknownTasks(items, tasks)
        return changePauses(items, (before) => ({
          ...activePauses(before, Date.now()),
          ...Object.fromEntries(tasks.map((task) => [task, created])),
        }))
      })
      printPauses(pauses)
    }),
})

/** Milliseconds. @throws {CommandError} */
function parseDuration(text: string): number {
  if (!v.is(duration, text)) throw new CommandError(`--for: "${text}" is not a duration; use a value like 30m or 2h`)
  return secondsOf(text) * 1000
}

/** One line. @throws {CommandError} */
function parseMessage(text: string): string {
  const message = text.replace(/[\p{C}\s]+/gu, ' ').trim()
  if (message === '') throw new CommandError('--message is empty; give the reason, which senders see')
  const length = [...message].length
  if (length > longestMessage)
    throw new CommandError(`--message has ${length} characters; the maximum is ${longestMessage}`)
  return message
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // The user id of the process has no entry in the system's user database.
    return 'unknown user'
  }
}

/** A mistyped name would pause nothing. */
async function warnOfUnknownTasks(items: Items, tasks: readonly string[]): Promise<void> {
  for (const task of tasks.filter((one) => one !== allTasks)) {
    const [known] = await items.keys({ index: 'recent', hash: ['task', task], newestFirst: true, limit: 1 })
    if (known === undefined)
      process.stderr.write(`warning: the ledger has no run of "${printable(task)}"; check the name of the task\n`)
  }
}
