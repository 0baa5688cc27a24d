/** Drops the components that a document does not use. */
import type { Components, Paths } from './openapi-types.ts'

type ByName = Readonly<Record<string, unknown>>

/** Keeps the components that `paths` refer to, directly or through another component. */
export function referencedComponents(paths: Paths, all: Components): Partial<Components> {
  const byKind: Readonly<Record<keyof Components, ByName>> = all
  const used = new Set<string>()
  const collect = (node: unknown): void => {
    for (const name of referencesIn(node)) {
      if (used.has(name)) continue
      used.add(name)
      const [kind = '', key = ''] = name.split('/')
      if (isKind(kind)) collect(byKind[kind][key])
    }
  }
  collect(paths)
  const kept = Object.entries(all).map(([kind, components]): [string, ByName] => [
    kind,
    Object.fromEntries(Object.entries(components).filter(([name]) => used.has(`${kind}/${name}`))),
  ])
  return Object.fromEntries(kept.filter(([, components]) => Object.keys(components).length > 0))
}

const isKind = (kind: string): kind is keyof Components =>
  kind === 'schemas' || kind === 'responses' || kind === 'securitySchemes'

const prefix = '#/components/'

/** `schemas/Run` for each `$ref`, `securitySchemes/x` for each security requirement. */
function referencesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === '$ref' && typeof value === 'string') return [value.slice(prefix.length)]
    if (key === 'security' && Array.isArray(value))
      return value.flatMap((requirement: object) => Object.keys(requirement).map((name) => `securitySchemes/${name}`))
    return referencesIn(value)
  })
}
