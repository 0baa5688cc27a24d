/** Repeats a run: a new run with the same parameters, which names the old one. */
import type { Json } from '../adapter.ts'
import { Unprocessable } from '../errors.ts'
import { runIdOf } from '../model/run.ts'
import type { NewRun, PublicRecord } from '../model/run-record.ts'
import type { Trace } from '../model/trace.ts'
import { makePlan } from '../routing/make-plan.ts'
import { resolveParams } from '../routing/resolve-params.ts'
import { routeOf } from '../routing/route-of-run.ts'
import type { Services } from '../services.ts'
import { type AdmissionServices, checkAdmission } from './check-admission.ts'
import { type OpenedRun, type OpenServices, openRun } from './open.ts'

export type PlanRerunServices = Pick<Services, 'sources' | 'routes' | 'tasks' | 'now'>
export type RerunServices = PlanRerunServices & AdmissionServices & OpenServices

export interface RerunRequest {
  /** Distinguishes one request from the next: the same request twice is one run. */
  readonly requestKey: string
  /** Who requested it. */
  readonly actor: string
  /** Where it was requested. It counts if the old run names none. */
  readonly workspace?: string | undefined
  readonly origin: string
  /** After a Spot interruption: how many there have been. The approval of the first run then still counts. */
  readonly interruptions?: number
  /** Of the request; the old run's trace is over. */
  readonly trace?: Trace | undefined
  readonly answer:
    | { readonly kind: 'to'; readonly replyAddress: Json }
    /** To the reply address of that run. */
    | { readonly kind: 'as'; readonly run: string }
}

/**
 * Repeats a run because a person or a program requested it.
 * @param promised the answer to the requester was that the rerun is queued, so pauses and rate limits no longer refuse it
 * @throws {Unprocessable} as `planRerun` does
 * @throws {TaskhookError} if it may not be opened now, as `checkAdmission` does
 */
export async function rerun(
  services: RerunServices,
  old: PublicRecord,
  { promised = false, ...request }: RerunRequest & { readonly promised?: boolean },
): Promise<OpenedRun> {
  const run = planRerun(services, old, request)
  if (!promised) await checkAdmission(services, run.source, [run])
  return openRun(services, run)
}

/**
 * Plans the run anew, so that a corrected config takes effect.
 * @throws {Unprocessable} if the config no longer has its route or task, or the task no longer accepts these parameters
 */
export function planRerun(services: PlanRerunServices, old: PublicRecord, request: RerunRequest): NewRun {
  const { route, routeIs: routeFingerprint, params } = old.plan
  // A source or route that was removed from the config must not start anything.
  const current = routeOf(services.routes, old.plan)
  if (!services.sources.has(old.source) || current === undefined)
    throw new Unprocessable('the route of this run has changed or is no longer in the config', [])
  const task = services.tasks.get(old.plan.task)
  if (task === undefined) throw new Unprocessable(`the task ${old.plan.task} is no longer in the config`, [])
  const values = Object.fromEntries(Object.entries(params).filter(([name]) => Object.hasOwn(task.params, name)))
  const resolved = resolveParams(task.params, { kind: 'object', values, textual: false }, {})
  if (!resolved.ok) throw new Unprocessable(`${task.name}: the parameters no longer fit`, resolved.problems)

  const { source, event, deliveryId } = old
  const { requestKey, actor, origin, answer, trace, interruptions } = request
  const workspace = old.workspace ?? request.workspace
  const approval = interruptions === undefined ? current.config.approval : undefined
  const run = runIdOf(source, `again ${old.run} ${requestKey}`, route)
  return {
    run,
    source,
    event,
    deliveryId,
    actor,
    origin,
    createdAt: services.now(),
    rerunOf: old.run,
    plan: makePlan(task, resolved.values, { run, route, routeFingerprint, source, event, actor, approval, trace }),
    replyAddress: answer.kind === 'to' ? answer.replyAddress : null,
    ...(trace !== undefined && { trace }),
    ...(old.repository !== undefined && { repository: old.repository }),
    ...(workspace !== undefined && { workspace }),
    ...(answer.kind === 'as' && { replyAddressFrom: answer.run }),
    ...(interruptions !== undefined && { interruptions }),
  }
}
