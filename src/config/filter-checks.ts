/** Checks the filters of a route: whether its source has them, event names, globs and repositories. */
import { maxNameLength } from '../core/routing/glob.ts'
import { didYouMean } from '../core/text/suggest.ts'
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import { globRisk } from './redos-check.ts'
import { type AdapterSpec, routeFilters } from './spec.ts'
import { asList, asMapping, type Mapping } from './yaml-values.ts'

export function checkFilters(path: ConfigPath, route: Mapping, spec: AdapterSpec, adapter: string): ConfigFinding[] {
  const unsupported = routeFilters.filter((filter) => route[filter] !== undefined && !spec.filters.includes(filter))
  return [
    ...unsupported.flatMap((filter) =>
      finding(
        [...path, filter],
        filter === 'approval'
          ? `is not possible: ${adapter} deliveries come from programs, so no person can approve`
          : `does not apply to ${adapter} deliveries; use ${[...spec.filters, 'if'].join(', ')}`,
      ),
    ),
    ...checkEvents(path, route, spec),
    ...(spec.namesBots !== true && asMapping(route.allow).bots !== undefined
      ? finding([...path, 'allow'], `"bots" does not apply to ${adapter} deliveries`)
      : []),
    ...checkGlobs(path, route),
    ...checkRepositories(path, route),
  ]
}

/** An event that the sender does not have yet is a note: notes.ts. */
function checkEvents(path: ConfigPath, { event }: Mapping, spec: AdapterSpec): ConfigFinding[] {
  const { events = [], filters, title } = spec
  if (!filters.includes('event')) return []
  return asList(event).flatMap((name, at) => {
    if (typeof name !== 'string' || spec.isEventName?.(name) !== false) return []
    const where = Array.isArray(event) ? [...path, 'event', at] : [...path, 'event']
    return finding(where, `"${name}" is not a ${title} event${didYouMean(name, events)}`)
  })
}

const checkGlobs = (path: ConfigPath, route: Mapping): ConfigFinding[] =>
  (['branches', 'tags', 'paths', 'repositories'] as const).flatMap((filter) => {
    const globs = asList(route[filter])
    const risks = globs.flatMap((glob) => {
      const risk = typeof glob === 'string' ? globRisk(glob, maxNameLength[filter]) : undefined
      return risk === undefined ? [] : finding([...path, filter], `"${glob}" ${risk}`)
    })
    // A glob with "!" excludes from what the globs before it match.
    const onlyExcludes = globs.length > 0 && globs.every((glob) => typeof glob === 'string' && glob.startsWith('!'))
    return onlyExcludes
      ? [...risks, ...finding([...path, filter], 'only excludes, so nothing can match; put "**" first')]
      : risks
  })

const checkRepositories = (path: ConfigPath, { repositories }: Mapping): ConfigFinding[] =>
  asList(repositories)
    .filter((glob) => typeof glob === 'string' && !glob.includes('/') && glob !== '**')
    .flatMap((glob) =>
      finding([...path, 'repositories'], `"${glob}" has no owner; write owner/name, or */${glob} for any owner`),
    )
