/** Checks the parameters that a route sets (`with`) against the declarations of its task. */
import { didYouMean } from '../core/text/suggest.ts'
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import { literalProblem } from './param-checks.ts'
import type { AdapterSpec } from './spec.ts'
import { asMapping, entryOf, type Mapping } from './yaml-values.ts'

interface DeclaredTask {
  readonly name: string
  readonly params: Mapping
}

interface RouteSource {
  readonly spec: AdapterSpec | undefined
  readonly adapter: string
}

export const checkWith = (
  path: ConfigPath,
  route: Mapping,
  task: DeclaredTask,
  source: RouteSource,
): ConfigFinding[] => [
  ...Object.entries(asMapping(route.with)).flatMap(([name, value]) =>
    checkValue([...path, 'with', name], name, value, task),
  ),
  ...checkRequired(path, route, task, source),
]

function checkValue(path: ConfigPath, name: string, value: unknown, task: DeclaredTask): ConfigFinding[] {
  const param = entryOf(task.params, name)
  if (param === undefined) {
    const declared = Object.keys(task.params)
    const choices = declared.length > 0 ? `; it takes ${declared.join(', ')}` : '; it takes none'
    return finding(path, `is not a parameter of ${task.name}${didYouMean(name, declared) || choices}`)
  }
  const isTemplate = typeof value === 'string' && value.includes('${')
  const problem = isTemplate ? undefined : literalProblem(asMapping(param), value)
  return problem === undefined ? [] : finding(path, problem)
}

/** Required parameters that neither the route nor the sender can set. */
function checkRequired(path: ConfigPath, route: Mapping, task: DeclaredTask, { spec, adapter }: RouteSource) {
  if (spec === undefined || route.command !== undefined) return []
  // A payload's own keys are only parameters if the route has no `with`.
  if (spec.givesParams && route.with === undefined) return []
  const set = asMapping(route.with)
  const reason = spec.givesParams
    ? 'a route with a "with" takes no parameters from the payload'
    : `${adapter} deliveries contain no parameters`
  return Object.keys(task.params)
    .filter((name) => asMapping(task.params[name]).required === true && set[name] === undefined)
    .flatMap((name) => finding([...path, 'with'], `must set "${name}": ${task.name} requires it, and ${reason}`))
}
