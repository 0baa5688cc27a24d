/** Finds the text that people read in a file: comments, messages, test names, Markdown. Identifiers and code are left out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vitest/node'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A piece of prose. Its text has the length of the source, so that an offset in it is an offset in the file. */
export interface Prose {
  readonly offset: number
  readonly text: string
}

export interface File {
  /** Relative to the root. */
  readonly path: string
  readonly source: string
}

const generated = /(^|\/)(node_modules|dist|build|out|\.terraform|\.taskhook)(\/|$)/

/** @param path of a file or folder, relative to the root */
export function filesIn(path: string): File[] {
  const full = join(root, path)
  const names = /\.\w+$/.test(path) ? [''] : readdirSync(full, { recursive: true, encoding: 'utf8' })
  return names
    .map((name) => relative(root, join(full, name)).replaceAll('\\', '/'))
    .filter((each) => !generated.test(each) && Object.hasOwn(readers, extensionOf(each)))
    .sort()
    .map((each) => ({ path: each, source: readFileSync(join(root, each), 'utf8') }))
}

export const lineOf = (source: string, offset: number): number => source.slice(0, offset).split('\n').length

export function proseOf({ path, source }: File): Prose[] {
  const read = readers[extensionOf(path)]
  if (read === undefined) throw new Error(`${path}: there is no reader for this type of file`)
  return read(source, path).map(({ offset, text }) => ({ offset, text: withoutCodeSpans(text) }))
}

const extensionOf = (path: string): string => /\.(\w+)$/.exec(path)?.[1] ?? ''

const readers: Readonly<Record<string, (source: string, path: string) => Prose[]>> = {
  md: (source) => [{ offset: 0, text: blank(source, /^\s*```[\s\S]*?^\s*```$|\]\([^)\s]*\)|<[^>\s][^>]*>/gm) }],
  html: (source) => [{ offset: 0, text: blank(source, /<(?!!--)[^>]*>/g) }],
  css: (source) => matches(source, /\/\*[\s\S]*?\*\//g),
  yaml: (source) => matches(source, /(?<=^|\s)#.*|(?<=\bdescription: ).*/gm),
  env: (source) => matches(source, /^#.*(\n#.*)*/gm),
  sh: (source) => matches(source, /(?<=^|\s)#.*(\n\s*#.*)*/gm).map(withoutMarks(/^\s*#/gm)),
  tf: proseOfHcl,
  hcl: proseOfHcl,
  ts: proseOfScript,
  mjs: proseOfScript,
}

/** Comments and strings of more than one word. A string may contain `#`, a comment may contain quotes. */
function proseOfHcl(source: string): Prose[] {
  return matches(source, /"(?:\\.|[^"\\])*"|#.*(?:\n\s*#.*)*/g)
    .filter(({ text }) => text.startsWith('#') || isSentence(text))
    .map(withoutMarks(/^\s*#/gm))
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** Comments and messages; of a test only comments and titles, because its other strings are data. */
function proseOfScript(source: string, path: string): Prose[] {
  const nodes = nodesOf(parseAst(source, { lang: path.endsWith('.ts') ? 'ts' : 'js' }))
  const isTest = path.startsWith('test/')
  const shown = isTest ? nodes.filter(isTestCall).flatMap(titlesOf) : nodes
  return [...commentsOf(source, nodes), ...shown.flatMap((node) => messageOf(source, node))]
}

function nodesOf(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return []
  const children = Object.values(value).flatMap(nodesOf)
  return typeof (value as { type?: unknown }).type === 'string' ? [value as Node, ...children] : children
}

/** A string or a template of more than one word, with a gap for each `${…}`. */
function messageOf(source: string, node: Node): Prose[] {
  const text = source.slice(node.start, node.end)
  if (node.type === 'Literal' && typeof node.value === 'string')
    return isSentence(text) ? [{ offset: node.start, text }] : []
  if (node.type !== 'TemplateLiteral' || !isSentence(text)) return []
  // The backticks are no code span.
  const gaps = [
    { start: node.start, end: node.start + 1 },
    ...(node.expressions as Node[]),
    { start: node.end - 1, end: node.end },
  ]
  const withGaps = gaps.reduce((all, { start, end }) => spaces(all, start - node.start, end - node.start), text)
  return [{ offset: node.start, text: withGaps }]
}

const isSentence = (text: string): boolean => /[A-Za-z]\s+\S/.test(text)

/** `//` and `/*` outside strings, templates and regular expressions begin a comment. */
function commentsOf(source: string, nodes: readonly Node[]): Prose[] {
  const code = nodes
    .filter(({ type }) => type === 'Literal' || type === 'TemplateElement')
    .reduce((text, { start, end }) => spaces(text, start, end), source)
  return matches(code, /\/\*[\s\S]*?\*\/|\/\/.*(?:\n\s*\/\/.*)*/g).map(({ offset, text }) =>
    withoutMarks(/^\s*(\*|\/\/)/gm)({ offset, text: source.slice(offset, offset + text.length) }),
  )
}

/** `it('…')`, `describe.each(…)('…')` and the like. */
const isTestCall = ({ type, callee }: Node): boolean =>
  type === 'CallExpression' && /^(it|test|describe)$/.test(nameOf(callee as Node))

function nameOf(node: Node | undefined): string {
  if (node?.type === 'Identifier') return String(node.name)
  return node === undefined ? '' : nameOf((node.callee ?? node.object) as Node | undefined)
}

/** The first argument, and the first cell of each row of a table. */
function titlesOf({ arguments: args }: Node): Node[] {
  const [first] = args as Node[]
  if (first?.type !== 'ArrayExpression') return first === undefined ? [] : [first]
  return (first.elements as (Node | null)[]).flatMap((row) =>
    row?.type === 'ArrayExpression' ? ((row.elements as Node[])[0] ?? []) : (row ?? []),
  )
}

const matches = (source: string, pattern: RegExp): Prose[] =>
  [...source.matchAll(pattern)].map(({ 0: text, index }) => ({ offset: index, text }))

const spaces = (text: string, from: number, to: number): string =>
  text.slice(0, from) + text.slice(from, to).replace(/\S/g, ' ') + text.slice(to)

const blank = (text: string, pattern: RegExp): string => text.replace(pattern, (found) => found.replace(/\S/g, ' '))

const withoutMarks =
  (marks: RegExp) =>
  ({ offset, text }: Prose): Prose => ({ offset, text: blank(text, marks) })

/** What is written as code is a name, not a word. */
const withoutCodeSpans = (text: string): string => blank(text, /\\?`[^`\n]+`/g)
