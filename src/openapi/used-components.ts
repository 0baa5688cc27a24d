/** The components that something refers to, and those that these refer to: a document holds no others. */
import type { Components, Paths } from './openapi-types.ts'

export function usedComponents(paths: Paths, all: Components): Partial<Components> {
  const used = new Set<string>()
  const look = (node: unknown): void => {
    for (const name of namesIn(node)) {
      if (used.has(name)) continue
      used.add(name)
      const [kind = '', key = ''] = name.split('/')
      look((all as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[kind]?.[key])
    }
  }
  look(paths)
  const kept = Object.entries(all).map(([kind, components]): [string, Readonly<Record<string, unknown>>] => [
    kind,
    Object.fromEntries(Object.entries(components).filter(([name]) => used.has(`${kind}/${name}`))),
  ])
  return Object.fromEntries(kept.filter(([, components]) => Object.keys(components).length > 0))
}

const prefix = '#/components/'

/** `schemas/Run`, for each reference and each security requirement. */
function namesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === '$ref' && typeof value === 'string') return [value.slice(prefix.length)]
    if (key === 'security' && Array.isArray(value))
      return value.flatMap((requirement: object) => Object.keys(requirement).map((name) => `securitySchemes/${name}`))
    return namesIn(value)
  })
}
