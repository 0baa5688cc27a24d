/** What an operator has paused, and may have forgotten. */
import { type Finding, warning } from '../../core/checkup.ts'
import { createItems } from '../../core/items.ts'
import { everything, standing } from '../../core/pause.ts'
import { readPauses } from '../../core/pauses.ts'
import { ask } from '../clients.ts'
import { type Check, variablesOf } from '../examined.ts'

export const pauses: Check = {
  about: 'pauses',
  async look(examined): Promise<readonly Finding[]> {
    const table = variablesOf(examined).TASKHOOK_TABLE
    // Where there is no such table, the check of the ledger says so.
    const there = table === undefined ? undefined : await ask(readPauses(createItems(examined.aws.dynamo, table)))
    return Object.entries(standing(there ?? {}, examined.now())).map(([task, { message, by, since }]) =>
      warning(
        `${task === everything ? 'nothing is started' : `${task} is not started`}: ${by} has paused it since ${new Date(since).toISOString()} ("${message}")`,
        task === everything ? 'taskhook resume' : `taskhook resume --task ${task}`,
      ),
    )
  },
}
