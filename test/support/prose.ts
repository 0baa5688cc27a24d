/** Finds the text that people read in a file: comments, messages, test names, Markdown. Identifiers and code are left out. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
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
  const names = statSync(full).isFile() ? [''] : readdirSync(full, { recursive: true, encoding: 'utf8' })
  return names
    .map((name) => relative(root, join(full, name)).replaceAll('\\', '/'))
    .filter(
      (each) =>
        !generated.test(each) && Object.hasOwn(readers, extensionOf(each)) && statSync(join(root, each)).isFile(),
    )
    .sort()
    .map((each) => ({ path: each, source: readFileSync(join(root, each), 'utf8') }))
}

export const lineOf = (source: string, offset: number): number => source.slice(0, offset).split('\n').length

export function proseOf({ path, source }: File): Prose[] {
  const read = readers[extensionOf(path)]
  if (read === undefined) throw new Error(`${path}: there is no reader for this type of file`)
  return read(source, path).map(({ offset, text }) => ({ offset, text: withoutCodeSpans(text) }))
}

/** Empty for `.ci/run`; a name like `.gitignore` is its own extension. */
const extensionOf = (path: string): string => /\.(\w+)$/.exec(path)?.[1] ?? ''

const readers: Readonly<Record<string, (source: string, path: string) => Prose[]>> = {
  md: (source) => [{ offset: 0, text: blank(withoutFences(source), /\]\([^)\s]*\)|<[^>\s][^>]*>/g) }],
  html: (source) => [
    { offset: 0, text: blank(source, /<(?!!--)[^>]*>/g) },
    ...matches(source, /(?<=\s(title|alt|placeholder|aria-label|content)=")[^"]*/g),
  ],
  css: (source) => matches(source, /\/\*[\s\S]*?\*\//g),
  json: (source) => matches(source, /(?<="description": )".*"/g),
  yaml: proseOfYaml,
  yml: proseOfYaml,
  env: (source) => matches(source, /^#.*(\n#.*)*/gm),
  sh: proseOfShell,
  // A script without a suffix.
  '': proseOfShell,
  tf: proseOfHcl,
  hcl: proseOfHcl,
  ts: proseOfScript,
  mjs: proseOfScript,
}

/** Of a code block only the comments stay. */
const withoutFences = (source: string): string =>
  source.replace(/^\s*```[\s\S]*?^\s*```$/gm, (block) =>
    block.replace(/^.*$/gm, (line) => {
      const comment = line.search(/(?<=^|\s)(#|\/\/) /)
      return comment < 0 ? spaces(line, 0, line.length) : spaces(line, 0, comment)
    }),
  )

function proseOfYaml(source: string): Prose[] {
  return matches(source, /(?<=^|\s)#.*|(?<=\bdescription: ).*/gm)
}

/** Comments, and what a script prints. */
function proseOfShell(source: string): Prose[] {
  return matches(source, /(?<=^|\s)#.*(\n\s*#.*)*|(?<=\b(echo|printf) ).*/gm).map(withoutMarks(/^\s*#/gm))
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
  const shown = isTest ? nodes.filter(isTestCall).flatMap((call) => titlesOf(call, nodes)) : nodes
  return [...commentsOf(source, nodes), ...shown.flatMap((node) => messageOf(source, node))]
}

function nodesOf(value: unknown, found: Node[] = []): Node[] {
  if (typeof value !== 'object' || value === null) return found
  if (typeof (value as { type?: unknown }).type === 'string') found.push(value as Node)
  for (const child of Object.values(value)) nodesOf(child, found)
  return found
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
  return [{ offset: node.start, text: withGaps(source, gaps).slice(node.start, node.end) }]
}

const isSentence = (text: string): boolean => /[A-Za-z]\s+\S/.test(text)

/** `//` and `/*` outside strings, templates and regular expressions begin a comment. */
function commentsOf(source: string, nodes: readonly Node[]): Prose[] {
  const code = withGaps(
    source,
    nodes.filter(({ type }) => type === 'Literal' || type === 'TemplateElement'),
  )
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

/** The first argument, which is a title or a table of tests. */
function titlesOf({ arguments: args }: Node, nodes: readonly Node[]): Node[] {
  const [first] = args as Node[]
  if (first === undefined) return []
  const table = first.type === 'Identifier' ? declared(String(first.name), nodes) : first
  return table?.type === 'ArrayExpression' ? (table.elements as (Node | null)[]).flatMap(titlesOfRow) : [first]
}

/** The value of `const name = [...]`, with or without `as const`. */
function declared(name: string, nodes: readonly Node[]): Node | undefined {
  const declaration = nodes.find(({ type, id }) => type === 'VariableDeclarator' && (id as Node).name === name)
  const value = declaration?.init as Node | undefined
  return value?.type === 'TSAsExpression' ? (value.expression as Node) : value
}

/** The first cell, or the properties that a title shows as `$name`. */
function titlesOfRow(row: Node | null): Node[] {
  if (row === null) return []
  if (row.type === 'ArrayExpression') return (row.elements as Node[]).slice(0, 1)
  if (row.type !== 'ObjectExpression') return [row]
  return (row.properties as Node[])
    .filter(({ key }) => /^(name|title|what)$/.test(String((key as Node | undefined)?.name)))
    .map(({ value }) => value as Node)
}

const matches = (source: string, pattern: RegExp): Prose[] =>
  [...source.matchAll(pattern)].map(({ 0: text, index }) => ({ offset: index, text }))

const spaces = (text: string, from: number, to: number): string =>
  text.slice(0, from) + text.slice(from, to).replace(/\S/g, ' ') + text.slice(to)

/** The text with spaces in place of the ranges, in the order of their starts. */
function withGaps(text: string, ranges: readonly { readonly start: number; readonly end: number }[]): string {
  let at = 0
  const parts = [...ranges]
    .sort((a, b) => a.start - b.start)
    .flatMap(({ start, end }) => {
      if (end <= at) return []
      const from = Math.max(start, at)
      const part = [text.slice(at, from), text.slice(from, end).replace(/\S/g, ' ')]
      at = end
      return part
    })
  return [...parts, text.slice(at)].join('')
}

const blank = (text: string, pattern: RegExp): string => text.replace(pattern, (found) => found.replace(/\S/g, ' '))

const withoutMarks =
  (marks: RegExp) =>
  ({ offset, text }: Prose): Prose => ({ offset, text: blank(text, marks) })

/** What is written as code is a name, not a word. */
const withoutCodeSpans = (text: string): string => blank(text, /\\?`[^`\n]+`/g)
