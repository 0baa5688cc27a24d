/** `taskhook resume`: ends pauses. */
import { defineCommand } from 'citty'
import { activePauses, allTasks, type Pauses } from '../core/model/pause.ts'
import { changePauses } from '../core/store/pause-store.ts'
import { nameArgument, repeatedOption } from './arguments.ts'
import { CommandError, reportErrors } from './command-error.ts'
import { printPauses, withTable } from './pauses.ts'

export const resume = defineCommand({
  args: {
    task: { type: 'string', valueHint: 'analyze', description: 'Task to resume, repeatable (default: all pauses)' },
    name: nameArgument,
  },
  run: ({ args, rawArgs }) =>
    reportErrors(async () => {
      const tasks = args.task === undefined ? undefined : repeatedOption(rawArgs, 'task')
      const pauses = await withTable(args.name, (items) =>
        changePauses(items, (before) => (tasks === undefined ? {} : without(activePauses(before, Date.now()), tasks))),
      )
      printPauses(pauses)
    }),
})

/** @throws {CommandError} if a task is not paused */
function without(pauses: Pauses, tasks: readonly string[]): Pauses {
  const missing = tasks.filter((task) => !Object.hasOwn(pauses, task))
  if (missing.length === 0) return Object.fromEntries(Object.entries(pauses).filter(([task]) => !tasks.includes(task)))
  const verb = missing.length === 1 ? 'has' : 'have'
  const hint = Object.hasOwn(pauses, allTasks)
    ? '. All tasks are paused together; "taskhook resume" without --task ends that'
    : ''
  throw new CommandError(`${missing.join(', ')} ${verb} no pause${hint}`)
}
