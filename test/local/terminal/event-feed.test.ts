import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { DeliveryEntry } from '../../../src/core/telemetry/log-entries.ts'
import {
  createTerminal,
  printable,
  type TerminalOptions,
  widthOf,
  wrap,
} from '../../../src/local/terminal/event-feed.ts'

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

describe('lines', () => {
  it('a delivery: answer, time, event, who, and its run', () => {
    const { log, text } = screen()
    log.delivery({ ...accepted, event: 'push', actor: 'ann' })
    expect(text()).toBe(`09:05:07 shop      → 202 accepted in 12 ms  push by ann\n09:05:07           run ${id}\n`)
  })

  it('a delivery that came to nothing: why', () => {
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

  it('a run that failed says its exit code once', () => {
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

  it('trouble: what, where, and its cause', () => {
    const { log, lines } = screen()
    log.warn('could not tell', { source: 'shop', run: id, error: new Error('first line\nsecond line') })
    expect(lines()).toEqual([`09:05:07 warning   could not tell (shop ${id}): first line`, `${indent}second line`])
  })

  it('messages: the words that a person would read', () => {
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

  it('a label that is longer than its column makes the column wider, within reason', () => {
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

it('two runs of one task at the same time say which is which', () => {
  const { log, output, report, lines } = screen()
  const [first, second, other] = ['a1b2c3', 'd4e5f6', '070809']
  log.run({ run: first, task: 'analyze', status: 'running' })
  output(first, 'alone')
  log.run({ run: other, task: 'clean', status: 'running' })
  log.run({ run: second, task: 'analyze', status: 'running' })
  output(first, 'one of two')
  output(second, 'the other')
  output(other, 'of another task')
  report(second, '{"percent":40}')
  log.run({ run: second, task: 'analyze', status: 'succeeded', exitCode: 0 })
  output(first, 'still the same')
  log.run({ run: first, task: 'analyze', status: 'succeeded', exitCode: 0 })
  log.run({ run: 'ffeedd', task: 'analyze', status: 'running' })
  expect(lines().map((line) => line.slice(9))).toEqual([
    'analyze   ● running',
    'analyze   │ alone',
    'clean     ● running',
    'analyze   d4e5 ● running',
    'analyze   a1b2 │ one of two',
    'analyze   d4e5 │ the other',
    'clean     │ of another task',
    'analyze   d4e5 ↑ 40 %',
    'analyze   d4e5 ● succeeded, exit code 0',
    'analyze   a1b2 │ still the same',
    'analyze   a1b2 ● succeeded, exit code 0',
    'analyze   ● running',
  ])
})

describe('what a task prints', () => {
  const order = ({ lines }: ReturnType<typeof screen>) => lines().map((line) => line.slice(9))

  it('stands between the news that it runs and that it ended, though it comes first', () => {
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

  it('is shown even where the news that it runs never came', () => {
    const shown = screen()
    shown.log.delivery(accepted)
    shown.output(id, 'all that it said')
    shown.log.run({ ...run, status: 'failed', exitCode: 1 })
    shown.output(id, 'afterwards')
    expect(order(shown).slice(2)).toEqual([
      'analyze   │ all that it said',
      'analyze   ● failed, exit code 1',
      'analyze   │ afterwards',
    ])
  })

  it('keeps its indentation, and its bar on every line', () => {
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

describe('width', () => {
  const words = 'every word of it, and now and then averyveryverylongone'
  it.each([
    ['words', words.repeat(9)],
    ['one word without an end', 'x'.repeat(500)],
    ['a long word after a short one', `see ${'https://example.com/'.repeat(9)}`],
    ['emoji', '✅'.repeat(100)],
    ['Chinese', '数据分析'.repeat(40)],
    ['accents on letters', 'e\u0301'.repeat(200)],
    ['tabs', 'a\tb\t'.repeat(40)],
    ['control characters', '\u0000\u0007'.repeat(200)],
    ['only spaces', ' '.repeat(300)],
  ])('%s: no line is wider than the terminal, and no word is lost', (_, text) => {
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

  it('a terminal that is hardly one still gets its lines', () => {
    const { output, lines } = screen({ columns: 5 })
    output(undefined, 'word '.repeat(10))
    expect(lines().length).toBeLessThan(10)
  })

  it.each<[string, number, string[]]>([
    ['', 10, ['']],
    ['fits', 4, ['fits']],
    ['ab cd', 4, ['ab', 'cd']],
    ['ab cd', 2, ['ab', 'cd']],
    ['abcdef gh', 4, ['abcd', 'ef', 'gh']],
    ['  ab cd', 5, ['  ab', 'cd']],
    ['   abcdef', 5, ['   ab', 'cdef']],
    ['a  b', 10, ['a  b']],
    ['a    bc', 3, ['a', 'bc']],
    ['ab   ', 3, ['ab']],
    ['✅✅✅', 4, ['✅✅', '✅']],
  ])('wrap(%j, %i)', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines)
  })

  it.each<[string, number]>([
    ['abc', 3],
    ['✅', 2],
    ['⚠️', 2],
    ['数', 2],
    ['한글', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['●│→', 3],
  ])('widthOf(%j) is %i', (text, columns) => {
    expect(widthOf(text)).toBe(columns)
  })

  it('a line of a megabyte takes no time', () => {
    const began = performance.now()
    expect(wrap('x'.repeat(1_000_000), 60).length).toBe(Math.ceil(1_000_000 / 60))
    expect(performance.now() - began).toBeLessThan(2000)
  })
})

it('a line of escapes that never end takes no time either', () => {
  const { output, text } = screen()
  const began = performance.now()
  output(id, '\u001b]'.repeat(200_000))
  expect(performance.now() - began).toBeLessThan(1000)
  expect(text().trimEnd().endsWith('…')).toBe(true)
})

describe('what others wrote', () => {
  const hostile = [
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a title', '\u001b]0;title\u0007text', 'text'],
    ['a link', '\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['a cleared screen', '\u001b[2J\u001b[H', ''],
    ['a bare escape', 'a\u001b', 'a␛'],
    ['the 8-bit form of an escape', 'a\u009b2Jb', 'ab'],
    ['a bell, a backspace, a null', '\u0007\u0008\u0000', '␇␈␀'],
    ['a carriage return that would hide what was before', '10 %\r20 %', '10 %␍20 %'],
    ['a vertical tab and a form feed', '\u000b\u000c', '␋␌'],
    ['delete and other 8-bit controls', '\u007f\u0085\u0090', '���'],
    ['writing that runs the other way', 'a\u202eb\u2066c', 'a�b�c'],
    ['separators of lines', 'a\u2028b\u2029c', 'a�b�c'],
    ['a tab', 'a\tb', 'a       b'],
  ] as const

  it.each(hostile)('printable: %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it.each(hostile)('nowhere on the screen: %s', (_, text) => {
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

describe('colour', () => {
  it('off: not one escape; on: the text is the same', () => {
    const [plain, coloured] = [screen(), screen({ color: true })]
    for (const { log, output } of [plain, coloured]) {
      log.delivery(accepted)
      log.run({ ...run, status: 'running' })
      output(id, 'text '.repeat(30))
      log.run({ ...run, status: 'succeeded', exitCode: 0 })
      log.error('trouble')
    }
    expect(plain.text()).not.toContain('\u001b')
    expect(coloured.text()).toContain('\u001b')
    expect(stripVTControlCharacters(coloured.text())).toBe(plain.text())
  })
})
