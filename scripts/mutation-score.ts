/**
 * Runs after `npm run mutation`: writes the scores into docs/mutation.md and the README, and fails if docs/mutation.md does not list a
 * survivor. A report may cover only some files. To use other reports, give their paths.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import {
  pageWith,
  percentOf,
  type Report,
  readmeScore,
  scoresOfPage,
  scoresOfReport,
  totalOf,
  undocumentedSurvivors,
} from './mutation-page.ts'

const pathOf = (name: string): string => new URL(`../${name}`, import.meta.url).pathname
const given = process.argv.slice(2)
const reports = (given.length > 0 ? given : [pathOf('reports/mutation/mutation.json')]).map(
  (path) => JSON.parse(readFileSync(path, 'utf8')) as Report,
)

const page = pageWith(readFileSync(pathOf('docs/mutation.md'), 'utf8'), reports.flatMap(scoresOfReport))
writeFileSync(pathOf('docs/mutation.md'), page)
const total = percentOf(totalOf(scoresOfPage(page)))
const readme = readFileSync(pathOf('README.md'), 'utf8')
writeFileSync(pathOf('README.md'), readme.replace(readmeScore, total))

const problems = reports.flatMap((report) => undocumentedSurvivors(report, page))
console.log(`mutation score: ${total} %`)
for (const problem of problems) console.log(`differs from docs/mutation.md: ${problem}`)
process.exitCode = problems.length > 0 ? 1 : 0
