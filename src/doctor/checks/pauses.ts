/** What an operator has paused, and may have forgotten. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { type Finding, warning } from '../../core/model/checkup.ts'
import { allTasks, pauseKey, standing } from '../../core/model/pause.ts'
import { pausesOf } from '../../core/store/pause-store.ts'
import { ask } from '../clients.ts'
import { type Check, variablesOf } from '../context.ts'

export const pauses: Check = {
  about: 'pauses',
  async look(examined): Promise<readonly Finding[]> {
    const TableName = variablesOf(examined).TASKHOOK_TABLE
    if (TableName === undefined) return []
    // Where there is no such table, the check of the ledger says so.
    const Key = { pk: { S: pauseKey } }
    const item = (await ask(examined.aws.dynamo.send(new GetItemCommand({ TableName, Key }))))?.Item
    const there = standing(pausesOf(item && unmarshall(item)), examined.now())
    return Object.entries(there).map(([task, { message, by, since }]) =>
      warning(
        `${task === allTasks ? 'nothing is started' : `${task} is not started`}: ${by} has paused it since ${new Date(since).toISOString()} ("${message}")`,
        task === allTasks ? 'taskhook resume' : `taskhook resume --task ${task}`,
      ),
    )
  },
}
