/** A report as text within a terminal's columns. Pure. */
import type { Finding } from '../core/model/checkup.ts'
import { printable, wrap } from '../core/text/terminal-text.ts'
import type { Report } from './report.ts'

/** Colors a piece of text; see src/cli/doctor.ts. */
export type Paint = (part: Finding['level'] | 'title' | 'fix', text: string) => string

const marks: Readonly<Record<Finding['level'], string>> = {
  ok: 'ok',
  warning: 'warning',
  problem: 'PROBLEM',
  unknown: '?',
}
const markWidth = 9
const indent = ' '.repeat(2 + markWidth)

export function renderReport(report: Report, columns: number, paint: Paint = (_, text) => text): string[] {
  const width = Math.max(30, columns - indent.length)
  const fixLines = (fix: string): string[] =>
    wrap(fix, width - 2).map((line, at) => `${indent}${paint('fix', `${at === 0 ? '→ ' : '  '}${line}`)}`)
  const findingLines = ({ level, message, fix }: Finding): string[] => {
    const [first = '', ...more] = wrap(printable(message), width)
    return [
      `  ${paint(level, marks[level].padEnd(markWidth))}${first}`,
      ...more.map((line) => `${indent}${line}`),
      ...(fix === undefined ? [] : fixLines(printable(fix))),
    ]
  }
  return [
    ...report.checks.flatMap(({ about, findings }) => [paint('title', about), ...findings.flatMap(findingLines)]),
    '',
    summaryOf(report),
  ]
}

/** `1 problem, 2 warnings, 1 unknown; 9 ok` */
function summaryOf({ checks }: Report): string {
  const all = checks.flatMap(({ findings }) => findings)
  const count = (level: Finding['level']): number => all.filter((finding) => finding.level === level).length
  const [problems, warnings, unknowns] = [count('problem'), count('warning'), count('unknown')]
  const parts = [
    problems === 0 ? 'no problems' : `${problems} problem${problems === 1 ? '' : 's'}`,
    ...(warnings === 0 ? [] : [`${warnings} warning${warnings === 1 ? '' : 's'}`]),
    ...(unknowns === 0 ? [] : [`${unknowns} unknown`]),
  ]
  return `${parts.join(', ')}; ${count('ok')} ok`
}
