/** `POST /runs/<id>/progress`: a container reports its own progress. `start` records it; this function changes no run. */
import { TaskhookError, Unauthorized } from '../errors.ts'
import { bodyText } from '../http/body.ts'
import { json } from '../http/json-reply.ts'
import { tokenKindOf } from '../http/run-tokens.ts'
import type { HttpRequest } from '../model/http-request.ts'
import { isTerminal } from '../model/run.ts'
import type { Services } from '../services.ts'
import type { Handled } from './handled.ts'
import { maxReportBytes, parseReport } from './parse-report.ts'
import { readRun } from './read-run.ts'

export type ReportServices = Pick<
  Services,
  'secrets' | 'tokenKeyReference' | 'reportThrottle' | 'ledger' | 'queue' | 'now'
>

export async function acceptReport(services: ReportServices, request: HttpRequest, run: string): Promise<Handled> {
  const [, token = ''] = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const kind = await tokenKindOf(services, run, token, ['progress'])
  if (kind === undefined) throw new Unauthorized('the progress token does not match')
  if (request.body.length > maxReportBytes)
    throw new TaskhookError('too-large', `a report must have at most ${maxReportBytes} bytes`)
  const report = parseReport(bodyText(request.body))
  if (!services.reportThrottle(run)) throw new TaskhookError('too-many', 'send one report a second', { retryAfter: 1 })
  const { source, status } = await readRun(services, run)
  if (isTerminal(status)) throw new TaskhookError('gone', 'the run has ended')
  await services.queue.send({ kind: 'progress', run, report, at: services.now() })
  return { reply: json(202, { run }), log: { source, outcome: 'progress', runs: [run] } }
}
