import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { defineCommand } from 'citty'
import * as v from 'valibot'
import { duration, secondsOf } from '../config/duration.ts'
import { createItems } from '../core/aws/dynamodb-items.ts'
import { activePauses, allTasks, longestMessage, type Pause, type Pauses } from '../core/model/pause.ts'
import type { Items } from '../core/store/items.ts'
import { changePauses, readPauses } from '../core/store/pause-store.ts'
import { printable } from '../local/terminal/event-feed.ts'
import { answered, dynamoOf, nameArgument, variableOf } from './deployment.ts'
import { Failure, guarded } from './load-config.ts'

const taskArgument = {
  type: 'string',
  valueHint: 'analyze',
  description: 'A task; may be said several times (default: all)',
} as const

export const pause = defineCommand({
  args: {
    message: { type: 'string', valueHint: '"until 14:00"', description: 'What senders are told' },
    task: taskArgument,
    for: { type: 'string', valueHint: '2h', description: 'When it ends by itself (default: it does not)' },
    name: nameArgument,
  },
  run: ({ args, rawArgs }) =>
    guarded(async () => {
      const tasks = tasksOf(rawArgs)
      const until = args.for === undefined ? undefined : Date.now() + lasting(args.for)
      if (args.message === undefined) {
        if (args.task !== undefined || until !== undefined)
          throw new Failure('say in --message what senders are to be told')
        return show(await withItems(args.name, readPauses))
      }
      const made: Pause = {
        message: messageFrom(args.message),
        by: nameOfUser(),
        since: Date.now(),
        ...(until !== undefined && { until }),
      }
      const pauses = await withItems(args.name, async (items) => {
        await warnOfStrangers(items, tasks)
        return changePauses(items, (before) => ({
          ...activePauses(before, Date.now()),
          ...Object.fromEntries(tasks.map((task) => [task, made])),
        }))
      })
      show(pauses)
    }),
})

export const resume = defineCommand({
  args: {
    task: { ...taskArgument, description: 'A task; may be said several times (default: all pauses)' },
    name: nameArgument,
  },
  run: ({ args, rawArgs }) =>
    guarded(async () => {
      const tasks = args.task === undefined ? undefined : tasksOf(rawArgs)
      const pauses = await withItems(args.name, (items) =>
        changePauses(items, (before) => {
          const there = activePauses(before, Date.now())
          const missing = (tasks ?? []).filter((task) => !Object.hasOwn(there, task))
          if (missing.length > 0)
            throw new Failure(
              `${missing.join(', ')}: no pause of ${missing.length === 1 ? 'this task' : 'these tasks'} stands${Object.hasOwn(there, allTasks) ? '; all tasks are paused together, and "taskhook resume" ends that' : ''}`,
            )
          return tasks === undefined
            ? {}
            : Object.fromEntries(Object.entries(there).filter(([task]) => !tasks.includes(task)))
        }),
      )
      show(pauses)
    }),
})

/** citty takes the last of several. */
function tasksOf(rawArgs: readonly string[]): readonly string[] {
  const { values } = parseArgs({
    args: [...rawArgs],
    options: { task: { type: 'string', multiple: true } },
    strict: false,
  })
  const tasks = (values.task ?? []).map(String)
  return tasks.length === 0 ? [allTasks] : [...new Set(tasks)]
}

function lasting(text: string): number {
  if (!v.is(duration, text)) throw new Failure(`--for "${text}": write a time like 30m or 2h`)
  return secondsOf(text) * 1000
}

function messageFrom(text: string): string {
  const message = text.replace(/[\p{C}\s]+/gu, ' ').trim()
  if (message === '') throw new Failure('--message is empty: say what senders are to be told')
  if ([...message].length > longestMessage)
    throw new Failure(`--message has ${[...message].length} characters; ${longestMessage} are taken`)
  return message
}

function nameOfUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'somebody'
  }
}

async function withItems<T>(name: string, work: (items: Items) => Promise<T>): Promise<T> {
  const client = dynamoOf(process.env)
  try {
    return await answered(async () => work(createItems(client, await variableOf(process.env, name, 'TASKHOOK_TABLE'))))
  } finally {
    client.destroy()
  }
}

/** A slip of the finger would pause nothing. */
async function warnOfStrangers(items: Items, tasks: readonly string[]): Promise<void> {
  for (const task of tasks.filter((each) => each !== allTasks)) {
    const [known] = await items.keys({ index: 'recent', hash: ['task', task], newestFirst: true, limit: 1 })
    if (known === undefined)
      process.stderr.write(`no run of "${printable(task)}" is in the ledger: is that the task’s name?\n`)
  }
}

function show(pauses: Pauses): void {
  const there = Object.entries(activePauses(pauses, Date.now()))
  const lines = there.length === 0 ? ['nothing is paused'] : there.flatMap(([task, one]) => pauseLines(task, one))
  process.stdout.write(`${lines.map(printable).join('\n')}\n`)
}

const time = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Each in two lines, so that a message of any length leaves the rest to be read. */
export const pauseLines = (task: string, { message, by, since, until }: Pause): string[] => [
  `${task === allTasks ? 'all tasks' : task}: paused since ${time(since)}${until === undefined ? '' : `, until ${time(until)}`}, by ${by}`,
  `  ${message}`,
]
