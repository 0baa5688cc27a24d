/** The syntax of `src`, for tests about how it is written. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { parseAst } from 'vitest/node'

const root = fileURLToPath(new URL('../../src/', import.meta.url))

export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

export interface Source {
  /** Inside `src`. */
  readonly path: string
  readonly code: string
  readonly nodes: readonly Node[]
}

/** @param folders of `src`; files directly in it are in '' */
export const sourcesOf = (...folders: readonly string[]): readonly Source[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      .map((path) => sourceOf(join(folder, path))),
  )

function sourceOf(path: string): Source {
  const { code } = transformSync(readFileSync(join(root, path), 'utf8'), { loader: 'ts' })
  const nodes: Node[] = []
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (typeof (value as { type?: unknown }).type === 'string') nodes.push(value as Node)
    for (const child of Object.values(value)) look(child)
  }
  look(parseAst(code))
  return { path, code, nodes }
}
