/** What a sender does with an existing run, by a button or a word: who may do it, and what of it `receive` can do by itself. */
import type { Answer, RunAction, SenderTools } from '../adapter.ts'
import { TaskhookError, Unprocessable } from '../errors.ts'
import { approvalDeadline } from '../model/approval-window.ts'
import { isRunId, isTerminal } from '../model/run.ts'
import type { PublicRecord } from '../model/run-record.ts'
import type { Trace } from '../model/trace.ts'
import type { Route } from '../routing/prepare-route.ts'
import { equalIgnoringCase, mayApprove, whyNotAllowed } from '../routing/route-access.ts'
import { routeOf } from '../routing/route-of-run.ts'
import type { Services, Source } from '../services.ts'
import { plainName } from '../text/plain-name.ts'
import { type RerunServices, rerun } from './rerun.ts'
import { runView } from './run-view.ts'

export type RunActionServices = RerunServices &
  Pick<Services, 'ledger' | 'routes' | 'secrets' | 'key' | 'queue' | 'now'>

interface ActionOrigin {
  readonly key: string
  readonly origin: string
  readonly trace?: Trace | undefined
  /** The requester has been told that it is on its way. */
  readonly promised?: boolean
}

/** @throws {TaskhookError} if the run belongs to another source, or this person may not do this */
export async function performRunAction(
  services: RunActionServices,
  source: Source,
  requested: RunAction,
  { key, origin, trace, promised = false }: ActionOrigin,
  tools: SenderTools,
): Promise<Extract<Answer, { kind: 'action' }>> {
  const { row, route } = await ownRun(services, source.config.name, requested)
  const action = await withGroups(source, requested, row, route, tools)
  const why = whyForbidden(row, route, action)
  if (why !== undefined) throw new TaskhookError('forbidden', `${row.plan.task}: ${why}`)
  const signer = await services.secrets.current([services.key])
  const by = plainName(action.actorName ?? action.actor)
  const answer = (run: PublicRecord) => ({ kind: 'action', verb: action.verb, by, run: runView(run, signer) }) as const
  const { run } = row
  switch (action.verb) {
    case 'rerun': {
      const { replyAddress, actor } = action
      const fresh = await rerun(services, row, {
        ...{ key, actor, origin, trace, promised },
        answer: { kind: 'to', replyAddress },
      })
      return answer(fresh.row)
    }
    case 'cancel':
      if (!isTerminal(row.status)) await services.queue.send({ kind: 'cancel', run, by })
      return answer(row)
    case 'approve':
      checkWaiting(services, row)
      await services.queue.send({ kind: 'approve', run, by, actor: action.actor })
      return answer(row)
    case 'reject':
      checkWaiting(services, row)
      await services.queue.send({ kind: 'reject', run, by })
      return answer(row)
    case 'show':
      return answer(row)
  }
}

async function ownRun(
  services: RunActionServices,
  source: string,
  { run, facts }: RunAction,
): Promise<{ row: PublicRecord; route: Route }> {
  if (!isRunId(run))
    throw new Unprocessable(
      run === '' ? 'Say which run: its number is in its message' : `"${run}" is not the number of a run`,
      [],
    )
  const row = await services.ledger.readPublic(run)
  // The answer must not reveal whether another source has such a run.
  if (row === undefined || row.source !== source || row.repository !== facts.repository)
    throw new TaskhookError('not-found', 'There is no such run (any more)')
  const route = routeOf(services.routes, row.plan)
  if (route === undefined)
    throw new Unprocessable('The route of this run has changed or is no longer in the config', [])
  return { row, route }
}

const isVote = (verb: RunAction['verb']): boolean => verb === 'approve' || verb === 'reject'

/**
 * Asks the sender in which of the route's groups the person is, if the answer depends on it: a person who is named needs no group, and
 * no group lets a requester approve.
 */
async function withGroups(
  source: Source,
  action: RunAction,
  row: PublicRecord,
  route: Route,
  tools: SenderTools,
): Promise<RunAction> {
  const { allow, approval } = route.config
  const groups = isVote(action.verb) ? (approval?.from ?? []) : [...(allow?.userGroups ?? []), ...(allow?.teams ?? [])]
  if (groups.length === 0 || source.adapter.enrich === undefined) return action
  if (whyForbidden(row, route, action) === undefined || isOwnVote(row, action)) return action
  const { facts } = await source.adapter.enrich(action, { paths: false, groups }, tools)
  return { ...action, facts: { ...action.facts, ...facts } }
}

/** By the lists in the current config. Undefined: this person may. */
function whyForbidden(row: PublicRecord, route: Route, action: RunAction): string | undefined {
  if (!isVote(action.verb)) return whyNotAllowed(route, action)
  if (isOwnVote(row, action)) return 'you requested it, so another person must approve or reject it; you can cancel it'
  return mayApprove(route, action) ? undefined : 'you are not one of its approvers'
}

const isOwnVote = (row: PublicRecord, { verb, actor }: RunAction): boolean =>
  isVote(verb) && equalIgnoringCase(row.actor, actor)

/** @throws {Unprocessable} if the run does not wait for approval */
function checkWaiting({ now }: Pick<Services, 'now'>, row: PublicRecord): void {
  const until = approvalDeadline(row)
  const why =
    row.approvedBy !== undefined
      ? `It has already been approved by ${row.approvedBy}`
      : isTerminal(row.status)
        ? `It is ${row.status}`
        : until === undefined
          ? 'It does not wait for approval'
          : now() >= until
            ? 'The time to approve it is over'
            : undefined
  if (why !== undefined) throw new Unprocessable(why, [])
}
