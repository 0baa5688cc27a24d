/** The imports of `src`, read with a real parser, for tests about its structure. */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { parseAst } from 'vitest/node'

/** Path inside `src` → source text. */
export type Files = Readonly<Record<string, string>>

export interface Import {
  /** A path inside `src`. */
  readonly from: string
  /** A path inside `src`, or the name of a package. */
  readonly to: string
  /** `late`: by `import()`, when the code gets there. */
  readonly how: 'static' | 'type' | 'late'
}

export interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

const root = new URL('../../src/', import.meta.url)

/** Every TypeScript file of `src`. */
export const sourceFiles = (): Files =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      .map((path) => [path.replaceAll('\\', '/'), readFileSync(new URL(path, root), 'utf8')]),
  )

/** Every node of a file's syntax tree, types included. Comments are not part of it. */
export function nodesOf(source: string): readonly Node[] {
  const nodes: Node[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (typeof (value as Partial<Node>).type === 'string') nodes.push(value as Node)
    for (const child of Object.values(value)) visit(child)
  }
  visit(parseAst(source, { lang: 'ts' }))
  return nodes
}

/** Every import of a file: of names, of types, for a side effect, passed on, and late. */
export function importsOf(from: string, source: string): readonly Import[] {
  return nodesOf(source).flatMap((node) => {
    const to = (node.source as { readonly value?: unknown } | null | undefined)?.value
    const how = kindOf(node)
    return how === undefined || typeof to !== 'string' ? [] : [{ from, to: resolve(from, to), how }]
  })
}

const resolve = (from: string, to: string): string =>
  to.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), to)) : to

/** Undefined: the node imports nothing. */
function kindOf(node: Node): Import['how'] | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return node.importKind === 'type' || onlyTypes(node, 'importKind') ? 'type' : 'static'
    case 'ExportNamedDeclaration':
      return node.exportKind === 'type' || onlyTypes(node, 'exportKind') ? 'type' : 'static'
    case 'ExportAllDeclaration':
      return node.exportKind === 'type' ? 'type' : 'static'
    case 'ImportExpression':
      return 'late'
    case 'TSImportType':
      return 'type'
    default:
      return undefined
  }
}

/** `import { type A, type B }`: each name is a type. */
function onlyTypes({ specifiers }: Node, kind: string): boolean {
  const all = (specifiers ?? []) as readonly Node[]
  return all.length > 0 && all.every((each) => each[kind] === 'type')
}

/** Cycles of a graph, each once, in the order of its arrows. */
export function cyclesOf(edges: readonly { readonly from: string; readonly to: string }[]): readonly string[][] {
  const next = new Map<string, Set<string>>()
  for (const { from, to } of edges) next.set(from, (next.get(from) ?? new Set()).add(to))
  const done = new Set<string>()
  const found: string[][] = []
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) found.push([...above.slice(above.indexOf(path)), path])
    else if (!done.has(path)) {
      for (const to of next.get(path) ?? []) visit(to, [...above, path])
      done.add(path)
    }
  }
  for (const path of next.keys()) visit(path, [])
  return found
}

/** Everything that is loaded with a file, now or late. Types load nothing. */
export function loadedBy(start: string, edges: readonly Import[]): ReadonlySet<string> {
  const loaded = new Set<string>()
  const visit = (path: string): void => {
    if (loaded.has(path)) return
    loaded.add(path)
    for (const { from, to, how } of edges) if (from === path && how !== 'type') visit(to)
  }
  visit(start)
  return loaded
}
