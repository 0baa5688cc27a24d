/** What the shape of a config cannot say: references that lead nowhere, names that are reserved, expressions that do not compile. */
import { type Arn, arnOf } from '../arn.ts'
import { messageOf } from '../errors.ts'
import { compileCondition, compileParamTemplate, compileTemplate } from '../expression.ts'
import { describeParam, faultOf, type Param, type ParamValue } from '../params.ts'
import { didYouMean } from '../suggest.ts'
import { whyReserved } from './reserved.ts'
import { type AdapterSpec, type AdapterSpecs, routeFilters } from './spec.ts'
import { checkSpot } from './spot-check.ts'
import { routeIds } from './types.ts'

export interface Finding {
  readonly path: readonly (string | number)[]
  readonly message: string
}

type Mapping = Readonly<Record<string, unknown>>

/** @param raw not yet known to have the right shape: what has not is left to the schema */
export function checkMeaning(raw: unknown, specs: AdapterSpecs): Finding[] {
  const { sources, tasks, routes } = mapping(raw)
  const taskMap = mapping(tasks)
  const sourceMap = mapping(sources)
  const specOf = (source: unknown): AdapterSpec | undefined => own(specs, mapping(own(sourceMap, source)).adapter)
  const list = Array.isArray(routes) ? routes : []
  return [
    ...unusableNames(sourceMap, taskMap),
    ...Object.entries(sourceMap).flatMap(([name, source]) =>
      (specOf(name)?.check?.(mapping(source)) ?? []).map(({ key, message }) => ({
        path: ['sources', name, key],
        message,
      })),
    ),
    ...Object.entries(taskMap).flatMap(([name, task]) => [
      ...checkParams(['tasks', name, 'params'], mapping(mapping(task).params)),
      ...checkHome(['tasks', name], mapping(task)),
      ...checkGroup(['tasks', name], mapping(task)),
    ]),
    ...list.flatMap((route, at) => checkRoute(['routes', at], mapping(route), sourceMap, taskMap, specOf)),
    ...duplicateNames(list),
  ]
}

const mapping = (value: unknown): Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {}

const own = <T>(of: Readonly<Record<string, T>>, key: unknown): T | undefined =>
  typeof key === 'string' && Object.hasOwn(of, key) ? of[key] : undefined

/** Valibot leaves these keys out of a record without a word, as a guard against prototype pollution. */
const unusable = ['__proto__', 'prototype', 'constructor']

function unusableNames(sources: Mapping, tasks: Mapping): Finding[] {
  const records: [Finding['path'], Mapping][] = [
    [['sources'], sources],
    [['tasks'], tasks],
    ...Object.entries(tasks).flatMap(([name, task]): [Finding['path'], Mapping][] => [
      [['tasks', name, 'params'], mapping(mapping(task).params)],
      [['tasks', name, 'tags'], mapping(mapping(task).tags)],
    ]),
  ]
  return records.flatMap(([path, record]) =>
    unusable
      .filter((name) => Object.hasOwn(record, name))
      .map((name) => ({
        path: [...path, name],
        message: 'is a name that JavaScript keeps for itself; choose another',
      })),
  )
}

/** Cluster, task definition and assumed role must lie in one account, or RunTask is refused. */
function checkHome(path: Finding['path'], { cluster, taskDefinition, assumeRole }: Mapping): Finding[] {
  const home = typeof cluster === 'string' ? arnOf(cluster) : undefined
  const definition = typeof taskDefinition === 'string' ? arnOf(taskDefinition) : undefined
  const role = typeof assumeRole === 'string' ? arnOf(assumeRole) : undefined
  const findings: Finding[] = []
  if (role !== undefined && typeof cluster === 'string' && home === undefined)
    findings.push({
      path: [...path, 'cluster'],
      message: `"${cluster}" does not say in which account; where a role is assumed, write the cluster's ARN`,
    })
  if (role !== undefined && home !== undefined && role.account !== home.account)
    findings.push({
      path: [...path, 'assumeRole'],
      message: `is of account ${role.account}, and the cluster is in ${home.account}`,
    })
  const where = (arn: Arn): string => `${arn.account} ${arn.region}`
  if (definition !== undefined && home !== undefined && where(definition) !== where(home))
    findings.push({
      path: [...path, 'taskDefinition'],
      message: `is in ${where(definition)}, and the cluster in ${where(home)}: a task runs where its definition is`,
    })
  return findings
}

/** It may ask for declared parameters alone: a slip of the finger would put all runs into one group. */
function checkGroup(path: Finding['path'], { concurrency, params }: Mapping): Finding[] {
  const { group } = mapping(concurrency)
  if (typeof group !== 'string') return []
  const at = [...path, 'concurrency', 'group']
  if (!group.includes('${'))
    return [
      {
        path: at,
        message: 'is the same for every run; write "${params.NAME}", or leave it out for all runs of the task',
      },
    ]
  const known = Object.keys(mapping(params))
  try {
    compileParamTemplate(group)
  } catch (error) {
    return [{ path: at, message: messageOf(error) }]
  }
  const asked = [...group.matchAll(/\bparams\.(\w+)/g)].map(([, name = '']) => name)
  return asked.flatMap((name) => {
    if (!known.includes(name))
      return [{ path: at, message: `"${name}" is not a parameter of the task${didYouMean(name, known)}` }]
    // The group's name stands in messages.
    return mapping(mapping(params)[name]).secret === true
      ? [{ path: at, message: `"${name}" is secret, and the name of a group is shown` }]
      : []
  })
}

function checkParams(path: Finding['path'], params: Mapping): Finding[] {
  const owners = new Map<string, string>()
  return Object.entries(params).flatMap(([name, declared]) => {
    const { env = name.toUpperCase().replaceAll('-', '_'), ...param } = mapping(declared)
    const at = [...path, name]
    const findings: Finding[] = []
    const reserved = typeof env === 'string' ? whyReserved(env) : undefined
    if (reserved !== undefined) findings.push({ path: [...at, 'env'], message: reserved })
    const other = owners.get(String(env))
    if (other !== undefined)
      findings.push({ path: [...at, 'env'], message: `"${env}" is the variable of "${other}" already` })
    owners.set(String(env), name)
    return [...findings, ...checkParam(at, param)]
  })
}

function checkParam(at: Finding['path'], param: Mapping): Finding[] {
  const { min, max, minLength, maxLength, required } = param
  const findings: Finding[] = []
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    findings.push({ path: [...at, 'min'], message: `is ${min}, and max is ${max}` })
  if (typeof minLength === 'number' && typeof maxLength === 'number' && minLength > maxLength)
    findings.push({ path: [...at, 'minLength'], message: `is ${minLength}, and maxLength is ${maxLength}` })
  if (param.default === undefined) return findings
  if (required === true)
    findings.push({
      path: [...at, 'required'],
      message: 'says nothing where there is a default; leave one of the two out',
    })
  const wrong = misfit(param, param.default)
  return wrong === undefined ? findings : [...findings, { path: [...at, 'default'], message: wrong }]
}

/** Why a literal cannot be the value of a parameter. Kept quiet where the declaration itself is broken. */
function misfit(declared: Mapping, value: unknown): string | undefined {
  const type = declared.type === 'integer' ? 'number' : declared.type
  if (type !== 'string' && type !== 'number' && type !== 'boolean') return undefined
  const param = declared as unknown as Param
  try {
    if (typeof value !== type || (declared.type === 'integer' && !Number.isInteger(value)))
      return `is not ${describeParam(param)}`
    return faultOf(param, value as ParamValue)
  } catch {
    return undefined
  }
}

function checkRoute(
  path: Finding['path'],
  route: Mapping,
  sources: Mapping,
  tasks: Mapping,
  specOf: (source: unknown) => AdapterSpec | undefined,
): Finding[] {
  const { on, run } = route
  const findings: Finding[] = []
  const unknown = (key: string, value: unknown, known: readonly string[], noun: string): void => {
    if (typeof value === 'string' && !known.includes(value))
      findings.push({
        path: [...path, key],
        message: `"${value}" is not a ${noun}${didYouMean(value, known) || `; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'}`}`,
      })
  }
  unknown('on', on, Object.keys(sources), 'source')
  unknown('run', run, Object.keys(tasks), 'task')
  const spec = specOf(on)
  const adapter = String(mapping(own(sources, on)).adapter)
  if (spec !== undefined) {
    findings.push(...checkFilters(path, route, spec, adapter))
    const more = spec.checkRoute?.(route, mapping(own(sources, on))) ?? []
    findings.push(...checkVoters(path, route))
    findings.push(...more.map(({ key, message }) => ({ path: [...path, key], message })))
  }
  findings.push(...checkExpressions(path, route))
  const task = own(tasks, run)
  if (task !== undefined) findings.push(...checkSpot(path, route, mapping(task)))
  if (task !== undefined)
    findings.push(...checkWith(path, route, mapping(mapping(task).params), spec, String(run), adapter))
  return findings
}

function checkFilters(path: Finding['path'], route: Mapping, spec: AdapterSpec, adapter: string): Finding[] {
  const foreign = routeFilters
    .filter((filter) => route[filter] !== undefined && !spec.filters.includes(filter))
    .map((filter) => ({
      path: [...path, filter],
      message:
        filter === 'approval'
          ? `has nobody to ask: ${adapter} deliveries come from programs`
          : `is nothing that ${adapter} deliveries have; they have ${[...spec.filters, 'if'].join(', ')}`,
    }))
  return [...foreign, ...checkEvents(path, route, spec), ...checkGlobs(path, route), ...checkRepositories(path, route)]
}

/** Whoever asks cannot say yes. */
function checkVoters(path: Finding['path'], { allow, approval }: Mapping): Finding[] {
  const { users, ...others } = mapping(allow)
  const askers = listed(users)
  const voters = listed(mapping(approval).from)
  const alone = voters.length === 1 && askers.length === 1 && String(voters[0]) === String(askers[0])
  const onlyUsers = Object.keys(others).every((list) => list === 'channels')
  return alone && onlyUsers
    ? [
        {
          path: [...path, 'approval', 'from'],
          message: `is "${voters[0]}", who alone may ask, and cannot say yes to himself`,
        },
      ]
    : []
}

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])

function checkEvents(
  path: Finding['path'],
  { event }: Mapping,
  { events, filters: known, title }: AdapterSpec,
): Finding[] {
  if (events === undefined || !known.includes('event')) return []
  return listed(event).flatMap((name, at) => {
    if (typeof name !== 'string' || events.includes(name)) return []
    const where = Array.isArray(event) ? [...path, 'event', at] : [...path, 'event']
    const [head = '', action] = name.split('.')
    const actions = events.filter((known) => known.startsWith(`${head}.`)).map((known) => known.slice(head.length + 1))
    const more = action !== undefined && actions.length > 0 ? `; ${head} has ${actions.join(', ')}` : ''
    return [{ path: where, message: `"${name}" is not a ${title} event${didYouMean(name, events) || more}` }]
  })
}

/** Globs exclude from what was included; with nothing included there is nothing left. */
const checkGlobs = (path: Finding['path'], route: Mapping): Finding[] =>
  (['branches', 'tags', 'paths', 'repositories'] as const).flatMap((filter) => {
    const globs = listed(route[filter])
    if (globs.length === 0 || !globs.every((glob) => typeof glob === 'string' && glob.startsWith('!'))) return []
    return [{ path: [...path, filter], message: 'only excludes, so nothing is left to match; put "**" first' }]
  })

const checkRepositories = (path: Finding['path'], { repositories }: Mapping): Finding[] =>
  listed(repositories)
    .filter((glob) => typeof glob === 'string' && !glob.includes('/') && glob !== '**')
    .map((glob) => ({
      path: [...path, 'repositories'],
      message: `"${glob}" names no owner; write owner/name, or */${glob} for any owner`,
    }))

function checkExpressions(path: Finding['path'], route: Mapping): Finding[] {
  const findings: Finding[] = []
  const attempt = (at: Finding['path'], compile: () => unknown): void => {
    try {
      compile()
    } catch (error) {
      findings.push({ path: at, message: messageOf(error) })
    }
  }
  const { if: condition } = route
  if (typeof condition === 'string') attempt([...path, 'if'], () => compileCondition(condition))
  for (const [name, value] of Object.entries(mapping(route.with))) {
    if (typeof value === 'string') attempt([...path, 'with', name], () => compileTemplate(value))
  }
  return findings
}

function checkWith(
  path: Finding['path'],
  route: Mapping,
  params: Mapping,
  spec: AdapterSpec | undefined,
  task: string,
  adapter: string,
): Finding[] {
  const given = mapping(route.with)
  const known = Object.keys(params)
  const findings: Finding[] = []
  for (const [name, value] of Object.entries(given)) {
    const param = own(params, name)
    const at = [...path, 'with', name]
    if (param === undefined) {
      findings.push({
        path: at,
        message: `is not a parameter of ${task}${didYouMean(name, known) || (known.length > 0 ? `; it takes ${known.join(', ')}` : '; it takes none')}`,
      })
    } else if (typeof value !== 'string' || !value.includes('${')) {
      const wrong = misfit(mapping(param), value)
      if (wrong !== undefined) findings.push({ path: at, message: wrong })
    }
  }
  // Only where the sender cannot give it either.
  const closed = spec !== undefined && !spec.givesParams && route.command === undefined
  for (const name of closed ? known : []) {
    if (mapping(params[name]).required === true && given[name] === undefined)
      findings.push({
        path: [...path, 'with'],
        message: `sets no "${name}", which ${task} requires and ${adapter} deliveries do not bring`,
      })
  }
  return findings
}

/** Two routes of one name would be one run, and a route without a name has one by default. */
function duplicateNames(list: readonly unknown[]): Finding[] {
  const routes = list.map(mapping)
  const ids = routeIds(routes)
  const seen = new Set(ids.filter((_, at) => routes[at]?.name === undefined))
  return ids.flatMap((id, at) => {
    if (routes[at]?.name === undefined) return []
    if (seen.has(id)) return [{ path: ['routes', at, 'name'], message: `"${id}" is the name of another route` }]
    seen.add(id)
    return []
  })
}
