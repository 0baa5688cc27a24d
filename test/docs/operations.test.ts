/** docs/operations.md: every alarm has a section, every metric a row, and the log queries use fields that log lines have. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createLog } from '../../src/core/telemetry/log.ts'
import { metrics } from '../../src/core/telemetry/metrics.ts'
import { alarms } from '../deploy/expected.ts'
import { anchorsOf, blocksOf, read, tableOf } from './markdown.ts'

const page = read('docs/operations.md')
const section = (name: string): string => (page.split(`\n### ${name}\n`)[1] ?? '').split(/\n##/)[0] ?? ''

describe('alarms', () => {
  it('have one section each, with the name of the alarm as the heading', () => {
    const [, listed = ''] = page.split('\n## Alarms\n')
    const headings = [...(listed.split(/^## /m)[0] ?? '').matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(alarms)
    expect(anchorsOf(page)).toEqual(expect.arrayContaining(alarms))
  })
  it.each(alarms)('%s has what the sender sees, what to check, what to do, and when it clears', (name) => {
    const labels = [...section(name).matchAll(/^- \*\*(.+?)\*\*(?:: | )\S/gm)].map(([, label]) => label)
    expect(labels).toEqual(['The sender sees', 'Check', 'Do', 'Clears'])
  })
  it.each([
    ['infra/terraform/alarms.tf', '. See docs/operations.md#$' + '{each.key}"'],
    ['infra/cdk/alarms.ts', '. See docs/operations.md#$' + '{suffix}`'],
  ])('link to their section from %s', (path, end) => {
    expect(readFileSync(path, 'utf8')).toContain(end)
  })
})

it('the table lists every metric, with its second dimension', () => {
  const rows = tableOf(page, 'metric', 'by', 'counts').map(([name = '', by = '']) => [name, by].map(unquoted))
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(metrics).map(([name, { by = '' }]) => [name, by])),
  )
})
const unquoted = (cell: string): string => cell.replaceAll('`', '').trim()

describe('queries', () => {
  const queries = [
    ...blocksOf(page, 'sql').map(({ text }) => text),
    ...[...page.matchAll(/`(filter [^`]+)`/g)].map(([, text = '']) => text),
  ]
  it.each(queries)('%s uses fields that log lines have', (query) => {
    const words = query
      .replace(/"[^"]*"|\/[^/\n]*\//g, '')
      .replace(/ as \w+/g, '')
      .match(/@?[A-Za-z]\w*/g)
    const aliases = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name)
    const unknown = (words ?? []).filter((word) => !grammar.has(word) && !known.has(word) && !aliases.includes(word))
    expect(unknown).toEqual([])
  })
  it('number at least seven', () => expect(queries.length).toBeGreaterThan(6))
})

/** Keywords, functions and system fields of Logs Insights. */
const grammar = new Set(
  'fields filter sort stats limit by desc like in or ispresent pct count max @timestamp @log @message'.split(' '),
)
const known = new Set<string>()
const log = createLog('trace', {
  write(line) {
    for (const key of Object.keys(JSON.parse(line) as object)) known.add(key)
  },
})
const [text, number] = ['x', 1]
log.delivery({
  ...{ source: text, outcome: 'accepted', status: number, bytes: number, ms: number, event: text, delivery: text },
  ...{ actor: text, runs: [text], trace: text, secret: 'previous', reason: text, routes: [] },
})
log.run({
  ...{ run: text, task: text, source: text, trace: text, status: 'failed', taskArn: text, attempt: number },
  ...{ kind: 'later', toRunningMs: number, exitCode: number, reason: text },
})
log.error(text, { run: text, source: text, error: new Error(text) })
