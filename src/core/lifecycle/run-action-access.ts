/** Whether a person may do an action on a run. The lists of the route that started it decide, as they are in the current config. */
import type { SenderTools } from '../adapter.ts'
import { TaskhookError, Unprocessable } from '../errors.ts'
import { isRunId } from '../model/run.ts'
import type { PublicRecord } from '../model/run-record.ts'
import type { RunAction } from '../model/translation.ts'
import type { Route } from '../routing/prepare-route.ts'
import { allowedGroups, equalIgnoringCase, isOwnWorkspace, mayApprove, whyNotAllowed } from '../routing/route-access.ts'
import { routeOf } from '../routing/route-of-run.ts'
import type { Services, Source } from '../services.ts'

type AccessServices = Pick<Services, 'ledger' | 'routes'>

/**
 * The run, if the person may do this to it.
 * @throws {Unprocessable} if the action names no run, or the run's route is gone
 * @throws {TaskhookError} `not-found` if the source has no such run, `forbidden` if the person may not, or not from this workspace
 * @throws {Error} if the sender does not answer which groups the person is in
 */
export async function authorizeAction(
  services: AccessServices,
  source: Source,
  action: RunAction,
  tools: SenderTools,
): Promise<PublicRecord> {
  const { row, route } = await ownRun(services, source.config.name, action)
  const why = whyForbidden(row, route, await withGroups(source, action, row, route, tools))
  if (why !== undefined) throw new TaskhookError('forbidden', `${row.plan.task}: ${why}`)
  return row
}

async function ownRun(
  { ledger, routes }: AccessServices,
  source: string,
  { run, facts }: RunAction,
): Promise<{ row: PublicRecord; route: Route }> {
  if (!isRunId(run))
    throw new Unprocessable(run === '' ? 'Name the run: its id is in its message' : `"${run}" is not a run id`, [])
  const row = await ledger.readPublic(run)
  // The answer must not reveal whether another source has such a run.
  if (row === undefined || row.source !== source || row.repository !== facts.repository)
    throw new TaskhookError('not-found', 'There is no such run (any more)')
  if (!isOwnWorkspace(row, facts))
    throw new TaskhookError('forbidden', 'This run was started in another workspace, and can be used only there')
  const route = routeOf(routes, row.plan)
  if (route === undefined)
    throw new Unprocessable('The route of this run has changed or is no longer in the config', [])
  return { row, route }
}

/** Asks the sender about the route's groups, if they decide: a named person needs none, and none lets a requester approve. */
async function withGroups(
  { adapter }: Source,
  action: RunAction,
  row: PublicRecord,
  route: Route,
  tools: SenderTools,
): Promise<RunAction> {
  const { config } = route
  const approvers = config.approval?.from ?? []
  const groups = isVote(action) ? approvers.filter((name) => adapter.isGroup?.(name) ?? true) : allowedGroups(config)
  if (groups.length === 0 || adapter.enrich === undefined) return action
  if (whyForbidden(row, route, action) === undefined || isOwnVote(row, action)) return action
  const { facts } = await adapter.enrich(action, { paths: false, groups }, tools)
  return { ...action, facts: { ...action.facts, ...facts } }
}

/** Undefined: the person may. */
function whyForbidden(row: PublicRecord, route: Route, action: RunAction): string | undefined {
  if (!isVote(action)) return whyNotAllowed(route, action)
  if (isOwnVote(row, action)) return 'you requested it, so another person must approve or reject it; you can cancel it'
  return mayApprove(route, action) ? undefined : 'you are not one of its approvers'
}

const isVote = ({ verb }: RunAction): boolean => verb === 'approve' || verb === 'reject'

const isOwnVote = (row: PublicRecord, action: RunAction): boolean =>
  isVote(action) && equalIgnoringCase(row.actor, action.actor)
