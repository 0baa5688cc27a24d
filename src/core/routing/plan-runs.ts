/** Routes, parameters and plans of one trigger: what is to be run, or what is wrong, all at once. Pure. */
import type { Answer, TaskHelp, Trigger } from '../adapter.ts'
import { httpStatusOf, messageOf, type Problem, Unprocessable } from '../errors.ts'
import type { TaskConfig } from '../model/config.ts'
import type { Param } from '../model/param.ts'
import { runIdOf } from '../model/run.ts'
import type { NewRun } from '../model/run-record.ts'
import type { Trace } from '../model/trace.ts'
import { isCheapToMatch } from './match-cost.ts'
import {
  computeParams,
  fingerprintOf,
  matchRoute,
  mayUseCommand,
  type Route,
  type Verdict,
  whyNotAllowed,
} from './match-routes.ts'
import { resolveParams } from './params.ts'
import { makePlan } from './run-task-input.ts'
import { TimeBudgetExceeded, withTimeBudget } from './time-budget.ts'

export interface PlannedRuns {
  readonly verdicts: readonly Verdict[]
  readonly result: { readonly kind: 'runs'; readonly runs: readonly NewRun[] } | Exclude<Answer, { kind: 'accepted' }>
}

export interface Delivery {
  readonly source: string
  readonly trigger: Trigger
  readonly deliveryKey: string
  readonly origin: string
  readonly trace?: Trace | undefined
  readonly now: number
  /** The sender only asks what it may ask for. */
  readonly help: boolean
}

type Tasks = ReadonlyMap<string, TaskConfig>

/** Milliseconds. Ordinary deliveries take one or two; a body of 6 MB, looked at by a route with a bad day, must not take more. */
export const planTimeBudgetMs = 500

/**
 * @param characters of what was sent
 * @throws {Unprocessable} where routes, expressions and patterns are not done in time
 */
export function planRunsInTime(
  routes: readonly Route[],
  tasks: Tasks,
  delivery: Delivery,
  characters: number,
): PlannedRuns {
  const asked = routes.filter(({ config }) => config.on === delivery.source)
  if (
    isCheapToMatch(
      asked.map(({ config }) => ({ route: config, task: tasks.get(config.run) })),
      characters,
    )
  )
    return planRuns(routes, tasks, delivery)
  try {
    return withTimeBudget(planTimeBudgetMs, () => planRuns(routes, tasks, delivery))
  } catch (error) {
    if (!(error instanceof TimeBudgetExceeded)) throw error
    throw new Unprocessable(
      `what was sent is more than the routes can look through in ${planTimeBudgetMs} ms; nothing was started. Send less, or have the expressions of the config ask for less`,
      [],
    )
  }
}

/** Every route that matches gets a run; one that is wrong stops them all, so that nothing is half done. */
export function planRuns(routes: readonly Route[], tasks: Tasks, delivery: Delivery): PlannedRuns {
  const { source, trigger, help } = delivery
  const verdicts = routes
    .filter(({ config }) => config.on === source)
    .map((route) => matchRoute(route, source, trigger))
  const matched = routes.filter(({ id }) => verdicts.some((verdict) => verdict.matched && verdict.route === id))
  if (matched.length === 0)
    return {
      verdicts,
      result: {
        kind: 'ignored',
        reason: whyIgnored(trigger, verdicts),
        ...(mayUseCommand(routes, source, trigger) && { ofCommand: true }),
      },
    }

  const allowed = matched.filter((route) => whyNotAllowed(route, trigger) === undefined)
  if (allowed.length === 0) return { verdicts, result: forbidden(matched[0], trigger) }
  if (help) return { verdicts, result: helpFor(allowed, tasks, trigger) }

  const planned = allowed.map((route) => planRoute(route, tasks, delivery))
  const wrong = planned.filter((plan) => plan.kind === 'refused')
  if (wrong[0] !== undefined) return { verdicts, result: mergeRefusals(wrong, allowed.length) }
  return { verdicts, result: { kind: 'runs', runs: planned.flatMap((plan) => (plan.kind === 'run' ? plan.run : [])) } }
}

/** All that is wrong with any of them. A form asks for one task, and what it gives would go to every route that matches. */
function mergeRefusals(wrong: readonly Refusal[], routes: number): Refusal {
  const [first] = wrong
  if (first === undefined) throw new Error('nothing is wrong')
  const { missing, ...rest } = first
  const problems = wrong.flatMap((each) => each.problems)
  return { ...rest, problems, ...(routes === 1 && missing !== undefined && { missing }) }
}

function whyIgnored({ facts, event }: Trigger, verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return 'no route is for this source'
  const told = verdicts.filter(({ because }) => facts.command === undefined || !because.startsWith('command:'))
  if (told.length === 0) return `no route takes ${facts.command ?? event}`
  return `no route matched ${event}: ${told.map(({ route, because }) => `${route}: ${because}`).join('; ')}`
}

const forbidden = (route: Route | undefined, trigger: Trigger): PlannedRuns['result'] => ({
  kind: 'refused',
  status: 403,
  title: route === undefined ? 'not allowed' : `${route.config.run}: ${whyNotAllowed(route, trigger)}`,
  problems: [],
  ...(route !== undefined && { task: route.config.run }),
})

const helpFor = (routes: readonly Route[], tasks: Tasks, trigger: Trigger): PlannedRuns['result'] => ({
  kind: 'help',
  command: trigger.facts.command ?? trigger.event,
  tasks: routes.flatMap((route) => helpOf(route, tasks.get(route.config.run))),
})

/** What the route sets is not the sender's to give, so it is not in the help either. */
function helpOf(route: Route, task: TaskConfig | undefined): TaskHelp[] {
  if (task === undefined) return []
  const open = Object.entries(task.params)
    .filter(([name]) => !Object.hasOwn(route.computed, name))
    .map(([name, param]) => [name, param.secret === true ? withoutDefault(param) : param] as const)
  const description = task.description === undefined ? {} : { description: task.description }
  return [{ task: task.name, ...description, params: Object.fromEntries(open) }]
}

/** It is a value, and shown to nobody. */
const withoutDefault = ({ default: _, ...param }: Param): Param => param as Param

type Refusal = Extract<Answer, { kind: 'refused' }>
type Planned = { readonly kind: 'run'; readonly run: NewRun } | Refusal

function planRoute(
  route: Route,
  tasks: Tasks,
  { source, trigger, deliveryKey, origin, trace, now }: Delivery,
): Planned {
  const task = tasks.get(route.config.run)
  if (task === undefined) throw new Error(`route ${route.id} runs ${route.config.run}, which is not in the config`)
  const refused = (title: string, problems: readonly Problem[], missing = false): Planned => ({
    kind: 'refused',
    status: httpStatusOf.unprocessable,
    title,
    problems,
    task: task.name,
    ...(missing && { missing: helpOf(route, task)[0] as TaskHelp }),
  })
  let computed: Readonly<Record<string, unknown>>
  try {
    computed = computeParams(route, source, trigger)
  } catch (error) {
    return refused(`${task.name}: a parameter could not be worked out`, [{ path: route.id, message: messageOf(error) }])
  }
  // A route that computes parameters says which it takes from the payload; without one the payload's own keys are the parameters.
  const given =
    trigger.rawParams.kind === 'object' && route.config.with !== undefined
      ? { kind: 'none' as const }
      : trigger.rawParams
  const params = resolveParams(task.params, given, computed)
  if (!params.ok)
    return refused(
      `${task.name}: ${params.problems.length === 1 ? 'a parameter is' : 'parameters are'} wrong`,
      params.problems,
      // What the route works out is not the person's to give.
      params.missing && params.problems.every(({ path }) => !Object.hasOwn(computed, path)),
    )

  const run = runIdOf(source, deliveryKey, route.id)
  const { event, deliveryId, actor, replyAddress, facts } = trigger
  try {
    const plan = makePlan(task, params.values, {
      ...{ run, route: route.id, routeIs: fingerprintOf(route.config) },
      ...{ source, event, actor },
      approval: route.config.approval,
      trace,
    })
    const made = { run, source, event, deliveryId, actor, origin, plan, replyAddress, createdAt: now }
    return {
      kind: 'run',
      run: {
        ...made,
        ...(trace !== undefined && { trace }),
        ...(facts.repository !== undefined && { repository: facts.repository }),
      },
    }
  } catch (error) {
    if (error instanceof Unprocessable) return refused(`${task.name}: ${error.message}`, error.problems)
    throw error
  }
}
