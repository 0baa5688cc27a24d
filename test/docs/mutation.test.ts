import { readdirSync } from 'node:fs'
import { transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import {
  listedSurvivors,
  pageWith,
  percentOf,
  type Report,
  readmeScore,
  scoresOfPage,
  scoresOfReport,
  totalOf,
  undocumentedSurvivors,
} from '../../scripts/mutation-page.ts'
import { read } from './markdown.ts'

const page = read('docs/mutation.md')
const scores = scoresOfPage(page)
const { mutate, thresholds } = JSON.parse(read('stryker.config.json')) as {
  mutate: string[]
  thresholds: { break: number }
}

describe('docs/mutation.md', () => {
  it('has a score for every mutated file, none below the threshold, and the README has the total', () => {
    expect(scores.map(({ file }) => file).sort()).toEqual([...mutate].sort())
    for (const score of scores) expect(Number(percentOf(score)), score.file).toBeGreaterThanOrEqual(thresholds.break)
    expect(readmeScore.exec(read('README.md'))?.[1]).toBe(percentOf(totalOf(scores)))
    expect(pageWith(page, [])).toBe(page)
  })

  it.each(scores)('$file: lists every surviving mutant, by code that exists', ({ file, survived }) => {
    const listed = listedSurvivors(page).filter((each) => each.file === file)
    expect(listed.reduce((sum, { count }) => sum + count, 0)).toBe(survived)
    expect(listed.filter(({ code }) => !read(file).includes(code))).toEqual([])
  })
})

/** It only makes findings for `taskhook doctor`, and decides nothing. */
const undecided = ['src/core/model/checkup.ts']

it.each(['src/core/model', 'src/core/routing'])('every file of %s that has a function is mutated', (folder) => {
  const files = readdirSync(new URL(`../../${folder}`, import.meta.url)).map((name) => `${folder}/${name}`)
  const code = (file: string) => transformSync(read(file), { loader: 'ts', legalComments: 'none' }).code
  const deciding = files.filter((file) => /=>|\bfunction\b/.test(code(file)) && !undecided.includes(file))
  expect(deciding.length).toBeGreaterThan(10)
  expect(deciding.filter((file) => !mutate.includes(file))).toEqual([])
})

it('every mutated file exists', () => {
  for (const file of mutate) expect(read(file), file).not.toBe('')
})

describe('a report', () => {
  const mutant = (line: number, status: string) => ({
    status,
    mutatorName: 'BooleanLiteral',
    replacement: 'false',
    location: { start: { line } },
  })
  const report: Report = {
    files: {
      'src/a.ts': {
        source: 'const a = true\nconst b = true\n',
        mutants: [mutant(1, 'Survived'), mutant(2, 'NoCoverage'), mutant(2, 'Killed'), mutant(2, 'Timeout')],
      },
    },
  }
  const named = (...bullets: string[]) => ['### `src/a.ts`', '', ...bullets, ''].join('\n')

  it('counts caught and surviving mutants, and ignores those that did not load', () => {
    expect(scoresOfReport(report)).toEqual([{ file: 'src/a.ts', caught: 2, survived: 2 }])
    const broken: Report = { files: { 'src/a.ts': { source: '', mutants: [mutant(1, 'RuntimeError')] } } }
    expect(scoresOfReport(broken)).toEqual([{ file: 'src/a.ts', caught: 0, survived: 0 }])
  })

  it('changes only the rows of its own files and the total', () => {
    const before = pageWith('| file | mutants |\n| --- | --- |\n\nend\n', [
      { file: 'src/b.ts', caught: 199, survived: 1 },
    ])
    expect(pageWith(before, scoresOfReport(report))).toBe(
      [
        '| file | mutants | caught | survived | score |',
        '| --- | --- | --- | --- | --- |',
        '| `src/b.ts` | 200 | 199 | 1 | 99.5 % |',
        '| `src/a.ts` | 4 | 2 | 2 | 50.0 % |',
        '| all | 204 | 201 | 3 | 98.5 % |',
        '',
        'end',
        '',
      ].join('\n'),
    )
    expect(percentOf({ file: 'src/a.ts', caught: 9999, survived: 1 })).toBe('99.9')
  })

  it('accepts a page that lists its survivors', () => {
    expect(undocumentedSurvivors(report, named('- `const a`: why', '- `const b`: why'))).toEqual([])
    expect(undocumentedSurvivors(report, named('- `true` (2): why'))).toEqual([])
  })

  it.each([
    ['no survivor', [], ['src/a.ts:1: BooleanLiteral → false', 'src/a.ts:2: BooleanLiteral → false']],
    ['one of two survivors', ['- `const a` (2): why'], ['src/a.ts:2: BooleanLiteral → false']],
    ['too many survivors', ['- `true` (3): why'], ['src/a.ts: 2 survive, 3 are listed']],
    [
      'a mutant that no longer survives',
      ['- `true` (2): why', '- `const c` (0): why'],
      ['src/a.ts: no mutant survives in `const c`'],
    ],
    ['a survivor without a reason', ['- `true` (2):'], ['src/a.ts: 2 survive, 0 are listed']],
  ])('reports a page that lists %s', (_, bullets, problems) => {
    expect(undocumentedSurvivors(report, named(...bullets))).toEqual(expect.arrayContaining(problems))
  })
})
