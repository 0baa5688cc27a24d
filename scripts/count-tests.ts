/** Reads vitest's JSON report and prints one line at the end: `tests: 312 passed, 0 failed, 4 skipped`. */
import { readFileSync } from 'node:fs'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly numFailedTestSuites: number
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

const [file = '', status = '0'] = process.argv.slice(2)
const report = JSON.parse(readFileSync(file, 'utf8')) as Report
for (const { assertionResults } of report.testResults) {
  for (const { status, fullName } of assertionResults) {
    if (status === 'skipped' || status === 'pending' || status === 'todo') console.log(`skipped: ${fullName}`)
  }
}
// A test file that fails to load has no failed test in the report, but counts as a failure.
const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0, status === '0' ? 0 : 1)
console.log(
  `tests: ${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests + report.numTodoTests} skipped`,
)
process.exitCode = failed > 0 || report.numPassedTests === 0 ? 1 : 0
