/**
 * What a run will ask of ECS, to the last key. Pure and without a clock, since ECS answers the same token with other parameters with
 * a ConflictException: whatever is planned twice must come out the same. The plan is stored with the run.
 */

import { type Problem, Unprocessable } from '../errors.ts'
import type { ApprovalConfig, TaskConfig } from '../model/config.ts'
import type { ParamDeclarations, ParamValues } from '../model/param.ts'
import type { GroupSlot, Place, Plan, TaskRequest } from '../model/plan.ts'
import { nameOfGroup, startedByOf } from '../model/run.ts'
import { type Trace, traceEnv } from '../model/trace.ts'
import { compileParamTemplate } from './expression.ts'

export interface Origin {
  readonly run: string
  readonly route: string
  readonly routeIs?: string | undefined
  readonly source: string
  readonly event: string
  readonly actor: string
  readonly approval?: ApprovalConfig | undefined
  readonly trace?: Trace | undefined
}

/** "A total of 8192 characters … includes the JSON formatting characters of the override structure." Counted in UTF-8 bytes, the stricter reading. */
export const maxOverridesBytes = 8192

/** @throws {Unprocessable} where the overrides would be larger than ECS takes, with the size of each part */
export function makePlan(task: TaskConfig, params: ParamValues, origin: Origin): Plan {
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
  const own = [...paramEnv(declared, params), ...originEnv(origin)]
  const slot = concurrency === undefined ? {} : { concurrency: slotOf(task.name, concurrency, params) }
  const { route, routeIs, approval } = origin
  const hidden = Object.keys(declared).filter((name) => declared[name]?.secret === true)
  const made = {
    ...{ task: task.name, route },
    ...(routeIs !== undefined && { routeIs }),
    ...(approval !== undefined && { approval }),
    ...(hidden.length > 0 && { hidden }),
    ...(startWithin !== undefined && { startWithin }),
  }
  const plan: Plan = { ...made, params, container, timeout, ...slot, env: own, settings }
  // Nobody signs it, so it is left out where it does not fit: it must not be what a run is refused for.
  const traced = { ...plan, env: [...own, ...(origin.trace === undefined ? [] : traceEnv(origin.trace))] }
  if (sizeOf(traced) <= maxOverridesBytes) return traced
  checkSize(plan, declared)
  return plan
}

const longestLabel = 60

/** Values may be long, and the name is a key of the table. */
function slotOf(task: string, config: NonNullable<TaskConfig['concurrency']>, params: ParamValues): GroupSlot {
  const { group, limit, whenFull } = config
  const label = String(compileParamTemplate(group)(params) ?? '')
  return { name: `${task}/${nameOfGroup(label)}`, label: [...label].slice(0, longestLabel).join(''), limit, whenFull }
}

const paramEnv = (declared: ParamDeclarations, params: ParamValues) =>
  Object.entries(declared).flatMap(([name, { env }]) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    return value === undefined ? [] : [{ name: env, value: String(value) }]
  })

const originEnv = ({ run, source, event, actor }: Origin) => [
  { name: 'TASKHOOK_RUN_ID', value: run },
  { name: 'TASKHOOK_SOURCE', value: source },
  { name: 'TASKHOOK_EVENT', value: event },
  { name: 'TASKHOOK_ACTOR', value: actor },
]

/** What is not planned, since a key signs it; the same for every attempt all the same. */
export const progressEnv = (origin: string, run: string, token: string) => [
  { name: 'TASKHOOK_PROGRESS_URL', value: `${origin}/runs/${run}/progress` },
  { name: 'TASKHOOK_TOKEN', value: token },
]

/** A function URL has 60 characters or so; a domain name has 253 at most, but nobody's has. */
const roomForProgress = progressEnv(`https://${'x'.repeat(120)}`, 'x'.repeat(20), 'x'.repeat(43))

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** 255 characters is the longest container name; it stands in for one that is not known yet. */
const sizeOf = ({ env, container, settings }: Plan): number =>
  bytes(overridesOf({ env: [...env, ...roomForProgress], settings }, container ?? 'x'.repeat(255)))

function checkSize(plan: Plan, declared: ParamDeclarations): void {
  const { env } = plan
  const total = sizeOf(plan)
  if (total <= maxOverridesBytes) return
  const paramOf = new Map(Object.entries(declared).map(([name, param]) => [param.env, name]))
  const problems: Problem[] = env
    .map((entry) => ({ path: paramOf.get(entry.name) ?? entry.name, size: bytes(entry) + 1 }))
    .sort((a, b) => b.size - a.size)
    .map(({ path, size }) => ({ path, message: `takes ${size} bytes` }))
  throw new Unprocessable(
    `the parameters take ${total} of the ${maxOverridesBytes} bytes that ECS allows for a task's overrides; pass a pointer (an object key, a URL) instead of the data`,
    problems,
  )
}

const overridesOf = (
  { env, settings }: Pick<Plan, 'env' | 'settings'>,
  container: string,
): TaskRequest['overrides'] => ({
  ...(settings.cpu !== undefined && { cpu: settings.cpu }),
  ...(settings.memory !== undefined && { memory: settings.memory }),
  containerOverrides: [{ name: container, environment: env }],
})
/**
 * Where a run may be started, in the order in which it is tried: each capacity in all subnets, then in each subnet alone, since one
 * full zone or one subnet without addresses must not stop a start that would do elsewhere.
 */
export const placesOf = ({ settings: { capacity, subnets } }: Plan): readonly Place[] =>
  capacity.flatMap((name) => [
    { capacity: name, subnets },
    ...(subnets.length > 1 ? subnets.map((subnet) => ({ capacity: name, subnets: [subnet] })) : []),
  ])

/** The request for one place. Deterministic: the same run, container and place give the same bytes. */
export function requestFor(
  plan: Plan,
  run: string,
  container: string,
  place: Place,
  more: Plan['env'] = [],
): TaskRequest {
  const { settings } = plan
  const env = [...plan.env, ...more]
  return {
    cluster: settings.cluster,
    taskDefinition: settings.taskDefinition,
    count: 1,
    startedBy: startedByOf(run),
    ...(place.capacity === 'FARGATE'
      ? { launchType: 'FARGATE' as const }
      : { capacityProviderStrategy: [{ capacityProvider: place.capacity, weight: 1 as const }] }),
    ...(settings.platformVersion !== undefined && { platformVersion: settings.platformVersion }),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...place.subnets],
        ...(settings.securityGroups !== undefined && { securityGroups: [...settings.securityGroups] }),
        assignPublicIp: settings.assignPublicIp,
      },
    },
    overrides: overridesOf({ env, settings }, container),
    tags: tagsOf(plan, run),
  }
}

/** Tags come back in no event, so nothing is found by them; they are for cost reports and for people. */
function tagsOf({ settings, task }: Plan, run: string): TaskRequest['tags'] {
  const tags = { ...settings.tags, 'taskhook:run': run, 'taskhook:task': task }
  return Object.entries(tags).map(([key, value]) => ({ key, value }))
}
