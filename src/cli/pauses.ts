/** What `pause` and `resume` share: the table of the deployment, and the list of pauses. */
import { createItems } from '../core/aws/dynamodb-items.ts'
import { activePauses, allTasks, type Pause, type Pauses } from '../core/model/pause.ts'
import type { Items } from '../core/store/items.ts'
import { printable } from '../core/text/terminal-text.ts'
import { deploymentVariable, dynamoClient, withAwsErrors } from './deployment.ts'

export async function withTable<T>(name: string, work: (items: Items) => Promise<T>): Promise<T> {
  const client = dynamoClient(process.env)
  try {
    return await withAwsErrors(async () => {
      const table = await deploymentVariable(process.env, name, 'TASKHOOK_TABLE')
      return work(createItems(client, table))
    })
  } finally {
    client.destroy()
  }
}

export function printPauses(pauses: Pauses): void {
  const current = Object.entries(activePauses(pauses, Date.now()))
  const lines = current.length === 0 ? ['nothing is paused'] : current.flatMap(([task, one]) => pauseLines(task, one))
  process.stdout.write(`${lines.map(printable).join('\n')}\n`)
}

const timeText = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Two lines, so that a long message leaves the rest readable. */
const pauseLines = (task: string, { message, by, since, until }: Pause): string[] => [
  `${task === allTasks ? 'all tasks' : task}: paused since ${timeText(since)}${until === undefined ? '' : `, until ${timeText(until)}`}, by ${by}`,
  `  ${message}`,
]
