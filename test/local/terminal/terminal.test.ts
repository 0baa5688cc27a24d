import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { DeliveryEntry } from '../../../src/core/telemetry/log-entries.ts'
import { printable, widthOf } from '../../../src/core/text/terminal-text.ts'
import { createTerminal, type TerminalOptions } from '../../../src/local/terminal/terminal.ts'
import { hostileTexts } from '../../support/hostile-text.ts'

function screen(options: Partial<TerminalOptions> = {}) {
  let text = ''
  const terminal = createTerminal({
    write: (more) => {
      text += more
    },
    now: () => new Date(2026, 10, 24, 9, 5, 7).getTime(),
    color: false,
    ...options,
  })
  return { ...terminal, text: () => text, lines: () => text.trimEnd().split('\n') }
}

const id = '0123456789abcdef0123'
const accepted: DeliveryEntry = { source: 'shop', outcome: 'accepted', status: 202, bytes: 2, ms: 12, runs: [id] }
const run = { run: id, task: 'analyze' }
const indent = ' '.repeat(19)

describe('createTerminal', () => {
  it('prints a delivery with status, duration, event, actor and run', () => {
    const { log, text } = screen()
    log.delivery({ ...accepted, event: 'push', actor: 'ann' })
    expect(text()).toBe(`09:05:07 shop      → 202 accepted in 12 ms  push by ann\n09:05:07           run ${id}\n`)
  })

  it('prints the reason of a delivery that starts no run', () => {
    const { log, lines } = screen()
    log.delivery({
      source: 'shop',
      outcome: 'unauthorized',
      status: 401,
      bytes: 2,
      ms: 1,
      reason: 'no signature header',
    })
    log.delivery({ source: '', outcome: 'refused', status: 404, bytes: 0, ms: 0, reason: 'there is nothing' })
    expect(lines().map((line) => line.slice(9))).toEqual([
      'shop      → 401 unauthorized in 1 ms',
      '          no signature header',
      '?         → 404 refused in 0 ms',
      '          there is nothing',
    ])
  })

  it('prints the exit code of a failed run once', () => {
    const { log, lines } = screen()
    log.run({ ...run, status: 'failed', exitCode: 3, reason: 'the container exited with 3' })
    log.run({ ...run, status: 'failed', exitCode: 137, reason: 'OutOfMemoryError' })
    log.run({ ...run, status: 'failed-to-start', reason: 'no such image' })
    expect(lines().map((line) => line.slice(19))).toEqual([
      '● failed, exit code 3',
      '● failed, exit code 137: OutOfMemoryError',
      '● failed-to-start: no such image',
    ])
  })

  it('prints a warning with its source, run and cause', () => {
    const { log, lines } = screen()
    log.warn('could not notify', { source: 'shop', run: id, error: new Error('first line\nsecond line') })
    expect(lines()).toEqual([`09:05:07 warning   could not notify (shop ${id}): first line`, `${indent}second line`])
  })

  it('prints the text of a message that a person would read', () => {
    const { message, lines } = screen()
    const at = { at: 0, method: 'POST' } as const
    const slack = new URL('https://hooks.slack.com/commands/T1/secret')
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: ':x: *analyze* failed' } }]
    message({ ...at, service: 'slack', url: slack, body: { text: 'plain', blocks } })
    message({ ...at, service: 'slack', url: slack, body: { text: '*plain*' } })
    const status = { state: 'success', context: 'taskhook/analyze', description: 'succeeded' }
    message({ ...at, service: 'github', url: new URL('https://api.github.com/x'), body: status })
    message({ ...at, service: 'other', url: new URL('https://example.com/x?token=secret'), body: 'text' })
    expect(lines().map((line) => line.slice(9))).toEqual([
      'slack     ← ❌ analyze failed',
      'slack     ← plain',
      'github    ← ✅ taskhook/analyze succeeded',
      'other     ← POST example.com/x',
    ])
  })

  it('widens the label column for long labels, and truncates longer ones', () => {
    const { output, log, lines } = screen({ labels: ['shop', 'nightly-report'] })
    log.run({ run: id, task: 'nightly-report', status: 'running' })
    output(id, 'x')
    output(undefined, 'y')
    log.run({ run: id, task: 'a-task-with-a-name-that-is-much-too-long', status: 'running' })
    expect(lines().map((line) => line.slice(9))).toEqual([
      'nightly-report ● running',
      'nightly-report │ x',
      'task           │ y',
      'a-task-with-a… ● running',
    ])
  })
})

it('tags the lines of runs of one task that overlap', () => {
  const { log, output, progress, lines } = screen()
  const [first, second, other] = ['a1b2c3', 'd4e5f6', '070809']
  log.run({ run: first, task: 'analyze', status: 'running' })
  output(first, 'alone')
  log.run({ run: other, task: 'clean', status: 'running' })
  log.run({ run: second, task: 'analyze', status: 'running' })
  output(first, 'first of two')
  output(second, 'second of two')
  output(other, 'from another task')
  progress(second, '{"percent":40}')
  log.run({ run: second, task: 'analyze', status: 'succeeded', exitCode: 0 })
  output(first, 'after the other ended')
  log.run({ run: first, task: 'analyze', status: 'succeeded', exitCode: 0 })
  log.run({ run: 'ffeedd', task: 'analyze', status: 'running' })
  expect(lines().map((line) => line.slice(9))).toEqual([
    'analyze   ● running',
    'analyze   │ alone',
    'clean     ● running',
    'analyze   d4e5 ● running',
    'analyze   a1b2 │ first of two',
    'analyze   d4e5 │ second of two',
    'clean     │ from another task',
    'analyze   d4e5 ↑ 40 %',
    'analyze   d4e5 ● succeeded, exit code 0',
    'analyze   a1b2 │ after the other ended',
    'analyze   a1b2 ● succeeded, exit code 0',
    'analyze   ● running',
  ])
})

describe('output of a task', () => {
  const order = ({ lines }: ReturnType<typeof screen>) => lines().map((line) => line.slice(9))

  it('is printed between running and the end, even if it arrives earlier', () => {
    const shown = screen()
    shown.log.delivery(accepted)
    shown.output(id, 'early')
    shown.log.run({ ...run, status: 'starting' })
    shown.output(id, 'earlier than running')
    shown.log.run({ ...run, status: 'running' })
    shown.output(id, 'late')
    shown.log.run({ ...run, status: 'succeeded', exitCode: 0 })
    expect(order(shown).slice(2)).toEqual([
      'analyze   ● starting',
      'analyze   ● running',
      'analyze   │ early',
      'analyze   │ earlier than running',
      'analyze   │ late',
      'analyze   ● succeeded, exit code 0',
    ])
  })

  it('is printed before the end if the run was never reported as running', () => {
    const shown = screen()
    shown.log.delivery(accepted)
    shown.output(id, 'the only line')
    shown.log.run({ ...run, status: 'failed', exitCode: 1 })
    shown.output(id, 'afterwards')
    expect(order(shown).slice(2)).toEqual([
      'analyze   │ the only line',
      'analyze   ● failed, exit code 1',
      'analyze   │ afterwards',
    ])
  })

  it('keeps its indentation, and has a bar on every line', () => {
    const { output, lines } = screen()
    output(undefined, `    deep ${'word '.repeat(20)}`)
    output(undefined, '')
    expect(lines()).toEqual([
      `09:05:07 task      │     deep word word word word word word word word word word`,
      `${indent}│ word word word word word word word word word word`,
      '09:05:07 task      │',
    ])
  })
})

describe('columns', () => {
  const words = 'several words of it, and now and then averyveryverylongone'
  it.each([
    ['words', words.repeat(9)],
    ['one very long word', 'x'.repeat(500)],
    ['a long word after a short one', `see ${'https://example.com/'.repeat(9)}`],
    ['emoji', '✅'.repeat(100)],
    ['Chinese', '数据分析'.repeat(40)],
    ['combining accents', 'e\u0301'.repeat(200)],
    ['tabs', 'a\tb\t'.repeat(40)],
    ['control characters', '\u0000\u0007'.repeat(200)],
    ['spaces', ' '.repeat(300)],
  ])('wraps %s without losing any', (_, text) => {
    for (const columns of [80, 40]) {
      const { log, output, message, lines } = screen({ columns })
      output(undefined, text)
      log.run({ ...run, status: 'failed', reason: text })
      log.warn(text)
      log.delivery({ ...accepted, event: text, actor: text })
      message({ at: 0, method: 'POST', service: 'slack', url: new URL('https://x'), body: { text } })
      expect(lines().filter((line) => widthOf(line) > columns)).toEqual([])
      const squeezed = (all: string) => all.replace(/\s|│/g, '')
      expect(squeezed(lines().join(''))).toContain(squeezed(printable(text)))
    }
  })

  it('prints at least 20 columns of text in a terminal of 5 columns', () => {
    const { output, lines } = screen({ columns: 5 })
    output(undefined, 'word '.repeat(10))
    expect(lines().length).toBeLessThan(10)
  })
})

it('prints a line of 200,000 unterminated escapes in less than a second', () => {
  const { output, text } = screen()
  const began = performance.now()
  output(id, '\u001b]'.repeat(200_000))
  expect(performance.now() - began).toBeLessThan(1000)
  expect(text().trimEnd().endsWith('…')).toBe(true)
})

describe('text from other people', () => {
  it.each(hostileTexts)('does not print %s', (_, text) => {
    const { log, output, message, text: screenText } = screen()
    output(undefined, text)
    output(id, text)
    log.delivery({ ...accepted, source: text, event: text, actor: text, reason: text, runs: [text] })
    log.delivery({ ...accepted, outcome: 'refused', status: 422, reason: text })
    log.run({ run: text, task: text, status: 'failed', reason: text })
    log.warn(text, { source: text, run: text, error: new Error(text) })
    const at = { at: 0, method: 'POST', url: new URL('https://x') } as const
    message({ ...at, service: 'slack', body: { text } })
    message({ ...at, service: 'slack', body: { blocks: [{ text: { text } }] } })
    message({ ...at, service: 'github', body: { state: text, context: text, description: text } })
    expect(screenText().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u)
    expect(stripVTControlCharacters(screenText())).toBe(screenText())
  })
})

describe('color', () => {
  it('adds only escape sequences', () => {
    const [plain, colored] = [screen(), screen({ color: true })]
    for (const { log, output } of [plain, colored]) {
      log.delivery(accepted)
      log.run({ ...run, status: 'running' })
      output(id, 'text '.repeat(30))
      log.run({ ...run, status: 'succeeded', exitCode: 0 })
      log.error('problem')
    }
    expect(plain.text()).not.toContain('\u001b')
    expect(colored.text()).toContain('\u001b')
    expect(stripVTControlCharacters(colored.text())).toBe(plain.text())
  })
})
