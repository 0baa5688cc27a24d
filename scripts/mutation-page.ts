/** Reads scores and surviving mutants from Stryker's report and from docs/mutation.md, and updates that page. Pure. */

/** Numbers of mutants in one file. Mutants that do not load count for neither. */
export interface Score {
  readonly file: string
  readonly caught: number
  readonly survived: number
}

/** Surviving mutants that the page lists: their number, and code in their lines. */
export interface ListedSurvivors {
  readonly file: string
  readonly code: string
  readonly count: number
}

/** The parts of Stryker's JSON report that are read here. https://github.com/stryker-mutator/mutation-testing-elements */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}
interface Mutant {
  readonly status: string
  readonly mutatorName: string
  readonly replacement?: string
  readonly location: { readonly start: { readonly line: number } }
}

const caught = ({ status }: Mutant): boolean => status === 'Killed' || status === 'Timeout'
const survived = ({ status }: Mutant): boolean => status === 'Survived' || status === 'NoCoverage'

export const scoresOfReport = ({ files }: Report): Score[] =>
  Object.entries(files).map(([file, { mutants }]) => ({
    file,
    caught: mutants.filter(caught).length,
    survived: mutants.filter(survived).length,
  }))

const rows = /^\| `(\S+)` \| \d+ \| (\d+) \| (\d+) \| .*$/gm

export const scoresOfPage = (page: string): Score[] =>
  [...page.matchAll(rows)].map(([, file = '', caught, survived]) => ({
    file,
    caught: Number(caught),
    survived: Number(survived),
  }))

/** A bullet has code, a number in parentheses unless it is 1, a colon and the reason. It belongs to the file in the heading above. */
export function listedSurvivors(page: string): ListedSurvivors[] {
  const listed: ListedSurvivors[] = []
  let file = ''
  for (const line of page.split('\n')) {
    file = /^### `(\S+)`$/.exec(line)?.[1] ?? file
    const [, code, count = '1'] = /^- `([^`]+)`(?: \((\d+)\))?: \S/.exec(line) ?? []
    if (code !== undefined) listed.push({ file, code, count: Number(count) })
  }
  return listed
}

export const totalOf = (scores: readonly Score[]): Score => ({
  file: 'all',
  caught: scores.reduce((sum, { caught }) => sum + caught, 0),
  survived: scores.reduce((sum, { survived }) => sum + survived, 0),
})

/** In percent, rounded down, so that 100 means all. */
export const percentOf = ({ caught, survived }: Score): string =>
  (Math.floor((1000 * caught) / (caught + survived)) / 10).toFixed(1)

const rowOf = (score: Score, name: string): string =>
  `| ${name} | ${score.caught + score.survived} | ${score.caught} | ${score.survived} | ${percentOf(score)} % |`

/** The page with new rows for these files. Rows of other files stay. */
export function pageWith(page: string, newer: readonly Score[]): string {
  const scores = [...new Map([...scoresOfPage(page), ...newer].map((score) => [score.file, score])).values()]
  const table = [
    '| file | mutants | caught | survived | score |',
    '| --- | --- | --- | --- | --- |',
    ...scores.map((score) => rowOf(score, `\`${score.file}\``)),
    rowOf(totalOf(scores), 'all'),
  ]
  return page.replace(/^\| file \| mutants[\s\S]*?\n(?=\n)/m, `${table.join('\n')}\n`)
}

/** The score in the README. */
export const readmeScore = /(?<=\[mutation score\]\(docs\/mutation\.md\) is \*\*)([\d.]+)(?= %\*\*)/

/** Survivors that the page does not list, and listed ones that no longer survive; one line each. */
export function undocumentedSurvivors(report: Report, page: string): string[] {
  const listed = listedSurvivors(page)
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n')
    const here = listed.filter((each) => each.file === file)
    const lineOf = ({ location }: Mutant): string => lines[location.start.line - 1] ?? ''
    const left = mutants.filter(survived)
    const count = here.reduce((sum, each) => sum + each.count, 0)
    return [
      ...left
        .filter((mutant) => !here.some(({ code }) => lineOf(mutant).includes(code)))
        .map((mutant) => `${file}:${mutant.location.start.line}: ${mutant.mutatorName} → ${mutant.replacement ?? ''}`),
      ...here
        .filter(({ code }) => !left.some((mutant) => lineOf(mutant).includes(code)))
        .map(({ code }) => `${file}: no mutant survives in \`${code}\``),
      ...(count === left.length ? [] : [`${file}: ${left.length} survive, ${count} are listed`]),
    ]
  })
}
