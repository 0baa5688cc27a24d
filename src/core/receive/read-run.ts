/** A run as the run API reads it, and the links in its replies. */
import { TaskhookError } from '../errors.ts'
import { runJson } from '../http/answer-json.ts'
import { controlTokenOf } from '../http/run-tokens.ts'
import { runView } from '../lifecycle/run-view.ts'
import type { PublicRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'

/** @throws {TaskhookError} `not-found` */
export async function readRun({ ledger }: Pick<Services, 'ledger'>, run: string): Promise<PublicRecord> {
  const row = await ledger.readPublic(run)
  if (row === undefined) throw new TaskhookError('not-found', 'there is no such run (any more)')
  return row
}

/**
 * The JSON of a run. Its link is signed with the current key, so a caller that follows links survives a key rotation.
 * @param mayControl whether the link in it may also cancel and rerun the run
 */
export async function shownRun(
  { secrets, tokenKeyReference }: Pick<Services, 'secrets' | 'tokenKeyReference'>,
  row: PublicRecord,
  mayControl: boolean,
): Promise<Record<string, unknown>> {
  const tokenKey = await secrets.current([tokenKeyReference])
  return runJson(runView(row, tokenKey, mayControl ? controlTokenOf(row.run, tokenKey) : undefined))
}
