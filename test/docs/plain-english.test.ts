/** Every text that people read avoids the words in banned-words.ts: documents, comments, messages and test names. */
import { describe, expect, it } from 'vitest'
import { type File, filesIn, lineOf, proseOf } from '../support/prose.ts'
import { bannedWords, type Exception, exceptions } from './banned-words.ts'

/** The lists of words themselves. */
const lists = ['test/docs/banned-words.ts', 'test/docs/plain-english.test.ts']

const areas: Readonly<Record<string, readonly string[]>> = {
  documents: ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs'],
  source: ['src'],
  infrastructure: ['infra'],
  examples: ['examples'],
  scripts: ['scripts'],
  benchmarks: ['bench'],
  package: ['package.json', 'vitest.config.ts', 'vitest.mutation.config.ts', '.github', '.ci/run', 'findings'],
  tests: ['test'],
}

/** Each as `path:line: word: the text around it`. */
function hitsIn(file: File, except: readonly Exception[] = exceptions): string[] {
  const allowed = except.filter(({ path }) => path === file.path)
  return proseOf(file).flatMap(({ offset, text }) =>
    bannedWords.flatMap(({ word, pattern }) =>
      [...text.matchAll(flexible(pattern))].flatMap(({ index }) => {
        const around = text.slice(Math.max(0, index - 60), index + 60).replace(/\s+/g, ' ')
        if (allowed.some(({ phrase }) => around.includes(phrase))) return []
        return `${file.path}:${lineOf(file.source, offset + index)}: ${word}: …${around.trim()}…`
      }),
    ),
  )
}

/** Finds a phrase also if a line breaks in the middle of it. */
const flexible = ({ source, flags }: RegExp): RegExp => new RegExp(source.replaceAll(' ', String.raw`\s+`), `${flags}g`)

describe.each(Object.entries(areas))('%s', (_, paths) => {
  it('use no banned word', () => {
    const files = paths
      .flatMap(filesIn)
      .filter(({ path }) => !lists.includes(path) && !path.startsWith('test/fixtures/'))
    expect(files.length).toBeGreaterThan(3)
    expect(files.flatMap((file) => hitsIn(file))).toEqual([])
  })
})

describe.each(bannedWords)('the pattern for "$word"', ({ word, pattern, bad, good }) => {
  const found = (sentence: string) =>
    hitsIn({ path: 'docs/a.md', source: sentence }).some((hit) => hit.includes(`: ${word}: `))

  it('finds the bad sentences', () => {
    expect(bad.length).toBeGreaterThan(0)
    expect(bad.filter((sentence) => !found(sentence))).toEqual([])
  })
  it('finds them with a line break between any two words', () => {
    expect(bad.filter((sentence) => !found(sentence.replaceAll(' ', '\n')))).toEqual([])
  })
  it('does not find the good ones', () => {
    expect(good.length).toBeGreaterThan(0)
    expect(good.filter((sentence) => flexible(pattern).test(sentence))).toEqual([])
  })
})

describe('prose', () => {
  const hits = (path: string, source: string) => hitsIn({ path, source }).map((hit) => hit.split(': ').slice(0, 2))

  it.each<[string, string, string, number]>([
    ['a comment', 'src/a.ts', "const x = 'a'\n// Whoever it is.", 2],
    ['the second line of a doc comment', 'src/a.ts', '/**\n * One.\n * whoever\n */', 3],
    ['a phrase across two lines of a comment', 'src/a.ts', '/**\n * A run that goes\n * on. */', 2],
    ['a phrase across two line comments', 'src/a.ts', '// that goes\n// on', 1],
    ['a message', 'src/a.ts', "throw new Error('ask whoever has it')", 1],
    ['a template', 'src/a.ts', 'const x = `\n${a} is whoever ${b}`', 2],
    ['a template in a template', 'src/a.ts', 'const x = `${a ? `for whoever asks` : b}`', 1],
    ['a test name', 'test/a.test.ts', "it.each([1])('refuses whoever asks', () => {})", 1],
    ['a row of a table of tests', 'test/a.test.ts', "it.each([['refuses whoever asks', 1]])('%s', () => {})", 1],
    ['a named row', 'test/a.test.ts', "it.each([{ name: 'refuses whoever asks' }])('$name', () => {})", 1],
    ['a row of a declared table', 'test/a.test.ts', "const t = [['for whoever asks']]\nit.each(t)('%s', () => {})", 1],
    ['a paragraph', 'docs/a.md', 'A line.\n\nWhoever\nit is.', 3],
    ['a comment in a code block', 'docs/a.md', '```console\n$ a   # for whoever asks\n```\n', 2],
    ['a cell of a table', 'docs/a.md', '| a | b |\n| --- | --- |\n| x | whoever |', 3],
    ['a Terraform description', 'infra/a.tf', 'variable "x" {\n  description = "For whoever asks."\n}', 2],
    ['a Terraform comment', 'infra/a.tf', 'x = "a#b" # whoever', 1],
    ['a comment in YAML', 'examples/a.yaml', 'a: 1 # whoever', 1],
    ['a comment in a script', 'scripts/a.sh', 'set -e\n# whoever', 2],
    ['output of a script', '.ci/run', "set -e\necho 'for whoever asks'", 2],
    ['a workflow', '.github/a.yml', 'a: 1\n# whoever', 2],
    ['the description of a package', 'package.json', '{\n  "description": "For whoever asks"\n}', 2],
    ['the title of an HTML element', 'examples/a.html', '<a title="For whoever asks">x</a>', 1],
    ['text in HTML', 'examples/a.html', '<p class="x">For whoever asks</p>', 1],
    ['a comment in CSS', 'examples/a.css', 'a { b: c } /* whoever */', 1],
  ])('includes %s', (_, path, source, line) => {
    expect(hits(path, source)).toEqual([[`${path}:${line}`, expect.stringMatching(/whoever|goes on/)]])
  })

  it.each<[string, string, string]>([
    ['an identifier', 'src/a.ts', 'const wish = told(door.whoever)'],
    ['a single word, which may be a stored name', 'src/a.ts', "const stored = { whoever: 'wish' }"],
    ['code in a comment', 'src/a.ts', '// The attribute `whoever` is stored.'],
    ['a regular expression', 'src/a.ts', 'const x = /for whoever asks/'],
    ['what looks like a comment in a string', 'src/a.ts', "const url = 'https://whoever'"],
    ['data in a test', 'test/a.test.ts', "expect(x).toBe('for whoever asks')"],
    ['a code block', 'docs/a.md', 'Text:\n\n```console\n$ whoever\n```\n'],
    ['code in a sentence', 'docs/a.md', 'The attribute `whoever` is stored.'],
    ['the target of a link', 'docs/a.md', '[a link](docs/whoever.md)'],
    ['an HTML attribute', 'examples/a.html', '<p id="whoever">x</p>'],
  ])('does not include %s', (_, path, source) => {
    expect(hits(path, source)).toEqual([])
  })
})

it('leaves out the phrase of an exception, and only in its file', () => {
  const except = [{ path: 'docs/a.md', phrase: 'told to the job', reason: 'a quotation' }]
  const hits = (path: string, source: string) => hitsIn({ path, source }, except).length
  expect(hits('docs/a.md', 'It was\ntold to the job.')).toBe(0)
  expect(hits('docs/a.md', 'It was told to the queue.')).toBeGreaterThan(0)
  expect(hits('docs/b.md', 'It was told to the job.')).toBeGreaterThan(0)
})

it('has no exception for a phrase that is gone', () => {
  const gone = exceptions.filter(
    ({ path, phrase }) => !filesIn(path).some(({ source }) => source.replace(/\s+/g, ' ').includes(phrase)),
  )
  expect(gone).toEqual([])
})
