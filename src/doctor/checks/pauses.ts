/** Tasks that are paused, in case somebody forgot to resume them. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { type Finding, warning } from '../../core/model/checkup.ts'
import { activePauses, allTasks, pauseKey } from '../../core/model/pause.ts'
import { pausesOf } from '../../core/store/pause-store.ts'
import { environmentOf } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import type { Check } from './check.ts'

export const pauses: Check = {
  about: 'pauses',
  async run(context): Promise<readonly Finding[]> {
    const TableName = environmentOf(context).TASKHOOK_TABLE
    if (TableName === undefined) return []
    const Key = { pk: { S: pauseKey } }
    // If the table does not exist, the check of the ledger reports it.
    const item = (await getIfExists(context.aws.dynamo.send(new GetItemCommand({ TableName, Key }))))?.Item
    const active = activePauses(pausesOf(item && unmarshall(item)), context.now())
    return Object.entries(active).map(([task, { message, by, since }]) => {
      const paused = task === allTasks ? 'all tasks have been paused' : `${task} has been paused`
      return warning(
        `${paused} since ${new Date(since).toISOString()} by ${by} ("${message}")`,
        task === allTasks ? 'taskhook resume' : `taskhook resume --task ${task}`,
      )
    })
  },
}
