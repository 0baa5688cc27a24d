import { describe, expect, it } from 'vitest'
import {
  namedOf,
  pageWith,
  percentOf,
  type Report,
  readmeScore,
  scoresOfPage,
  scoresOfReport,
  strangers,
  totalOf,
} from '../../scripts/mutation-page.ts'
import { read } from './markdown.ts'

const page = read('docs/mutation.md')
const scores = scoresOfPage(page)
const { mutate, thresholds } = JSON.parse(read('stryker.config.json')) as {
  mutate: string[]
  thresholds: { break: number }
}

describe('docs/mutation.md', () => {
  it('has a score for every file that is mutated, none below the threshold, and the README has the whole', () => {
    expect(scores.map(({ file }) => file).sort()).toEqual([...mutate].sort())
    for (const score of scores) expect(Number(percentOf(score)), score.file).toBeGreaterThanOrEqual(thresholds.break)
    expect(readmeScore.exec(read('README.md'))?.[1]).toBe(percentOf(totalOf(scores)))
    expect(pageWith(page, [])).toBe(page)
  })

  it.each(scores)('$file: names everyone who survived, by code that is there', ({ file, survived }) => {
    const named = namedOf(page).filter((each) => each.file === file)
    expect(named.reduce((sum, { count }) => sum + count, 0)).toBe(survived)
    expect(named.filter(({ code }) => !read(file).includes(code))).toEqual([])
  })
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

  it('counts who was caught and who survived; what did not load is neither', () => {
    expect(scoresOfReport(report)).toEqual([{ file: 'src/a.ts', caught: 2, survived: 2 }])
    const broken: Report = { files: { 'src/a.ts': { source: '', mutants: [mutant(1, 'RuntimeError')] } } }
    expect(scoresOfReport(broken)).toEqual([{ file: 'src/a.ts', caught: 0, survived: 0 }])
  })

  it('changes the rows of its own files alone, and the sum', () => {
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

  it('is content with a page that names its survivors', () => {
    expect(strangers(report, named('- `const a`: why', '- `const b`: why'))).toEqual([])
    expect(strangers(report, named('- `true` (2): why'))).toEqual([])
  })

  it.each([
    ['nobody', [], ['src/a.ts:1: BooleanLiteral → false', 'src/a.ts:2: BooleanLiteral → false']],
    ['one of two', ['- `const a` (2): why'], ['src/a.ts:2: BooleanLiteral → false']],
    ['too many', ['- `true` (3): why'], ['src/a.ts: 2 survive, 3 are named']],
    ['one who is gone', ['- `true` (2): why', '- `const c` (0): why'], ['src/a.ts: nobody survives in `const c`']],
    ['somebody without a reason', ['- `true` (2):'], ['src/a.ts: 2 survive, 0 are named']],
  ])('complains of a page that names %s', (_, bullets, problems) => {
    expect(strangers(report, named(...bullets))).toEqual(expect.arrayContaining(problems))
  })
})
