/** The status URL: one run, to whoever has its token. */
import type { HttpReply, HttpRequest } from './adapter.ts'
import { TaskhookError, Unauthorized } from './errors.ts'
import { json, runBody } from './http.ts'
import type { Parts } from './parts.ts'
import { isRunId, statusTokenOf } from './run.ts'
import { sameText } from './signature.ts'
import { viewOf } from './tell.ts'

/** The token is checked before the ledger is read, so whoever guesses ids learns nothing. */
export async function showRun(parts: Parts, { path, method, query }: HttpRequest): Promise<HttpReply> {
  const run = path.slice('/runs/'.length)
  if (!isRunId(run)) throw new TaskhookError('not-found', 'there is nothing at this address')
  if (method !== 'GET') throw new TaskhookError('method-not-allowed', 'the status is read with GET')
  const key = await parts.secrets.current([parts.key])
  if (!sameText(query.get('token') ?? '', statusTokenOf(run, key)))
    throw new Unauthorized('the status token does not match')
  const row = await parts.ledger.readPublic(run)
  if (row === undefined) throw new TaskhookError('not-found', 'there is no such run (any more)')
  return json(200, runBody(viewOf(row, key)))
}
