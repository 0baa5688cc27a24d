/** What senders do with runs that are there, as far as `receive` can: it looks, it queues, it opens new ones. */
import type { Answer, RunAction, SenderTools } from '../adapter.ts'
import { TaskhookError, Unprocessable } from '../errors.ts'
import { plainName } from '../lifecycle/cancel.ts'
import { runView } from '../lifecycle/notify.ts'
import { rerun } from '../lifecycle/rerun.ts'
import { approvalDeadline } from '../model/approval-window.ts'
import { isRunId, isTerminal } from '../model/run.ts'
import type { PublicRecord } from '../model/run-record.ts'
import type { Trace } from '../model/trace.ts'
import type { Route } from '../routing/prepare-route.ts'
import { equalIgnoringCase, mayApprove, whyNotAllowed } from '../routing/route-access.ts'
import { routeOf } from '../routing/route-of-run.ts'
import type { Services, Source } from '../services.ts'

interface ActionOrigin {
  readonly key: string
  readonly origin: string
  readonly trace?: Trace | undefined
  /** It has been answered already that it is on its way. */
  readonly promised?: boolean
}

/** @throws {TaskhookError} where the run is not this source's, or is not this person's to act on */
export async function performRunAction(
  services: Services,
  source: Source,
  asked: RunAction,
  { key, origin, trace, promised = false }: ActionOrigin,
  tools: SenderTools,
): Promise<Extract<Answer, { kind: 'action' }>> {
  const { row, route } = await ownRun(services, source.config.name, asked)
  const control = await withGroups(source, asked, row, route, tools)
  const why = mayNot(row, route, control)
  if (why !== undefined) throw new TaskhookError('forbidden', `${row.plan.task}: ${why}`)
  const signer = await services.secrets.current([services.key])
  const by = plainName(control.actorName ?? control.actor)
  const controlled = (run: PublicRecord) =>
    ({ kind: 'action', verb: control.verb, by, run: runView(run, signer) }) as const
  const { run } = row
  switch (control.verb) {
    case 'rerun': {
      const { replyAddress, actor } = control
      const answer = { kind: 'to', replyAddress } as const
      const again = await rerun(services, row, { key, actor, origin, trace, promised, answer })
      return controlled(again.row)
    }
    case 'cancel':
      if (!isTerminal(row.status)) await services.queue.send({ verb: 'cancel', run, by })
      return controlled(row)
    case 'approve':
      checkWaiting(services, row)
      await services.queue.send({ verb: 'approve', run, by, actor: control.actor })
      return controlled(row)
    case 'reject':
      checkWaiting(services, row)
      await services.queue.send({ verb: 'reject', run, by })
      return controlled(row)
    case 'show':
      return controlled(row)
  }
}

async function ownRun(
  services: Services,
  source: string,
  control: RunAction,
): Promise<{ row: PublicRecord; route: Route }> {
  if (!isRunId(control.run))
    throw new Unprocessable(
      control.run === ''
        ? 'Say which run: its number stands in its message'
        : `"${control.run}" is not the number of a run`,
      [],
    )
  const row = await services.ledger.readPublic(control.run)
  // Somebody else's run is as good as none.
  if (row === undefined || row.source !== source || row.repository !== control.facts.repository)
    throw new TaskhookError('not-found', 'There is no such run (any more)')
  const route = routeOf(services.routes, row.plan)
  if (route === undefined)
    throw new Unprocessable('The route of this run has changed, or is not in the config any more', [])
  return { row, route }
}

const isVote = (verb: RunAction['verb']): boolean => verb === 'approve' || verb === 'reject'

/** The groups that the route names, where it depends on them: who is named in person needs none, and who has asked gains nothing by one. */
async function withGroups(
  source: Source,
  control: RunAction,
  row: PublicRecord,
  route: Route,
  tools: SenderTools,
): Promise<RunAction> {
  const { allow, approval } = route.config
  const groups = isVote(control.verb) ? (approval?.from ?? []) : [...(allow?.userGroups ?? []), ...(allow?.teams ?? [])]
  if (groups.length === 0 || source.adapter.enrich === undefined) return control
  if (mayNot(row, route, control) === undefined || isOwnVote(row, control)) return control
  const { facts } = await source.adapter.enrich(control, { paths: false, groups }, tools)
  return { ...control, facts: { ...control.facts, ...facts } }
}

/** The lists of the route that made it decide, as they stand in the config now. Undefined: this one may. */
function mayNot(row: PublicRecord, route: Route, control: RunAction): string | undefined {
  if (!isVote(control.verb)) return whyNotAllowed(route, control)
  if (isOwnVote(row, control)) return 'you have asked for it, so somebody else must say yes or no; you can cancel it'
  return mayApprove(route, control) ? undefined : 'this is not yours to approve'
}

const isOwnVote = (row: PublicRecord, { verb, actor }: RunAction): boolean =>
  isVote(verb) && equalIgnoringCase(row.actor, actor)

function checkWaiting({ now }: Services, row: PublicRecord): void {
  const until = approvalDeadline(row)
  const why =
    row.approvedBy !== undefined
      ? `It has been approved by ${row.approvedBy} already`
      : isTerminal(row.status)
        ? `It is ${row.status}`
        : until === undefined
          ? 'It waits for nobody'
          : now() >= until
            ? 'It has waited for too long'
            : undefined
  if (why !== undefined) throw new Unprocessable(why, [])
}
