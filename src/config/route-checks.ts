/** What the shape of a route cannot say. */
import { messageOf } from '../core/errors.ts'
import { compileCondition, compileTemplate, treesOf } from '../core/routing/expression.ts'
import { maxNameLength } from '../core/routing/glob.ts'
import { didYouMean } from '../core/text/suggest.ts'
import { checkSpot } from './capacity-checks.ts'
import { type ConfigFinding, listed, type Mapping, mapping, own } from './config-error.ts'
import { costFaults } from './expression-cost.ts'
import { misfit } from './param-checks.ts'
import { whyGlobHangs } from './redos-check.ts'
import { type AdapterSpec, routeFilters } from './spec.ts'

export function checkRoute(
  path: ConfigFinding['path'],
  route: Mapping,
  sources: Mapping,
  tasks: Mapping,
  specOf: (source: unknown) => AdapterSpec | undefined,
): ConfigFinding[] {
  const { on, run } = route
  const findings: ConfigFinding[] = []
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

function checkFilters(
  path: ConfigFinding['path'],
  route: Mapping,
  spec: AdapterSpec,
  adapter: string,
): ConfigFinding[] {
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
function checkVoters(path: ConfigFinding['path'], { allow, approval }: Mapping): ConfigFinding[] {
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

function checkEvents(
  path: ConfigFinding['path'],
  { event }: Mapping,
  { events, filters: known, title }: AdapterSpec,
): ConfigFinding[] {
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
const checkGlobs = (path: ConfigFinding['path'], route: Mapping): ConfigFinding[] =>
  (['branches', 'tags', 'paths', 'repositories'] as const).flatMap((filter) => {
    const globs = listed(route[filter])
    const endless = globs.flatMap((glob) => {
      const why = typeof glob === 'string' ? whyGlobHangs(glob, maxNameLength[filter]) : undefined
      return why === undefined ? [] : [{ path: [...path, filter], message: `"${glob}" ${why}` }]
    })
    if (globs.length === 0 || !globs.every((glob) => typeof glob === 'string' && glob.startsWith('!'))) return endless
    return [
      ...endless,
      { path: [...path, filter], message: 'only excludes, so nothing is left to match; put "**" first' },
    ]
  })

const checkRepositories = (path: ConfigFinding['path'], { repositories }: Mapping): ConfigFinding[] =>
  listed(repositories)
    .filter((glob) => typeof glob === 'string' && !glob.includes('/') && glob !== '**')
    .map((glob) => ({
      path: [...path, 'repositories'],
      message: `"${glob}" names no owner; write owner/name, or */${glob} for any owner`,
    }))

function checkExpressions(path: ConfigFinding['path'], route: Mapping): ConfigFinding[] {
  const attempt = (at: ConfigFinding['path'], kind: 'condition' | 'template', text: string): ConfigFinding[] => {
    try {
      if (kind === 'condition') compileCondition(text)
      else compileTemplate(text)
    } catch (error) {
      return [{ path: at, message: messageOf(error) }]
    }
    return treesOf(kind, text)
      .flatMap(costFaults)
      .map((message) => ({ path: at, message }))
  }
  const { if: condition } = route
  return [
    ...(typeof condition === 'string' ? attempt([...path, 'if'], 'condition', condition) : []),
    ...Object.entries(mapping(route.with)).flatMap(([name, value]) =>
      typeof value === 'string' ? attempt([...path, 'with', name], 'template', value) : [],
    ),
  ]
}

function checkWith(
  path: ConfigFinding['path'],
  route: Mapping,
  params: Mapping,
  spec: AdapterSpec | undefined,
  task: string,
  adapter: string,
): ConfigFinding[] {
  const given = mapping(route.with)
  const known = Object.keys(params)
  const findings: ConfigFinding[] = []
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
  // Only where the sender cannot give it either: of an object nothing counts beside `with`.
  const closed = spec !== undefined && route.command === undefined && (!spec.givesParams || route.with !== undefined)
  const why =
    spec?.givesParams === true
      ? '; where there is a "with", it alone counts'
      : ` and ${adapter} deliveries do not bring`
  for (const name of closed ? known : []) {
    if (mapping(params[name]).required === true && given[name] === undefined)
      findings.push({
        path: [...path, 'with'],
        message: `sets no "${name}", which ${task} requires${why}`,
      })
  }
  return findings
}
