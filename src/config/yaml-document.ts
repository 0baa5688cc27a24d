/** The YAML of a config: its value, and the line of each path in it. */
import { type Document, LineCounter, parseDocument } from 'yaml'
import { messageOf } from '../core/errors.ts'
import { ConfigError } from './config-error.ts'
import type { ConfigPath } from './finding.ts'

export interface YamlDocument {
  readonly value: unknown
  /** Line from 1 of a path, or of the deepest part of it that is in the file. Undefined if none is. */
  lineOf(path: ConfigPath): number | undefined
}

/** A small file could otherwise expand to gigabytes ("billion laughs"). */
const maxAliases = 100

/** @throws {ConfigError} if the text is not YAML, or its aliases cannot be resolved */
export function parseYaml(yaml: string, file?: string): YamlDocument {
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, merge: true })
  const lineAt = (offset: number): number => lines.linePos(offset).line
  if (document.errors.length > 0)
    throw new ConfigError(
      document.errors.map(({ message, pos }) => ({ path: '', message, line: lineAt(pos[0]) })),
      file,
    )
  return {
    value: resolveAliases(document, file),
    lineOf(path) {
      for (let depth = path.length; depth > 0; depth--) {
        const offset = offsetOf(document, path.slice(0, depth))
        if (offset !== undefined) return lineAt(offset)
      }
      return undefined
    },
  }
}

function resolveAliases(document: Document, file?: string): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases }) ?? {}
  } catch (error) {
    throw new ConfigError([{ path: '', message: messageOf(error) }], file)
  }
}

/** Where the key is, or the value if it is an item of a list. */
function offsetOf(document: Document, path: ConfigPath): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const last = path[path.length - 1]
  const items = (parent as { items?: readonly unknown[] } | null | undefined)?.items
  for (const item of items ?? []) {
    const { key } = item as { key?: { value?: unknown; range?: readonly number[] } }
    if (key?.value === last) return key?.range?.[0]
  }
  return (document.getIn(path, true) as { range?: readonly number[] } | undefined)?.range?.[0]
}
