/** What taskhook remembers about a run's status on GitHub, to edit or omit the next update. Pure. */
import type { Json } from '../../core/adapter.ts'
import { asInteger, asText, optional, valueAt } from './payload.ts'

/** As the ledger stores it. */
export type Memory = {
  /** Id of the check run. */
  readonly checkRun?: number
  /** Id of the comment that replies to the command. */
  readonly answer?: number
  /** The last reaction to the command. */
  readonly reaction?: string
  /** The last commit status. A commit takes a thousand, so each is set once. */
  readonly status?: string
}

export const parseMemory = (stored: Json): Memory => ({
  ...optional('checkRun', asInteger(valueAt(stored, 'checkRun'))),
  ...optional('answer', asInteger(valueAt(stored, 'answer'))),
  ...optional('reaction', asText(valueAt(stored, 'reaction'))),
  ...optional('status', asText(valueAt(stored, 'status'))),
})
