/**
 * After `npm run mutation`: writes the scores of the report into docs/mutation.md and the README, and fails where a survivor is
 * not named there. A report may be of some files alone; other reports can be given by path.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import {
  pageWith,
  percentOf,
  type Report,
  readmeScore,
  scoresOfPage,
  scoresOfReport,
  strangers,
  totalOf,
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

const problems = reports.flatMap((report) => strangers(report, page))
console.log(`mutation score: ${total} %`)
for (const problem of problems) console.log(`not as in docs/mutation.md: ${problem}`)
process.exitCode = problems.length > 0 ? 1 : 0
