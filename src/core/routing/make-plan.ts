/** Plans a run of a task. Pure and without a clock: the same delivery must give the same plan. The plan is stored with the run. */
import { Unprocessable } from '../errors.ts'
import type { ApprovalConfig, TaskConfig } from '../model/config.ts'
import type { ParamValues } from '../model/param.ts'
import type { GroupSlot, Plan } from '../model/plan.ts'
import { nameOfGroup } from '../model/run.ts'
import { type Trace, traceEnv } from '../model/trace.ts'
import { originEnv, paramEnv } from './container-env.ts'
import { compileParamTemplate } from './expression.ts'
import { maxOverridesBytes, overridesBytes, sizeProblems } from './overrides-size.ts'

/** The run, the route and the delivery that a plan is made for. */
export interface PlanContext {
  readonly run: string
  /** The id of the route. */
  readonly route: string
  readonly routeFingerprint?: string | undefined
  readonly source: string
  readonly event: string
  readonly actor: string
  readonly approval?: ApprovalConfig | undefined
  readonly trace?: Trace | undefined
}

/** @throws {Unprocessable} if the overrides are larger than ECS allows, with the size of each part */
export function makePlan(task: TaskConfig, params: ParamValues, context: PlanContext): Plan {
  const {
    params: declared,
    local: _local,
    description: _description,
    timeout,
    startWithin,
    container,
    concurrency,
    ...settings
  } = task
  const { route, routeFingerprint, approval, trace } = context
  const hidden = Object.keys(declared).filter((name) => declared[name]?.secret === true)
  const plan: Plan = {
    task: task.name,
    route,
    ...(routeFingerprint !== undefined && { routeIs: routeFingerprint }),
    ...(approval !== undefined && { approval }),
    ...(hidden.length > 0 && { hidden }),
    ...(startWithin !== undefined && { startWithin }),
    params,
    container,
    timeout,
    ...(concurrency !== undefined && { concurrency: slotOf(task.name, concurrency, params) }),
    env: [...paramEnv(declared, params), ...originEnv(context)],
    settings,
  }
  // A trace is not signed, so it must not be the reason why a run is refused: it is left out if it does not fit.
  const traced = { ...plan, env: [...plan.env, ...(trace === undefined ? [] : traceEnv(trace))] }
  if (overridesBytes(traced) <= maxOverridesBytes) return traced
  const bytes = overridesBytes(plan)
  if (bytes <= maxOverridesBytes) return plan
  throw new Unprocessable(
    `the parameters take ${bytes} of the ${maxOverridesBytes} bytes that ECS allows for a task's overrides; pass a pointer (an object key, a URL) instead of the data`,
    sizeProblems(plan, declared),
  )
}

/** Characters of a concurrency group's label, which is made of parameters and shown in messages. */
const maxLabelLength = 60

function slotOf(task: string, config: NonNullable<TaskConfig['concurrency']>, params: ParamValues): GroupSlot {
  const { group, limit, whenFull } = config
  const label = String(compileParamTemplate(group)(params) ?? '')
  // Hashed (`nameOfGroup`): values may be long, and the name is a key of the table.
  return { name: `${task}/${nameOfGroup(label)}`, label: [...label].slice(0, maxLabelLength).join(''), limit, whenFull }
}
