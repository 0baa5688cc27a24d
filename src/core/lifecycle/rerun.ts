/** A run once more: a new one, with the same parameters, that names the old one. */
import type { Json } from '../adapter.ts'
import { Unprocessable } from '../errors.ts'
import { runIdOf } from '../model/run.ts'
import type { NewRun, PublicRecord } from '../model/run-record.ts'
import type { Trace } from '../model/trace.ts'
import { makePlan } from '../routing/make-plan.ts'
import { resolveParams } from '../routing/resolve-params.ts'
import { routeOf } from '../routing/route-of-run.ts'
import type { Services } from '../services.ts'
import { checkAdmission } from './check-admission.ts'
import { openRun } from './open.ts'

export interface RerunRequest {
  /** Tells one wish from the next: the same wish twice is one run. */
  readonly key: string
  /** Who wants it. */
  readonly actor: string
  readonly origin: string
  /** It is no person's wish: Spot has taken the capacity of so many back. Whoever had to say yes has said it. */
  readonly interruptions?: number
  /** In which the wish stands; the old run's is over. */
  readonly trace?: Trace | undefined
  /** It has been answered already that it is on its way. */
  readonly promised?: boolean
  readonly answer:
    | { readonly kind: 'to'; readonly replyAddress: Json }
    /** Where that run answers. */
    | { readonly kind: 'as'; readonly run: string }
}

/**
 * Planned anew, so that what was mended in the config is mended here.
 * @throws {Unprocessable} where the task is gone, or no longer takes these parameters
 * @throws {TaskhookError} where it may not be now (letin.ts)
 */
export async function rerun(
  services: Services,
  old: PublicRecord,
  wish: RerunRequest,
): Promise<{ fresh: boolean; row: PublicRecord }> {
  const { route, routeIs, params } = old.plan
  // Neither a source nor a route that was taken out of the config starts anything any more.
  const now = routeOf(services.routes, old.plan)
  if (!services.sources.has(old.source) || now === undefined)
    throw new Unprocessable('the route of this run has changed, or is not in the config any more', [])
  const task = services.tasks.get(old.plan.task)
  if (task === undefined) throw new Unprocessable(`the task ${old.plan.task} is not in the config any more`, [])
  const values = Object.fromEntries(Object.entries(params).filter(([name]) => Object.hasOwn(task.params, name)))
  const resolved = resolveParams(task.params, { kind: 'object', values, textual: false }, {})
  if (!resolved.ok) throw new Unprocessable(`${task.name}: the parameters no longer fit`, resolved.problems)

  const { source, event, deliveryId } = old
  const { key, actor, origin, answer, trace, interruptions } = wish
  const approval = interruptions === undefined ? now.config.approval : undefined
  const run = runIdOf(source, `again ${old.run} ${key}`, route)
  const fresh: NewRun = {
    ...{ run, source, event, deliveryId, actor, origin, createdAt: services.now(), rerunOf: old.run },
    plan: makePlan(task, resolved.values, { run, route, routeIs, source, event, actor, approval, trace }),
    replyAddress: answer.kind === 'to' ? answer.replyAddress : null,
    ...(trace !== undefined && { trace }),
    ...(old.repository !== undefined && { repository: old.repository }),
    ...(answer.kind === 'as' && { replyAddressFrom: answer.run }),
    ...(interruptions !== undefined && { interruptions }),
  }
  if (wish.promised !== true) await checkAdmission(services, source, [fresh])
  return openRun(services, fresh)
}
