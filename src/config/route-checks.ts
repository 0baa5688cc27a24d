/** Checks a route beyond its shape. */
import { didYouMean } from '../core/text/suggest.ts'
import { checkApprovers } from './approval-checks.ts'
import { checkSpotInterruption } from './capacity-checks.ts'
import { checkExpressions } from './expression-checks.ts'
import { checkFilters } from './filter-checks.ts'
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import type { AdapterSpec } from './spec.ts'
import { checkWith } from './with-checks.ts'
import { asMapping, entryOf, type Mapping } from './yaml-values.ts'

/** What the rest of the config declares. */
export interface Declarations {
  readonly sources: Mapping
  readonly tasks: Mapping
  readonly specOf: (source: unknown) => AdapterSpec | undefined
}

export function checkRoute(path: ConfigPath, route: Mapping, { sources, tasks, specOf }: Declarations) {
  const { on, run } = route
  const spec = specOf(on)
  const source = asMapping(entryOf(sources, on))
  const adapter = String(source.adapter)
  const task = entryOf(tasks, run)
  const findings: ConfigFinding[] = [
    ...checkReference([...path, 'on'], 'source', on, Object.keys(sources)),
    ...checkReference([...path, 'run'], 'task', run, Object.keys(tasks)),
  ]
  if (spec !== undefined)
    findings.push(
      ...checkFilters(path, route, spec, adapter),
      ...checkApprovers(path, route),
      ...(spec.checkRoute?.(route, source) ?? []).map(({ key, message }) => ({ path: [...path, key], message })),
    )
  findings.push(...checkExpressions(path, route))
  if (task !== undefined)
    findings.push(
      ...checkSpotInterruption(path, route, asMapping(task)),
      ...checkWith(path, route, { name: String(run), params: asMapping(asMapping(task).params) }, { spec, adapter }),
    )
  return findings
}

function checkReference(path: ConfigPath, noun: 'source' | 'task', name: unknown, declared: readonly string[]) {
  if (typeof name !== 'string' || declared.includes(name)) return []
  const choices = declared.length === 0 ? `; no ${noun} is declared` : `; must be one of ${declared.join(', ')}`
  return finding(path, `"${name}" is not a ${noun}${didYouMean(name, declared) || choices}`)
}
