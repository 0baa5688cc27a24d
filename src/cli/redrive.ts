/** `taskhook redrive`: returns messages from the dead-letter queue to the queue. */
import { defineCommand } from 'citty'
import { createItems } from '../core/aws/dynamodb-items.ts'
import { createLedger } from '../core/store/dynamodb-ledger.ts'
import { printable } from '../core/text/terminal-text.ts'
import { nameArgument } from './arguments.ts'
import { CommandError, reportErrors } from './command-error.ts'
import { type DeadLetter, deadLetterQueueOf, redriveAll } from './dead-letters.ts'
import { deploymentVariable, dynamoClient, sqsClient, withAwsErrors } from './deployment.ts'

export const redrive = defineCommand({
  args: {
    max: { type: 'string', valueHint: '10', description: 'Maximum number of messages (default: all)' },
    'dry-run': { type: 'boolean', description: 'Only show the messages' },
    json: { type: 'boolean', description: 'Print a line of JSON for each message' },
    name: nameArgument,
  },
  run: ({ args }) =>
    reportErrors(async () => {
      const max = args.max === undefined ? Number.POSITIVE_INFINITY : Number(args.max)
      if (!(max >= 1)) throw new CommandError(`--max: "${args.max}" is not a number from 1`)
      const dryRun = args['dry-run'] === true
      const counts = { sent: 0, deleted: 0, left: 0 }
      const onMessage = (letter: DeadLetter): void => {
        counts[letter.fate]++
        const lines = args.json ? [JSON.stringify(letter)] : linesOf(letter, dryRun).map(printable)
        process.stdout.write(`${lines.join('\n')}\n`)
      }
      await redriveDeployment(args.name, { max, dryRun, onMessage })
      if (!args.json) process.stdout.write(`${summaryOf(counts, dryRun)}\n`)
      if (counts.left > 0) process.exitCode = 1
    }),
})

interface Options {
  readonly max: number
  readonly dryRun: boolean
  onMessage(letter: DeadLetter): void
}

async function redriveDeployment(name: string, options: Options): Promise<void> {
  const [sqs, dynamo] = [sqsClient(process.env), dynamoClient(process.env)]
  try {
    await withAwsErrors(async () => {
      const queueUrl = await deploymentVariable(process.env, name, 'TASKHOOK_QUEUE_URL')
      const table = await deploymentVariable(process.env, name, 'TASKHOOK_TABLE')
      const deadLetterUrl = await deadLetterQueueOf(sqs, queueUrl)
      await redriveAll({ sqs, ledger: createLedger(createItems(dynamo, table)), queueUrl, deadLetterUrl, ...options })
    })
  } finally {
    sqs.destroy()
    dynamo.destroy()
  }
}

const columns = 80
const truncate = (text: string): string => (text.length <= columns ? text : `${text.slice(0, columns - 1)}…`)

/** Messages have names of the first version; people read those of the documentation. */
const kindNames: Readonly<Record<string, string>> = { tell: 'notify', errand: 'deferred work' }

function linesOf({ verb, run, source, task, status, reason, fate, why }: DeadLetter, dryRun: boolean): string[] {
  const head = [verb === undefined ? 'unknown message' : (kindNames[verb] ?? verb), run ?? source, task, status]
    .filter((part) => part !== undefined)
    .join('  ')
  const action = {
    sent: dryRun ? 'would be returned to the queue' : 'returned to the queue',
    deleted: dryRun ? 'would be deleted' : 'deleted',
    left: 'left in the dead-letter queue',
  }[fate]
  return [
    truncate(head),
    ...(reason === undefined ? [] : [truncate(`  ${reason.replace(/\s+/g, ' ')}`)]),
    truncate(`  ${action}${why === undefined ? '' : `: ${why}`}`),
  ]
}

function summaryOf({ sent, deleted, left }: Record<DeadLetter['fate'], number>, dryRun: boolean): string {
  if (sent + deleted + left === 0) return 'the dead-letter queue is empty'
  const would = dryRun ? 'would be ' : ''
  return `${sent} ${would}returned, ${deleted} ${would}deleted, ${left} left`
}
