/** Reads code blocks, links, headings and tables from Markdown. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Paths of all documents, relative to the root. */
export const documents: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`)
    .sort(),
]

export interface Block {
  readonly language: string
  readonly text: string
  /** Line number of the first line of the content, from 1. */
  readonly line: number
}

/** Fenced code blocks. The indentation of a list is removed. */
export function blocksOf(markdown: string, language?: string): Block[] {
  const blocks: Block[] = []
  let open: { indent: string; language: string; line: number; lines: string[] } | undefined
  for (const [at, line] of markdown.split('\n').entries()) {
    const fence = /^(\s*)```(\w*)/.exec(line)
    if (open === undefined) {
      if (fence !== null) open = { indent: fence[1] ?? '', language: fence[2] ?? '', line: at + 2, lines: [] }
    } else if (fence !== null) {
      blocks.push({ language: open.language, line: open.line, text: `${open.lines.join('\n')}\n` })
      open = undefined
    } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line)
  }
  return blocks.filter((block) => language === undefined || block.language === language)
}

export const withoutBlocks = (markdown: string): string => markdown.replace(/^\s*```[\s\S]*?^\s*```$/gm, '')

/** Targets of relative links. */
export const linksOf = (markdown: string): string[] =>
  [...withoutBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

/** The anchors that GitHub gives the headings. */
export const anchorsOf = (markdown: string): string[] =>
  [...withoutBlocks(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/ /g, '-'),
  )

/** The text of code spans and code blocks. */
export const codeOf = (markdown: string): string[] => [
  ...blocksOf(markdown).map(({ text }) => text),
  ...[...withoutBlocks(markdown).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text),
]

/** The rows of the table whose header begins with these cells. */
export function tableOf(markdown: string, ...head: readonly string[]): string[][] {
  const rows = markdown.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  const start = rows.findIndex((cells) => head.every((word, at) => cells[at] === word))
  if (start < 0) throw new Error(`there is no table with ${head.join(' | ')}`)
  const length = rows.slice(start).findIndex((cells) => cells.length === 0)
  return rows.slice(start + 2, length < 0 ? undefined : start + length)
}

/** The code spans in a text. */
export const spansOf = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)
