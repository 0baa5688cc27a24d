/** `GET /runs?source=…&task=…`: the newest runs of a task that a source has started. The request is signed like a delivery of the source. */
import { BadRequest, Unauthorized } from '../errors.ts'
import { json } from '../http/json-reply.ts'
import type { HttpRequest } from '../model/http-request.ts'
import type { Services } from '../services.ts'
import { noSuchAddress } from './address.ts'
import type { Handled } from './handled.ts'
import { shownRun } from './read-run.ts'
import { verifyDelivery } from './verify.ts'

const maxListed = 25

export type ListServices = Pick<Services, 'sources' | 'tasks' | 'ledger' | 'secrets' | 'tokenKeyReference' | 'now'>

export async function listRuns(services: ListServices, request: HttpRequest): Promise<Handled> {
  const name = request.query.get('source')
  if (name === null) throw new BadRequest('"source" must name the source that signed the request')
  const source = services.sources.get(name)
  // The same reply as for a delivery to an unknown source.
  if (source === undefined) throw noSuchAddress()
  // Without a signed time the signature of an empty body never changes, so one that leaked would be valid for ever.
  if (source.adapter.signsTimestamp !== true)
    throw new Unauthorized('this source does not sign a timestamp, so it cannot list runs')
  // A delivery that was recorded must not be usable for a list.
  if (request.body.length > 0) throw new BadRequest('a list request must have an empty body')
  await verifyDelivery(services, source, request)
  const task = request.query.get('task') ?? ''
  if (!services.tasks.has(task)) throw new BadRequest(`"task" must be one of ${[...services.tasks.keys()].join(', ')}`)
  const rows = await services.ledger.recent(task, maxListed)
  const own = rows.filter((row) => row.source === source.config.name)
  return { reply: json(200, { runs: await Promise.all(own.map((row) => shownRun(services, row, true))) }) }
}
