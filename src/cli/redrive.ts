import { defineCommand } from 'citty'
import { createItems } from '../core/aws/dynamodb-items.ts'
import { createLedger } from '../core/store/dynamodb-ledger.ts'
import { printable } from '../local/terminal/event-feed.ts'
import { type Dead, deadQueueOf, redriveAll } from './dead-letters.ts'
import { answered, dynamoOf, nameArgument, sqsOf, variableOf } from './deployment.ts'
import { Failure, guarded } from './load-config.ts'

export const redrive = defineCommand({
  args: {
    max: { type: 'string', valueHint: '10', description: 'So many at most (default: all)' },
    'dry-run': { type: 'boolean', description: 'Only say what is there' },
    json: { type: 'boolean', description: 'Print a line of JSON for each' },
    name: nameArgument,
  },
  run: ({ args }) =>
    guarded(async () => {
      const max = args.max === undefined ? Number.POSITIVE_INFINITY : Number(args.max)
      if (!(max >= 1)) throw new Failure(`--max "${args.max}": write a number from 1`)
      const dryRun = args['dry-run'] === true
      const [sqs, dynamo] = [sqsOf(process.env), dynamoOf(process.env)]
      const counts = { sent: 0, deleted: 0, left: 0 }
      const say = (dead: Dead): void => {
        counts[dead.fate]++
        process.stdout.write(`${args.json ? JSON.stringify(dead) : linesOf(dead, dryRun).map(printable).join('\n')}\n`)
      }
      try {
        await answered(async () => {
          const queueUrl = await variableOf(process.env, args.name, 'TASKHOOK_QUEUE_URL')
          const table = await variableOf(process.env, args.name, 'TASKHOOK_TABLE')
          const dead = await deadQueueOf(sqs, queueUrl)
          const ledger = createLedger(createItems(dynamo, table))
          await redriveAll({ sqs, ledger, queueUrl, dead, max, dryRun, say })
        })
      } finally {
        sqs.destroy()
        dynamo.destroy()
      }
      if (!args.json) process.stdout.write(`${summaryOf(counts, dryRun)}\n`)
      if (counts.left > 0) process.exitCode = 1
    }),
})

const width = 80
const cut = (text: string): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`)

function linesOf({ verb, run, task, status, reason, fate, why }: Dead, dryRun: boolean): string[] {
  const head = [verb ?? 'not a command', run, task, status].filter((part) => part !== undefined).join('  ')
  const done = {
    sent: dryRun ? 'would go back to the queue' : 'goes back to the queue',
    deleted: dryRun ? 'would only be deleted' : 'is only deleted',
    left: 'stays where it is',
  }[fate]
  return [
    cut(head),
    ...(reason === undefined ? [] : [cut(`  ${reason.replace(/\s+/g, ' ')}`)]),
    cut(`  ${done}${why === undefined ? '' : `: ${why}`}`),
  ]
}

function summaryOf({ sent, deleted, left }: Record<Dead['fate'], number>, dryRun: boolean): string {
  if (sent + deleted + left === 0) return 'the dead-letter queue is empty'
  const would = dryRun ? 'would be ' : ''
  return `${sent} ${would}sent back, ${deleted} ${would}only deleted, ${left} left`
}
