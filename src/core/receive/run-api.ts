/**
 * The run API. `GET /runs/<id>` shows a run, `POST /runs/<id>/cancel` and `/rerun` act on it, `POST /runs/<id>/progress` takes its
 * container's report, and `GET /runs?source=…&task=…` lists the newest runs.
 */
import { TaskhookError } from '../errors.ts'
import type { HttpRequest } from '../model/http-request.ts'
import { isRunId } from '../model/run.ts'
import { noSuchAddress } from './address.ts'
import type { Handled } from './handled.ts'
import { type ActServices, actOnRun } from './run-api-act.ts'
import { type ListServices, listRuns } from './run-api-list.ts'
import { acceptReport, type ReportServices } from './run-api-progress.ts'
import { showRun } from './run-api-show.ts'

export type RunApiServices = ActServices & ListServices & ReportServices

/** @throws {TaskhookError} if the address, the method or the token is wrong */
export async function handleRunRequest(services: RunApiServices, request: HttpRequest): Promise<Handled> {
  const { path } = request
  if (path === '/runs') {
    requireMethod(request, 'GET', 'a list of runs')
    return listRuns(services, request)
  }
  const [, run = '', verb] = /^\/runs\/([^/]*)(?:\/(cancel|rerun|progress))?$/.exec(path) ?? []
  if (!isRunId(run)) throw noSuchAddress()
  switch (verb) {
    case 'cancel':
    case 'rerun':
      requireMethod(request, 'POST', verb)
      return actOnRun(services, request, run, verb)
    case 'progress':
      requireMethod(request, 'POST', verb)
      return acceptReport(services, request, run)
    default:
      requireMethod(request, 'GET', 'the status')
      return showRun(services, request, run)
  }
}

function requireMethod({ method }: HttpRequest, wanted: 'GET' | 'POST', what: string): void {
  if (method !== wanted) throw new TaskhookError('method-not-allowed', `use ${wanted} for ${what}`, { allow: wanted })
}
