/** Plans the run of one route: its parameters, its id, and what it will ask of ECS. Pure. */

import { httpStatusOf, messageOf, type Problem, Unprocessable } from '../errors.ts'
import type { RefusedAnswer } from '../model/answer.ts'
import type { TaskConfig } from '../model/config.ts'
import type { ParamValues } from '../model/param.ts'
import { runIdOf } from '../model/run.ts'
import type { NewRun } from '../model/run-record.ts'
import type { Trace } from '../model/trace.ts'
import type { RawParams, Trigger } from '../model/trigger.ts'
import { computeParams } from './computed-params.ts'
import { makePlan } from './make-plan.ts'
import type { Route } from './prepare-route.ts'
import { resolveParams } from './resolve-params.ts'
import { fingerprintOf } from './route-of-run.ts'
import { taskHelp } from './task-help.ts'

/** A translated and enriched delivery. */
export interface Delivery {
  readonly source: string
  readonly trigger: Trigger
  readonly deliveryKey: string
  /** Scheme and host of the function URL. */
  readonly origin: string
  readonly trace?: Trace | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The sender asks for help: nothing is planned. */
  readonly help: boolean
}

export type PlannedRun = { readonly kind: 'run'; readonly run: NewRun } | RefusedAnswer

export function planRun(route: Route, task: TaskConfig, delivery: Delivery): PlannedRun {
  const { source, trigger } = delivery
  let computed: Readonly<Record<string, unknown>>
  try {
    computed = computeParams(route, source, trigger)
  } catch (error) {
    const problem = { path: route.id, message: messageOf(error) }
    return refusal(task, 'a parameter could not be computed', [problem])
  }
  const params = resolveParams(task.params, sendableParams(route, trigger), computed)
  if (params.ok) return planWith(params.values, route, task, delivery)
  const title = params.problems.length === 1 ? 'a parameter is wrong' : 'parameters are wrong'
  const refused = refusal(task, title, params.problems)
  // A person cannot give what the route computes, so a form must not ask for it.
  const canAsk = params.missing && params.problems.every(({ path }) => !Object.hasOwn(computed, path))
  return canAsk ? { ...refused, missing: taskHelp(route, task) } : refused
}

/** The keys of a payload are the parameters, unless the route has a `with`: then it says which of them it uses. */
const sendableParams = ({ config }: Route, { rawParams }: Trigger): RawParams =>
  rawParams.kind === 'object' && config.with !== undefined ? { kind: 'none' } : rawParams

function planWith(
  params: ParamValues,
  route: Route,
  task: TaskConfig,
  { source, trigger, deliveryKey, origin, trace, now }: Delivery,
): PlannedRun {
  const { event, deliveryId, actor, replyAddress, facts, bodyHash } = trigger
  const run = runIdOf(source, deliveryKey, route.id)
  const workspace = facts.workspaces?.[0]
  try {
    const plan = makePlan(task, params, {
      run,
      route: route.id,
      routeFingerprint: fingerprintOf(route.config),
      source,
      event,
      actor,
      approval: route.config.approval,
      trace,
    })
    return {
      kind: 'run',
      run: {
        run,
        source,
        event,
        deliveryId,
        actor,
        origin,
        plan,
        replyAddress,
        createdAt: now,
        ...(trace !== undefined && { trace }),
        ...(facts.repository !== undefined && { repository: facts.repository }),
        ...(workspace !== undefined && { workspace }),
        ...(bodyHash !== undefined && { bodyHash }),
      },
    }
  } catch (error) {
    if (error instanceof Unprocessable) return refusal(task, error.message, error.problems)
    throw error
  }
}

const refusal = (task: TaskConfig, why: string, problems: readonly Problem[]): RefusedAnswer => ({
  kind: 'refused',
  status: httpStatusOf.unprocessable,
  title: `${task.name}: ${why}`,
  problems,
  task: task.name,
})
