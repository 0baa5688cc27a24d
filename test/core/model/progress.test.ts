import { describe, expect, it } from 'vitest'
import { BadRequest, Unprocessable } from '../../../src/core/errors.ts'
import type { Plan } from '../../../src/core/model/plan.ts'
import { type Link, mergeReport, type Progress, type Report } from '../../../src/core/model/progress.ts'
import { parseReport } from '../../../src/core/receive/progress-report.ts'

const parse = (value: unknown) => parseReport(JSON.stringify(value))
const problemsOf = (value: unknown) => {
  try {
    parse(value)
  } catch (error) {
    if (error instanceof Unprocessable) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}
const link = (label: unknown, url: unknown = 'https://example.com/') => ({ links: [{ label, url }] })
const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`name-${at}`, 'x']))

describe('parseReport', () => {
  it.each<[string, Report]>([
    ['a percentage', { percent: 40 }],
    ['0 percent', { percent: 0 }],
    ['100 percent', { percent: 100 }],
    ['a fraction', { percent: 99.5 }],
    ['a message', { message: 'reading the archive' }],
    ['an empty message', { message: '' }],
    ['a message of 500 characters', { message: '✓'.repeat(500) }],
    ['20 outputs', { outputs: named(20) }],
    ['outputs with unusual names', { outputs: { 'a.b-c_D9': '', constructor: 'x', toString: 'y' } }],
    ['no outputs', { outputs: {} }],
    ['a link', { links: [{ label: 'Report', url: 'https://example.com/a?b=c#d' }] }],
    ['10 links', { links: Array.from({ length: 10 }, (_, at) => ({ label: `${at}`, url: 'https://a.b/' })) }],
    ['no links', { links: [] }],
  ])('accepts %s', (_name, report) => {
    expect(parse(report)).toEqual(report)
  })

  it.each([
    ['empty text', ''],
    ['text that is not JSON', 'percent=40'],
    ['incomplete JSON', '{"percent":'],
    ['a JSON string', '"percent"'],
    ['a number', '40'],
    ['null', 'null'],
    ['a list', '[{"percent":40}]'],
    ['a byte order mark', '\ufeff{"percent":40}'],
  ])('throws a BadRequest for %s', (_name, text) => {
    expect(() => parseReport(text)).toThrow(BadRequest)
  })

  const percent = 'percent is a number from 0 to 100'
  const message = 'message is text of 500 characters at most'
  const outputs = 'outputs is an object of texts: {"rows": "1200"}'
  const links = 'links is a list of 10 at most: [{"label": "Report", "url": "https://…"}]'
  const label = 'links[0].label is text of 80 characters at most'
  const url = 'links[0].url is an address that begins with https://'
  it.each<[unknown, string[]]>([
    [{ percent: -1 }, [percent]],
    [{ percent: 101 }, [percent]],
    [{ percent: '40' }, [percent]],
    [{ percent: null }, [percent]],
    [{ percent: [40] }, [percent]],
    [{ message: 'x'.repeat(501) }, [message]],
    [{ message: 7 }, [message]],
    [{ message: null }, [message]],
    [{ message: 'half a pair: \ud800' }, [message]],
    [{ outputs: null }, [outputs]],
    [{ outputs: 'rows' }, [outputs]],
    [{ outputs: ['rows'] }, [outputs]],
    [{ outputs: named(21) }, ['outputs takes 20 at most']],
    [{ outputs: { rows: 1200 } }, ['outputs.rows is text of 500 characters at most']],
    [{ outputs: { rows: 'x'.repeat(501) } }, ['outputs.rows is text of 500 characters at most']],
    [{ outputs: { '': 'x' } }, ['outputs. is not a name: letters, digits and . _ -']],
    [{ outputs: { 'a b': 'x' } }, ['outputs.a b is not a name: letters, digits and . _ -']],
    [{ outputs: { é: 'x' } }, ['outputs.é is not a name: letters, digits and . _ -']],
    [{ links: {} }, [links]],
    [{ links: null }, [links]],
    [{ links: Array(11).fill({ label: 'a', url: 'https://a.b/' }) }, [links]],
    [{ links: [null] }, [label, url]],
    [{ links: ['https://a.b/'] }, [label, url]],
    [link(''), [label]],
    [link('x'.repeat(81)), [label]],
    [link(7), [label]],
    [link('a', 'http://example.com/'), [url]],
    [link('a', 'javascript:alert(1)'), [url]],
    [link('a', 'data:text/html,x'), [url]],
    [link('a', '//example.com/'), [url]],
    [link('a', 'https://ann:pw@example.com/'), [url]],
    [link('a', 'https://ann@example.com/'), [url]],
    [link('a', `https://example.com/${'x'.repeat(1000)}`), [url]],
    [link('a', 'https://example.com/\n<!channel>'), [url]],
    [link('a', ' https://example.com/'), [url]],
    [link('a', 'https://example.com/a b'), [url]],
    [link('a', 'https://exa\tmple.com/'), [url]],
    [link('a', 7), [url]],
    [{ percentage: 4 }, ['percentage is nothing that a report has: percent, message, outputs, links']],
    [{ status: 'succeeded' }, ['status is nothing that a report has: percent, message, outputs, links']],
  ])('reports what is wrong with %j', (report, wrong) => {
    expect(problemsOf(report)).toEqual(wrong)
  })

  it('reports every problem at once', () => {
    expect(
      problemsOf({ percent: 200, message: 7, outputs: { 'a b': 7 }, links: [{ label: '', url: 'x' }], more: 1 }),
    ).toEqual([
      'more is nothing that a report has: percent, message, outputs, links',
      percent,
      message,
      'outputs.a b is not a name: letters, digits and . _ -',
      'outputs.a b is text of 500 characters at most',
      label,
      url,
    ])
  })

  it('rejects an empty report', () => {
    expect(() => parse({})).toThrow('the report says nothing')
  })

  it('rejects __proto__ as a key', () => {
    expect(() => parseReport('{"__proto__":{"percent":40}}')).toThrow(Unprocessable)
    expect(() => parseReport('{"outputs":{"__proto__":"x"}}')).toThrow(Unprocessable)
    expect(() => parseReport('{"links":[{"__proto__":{"label":"a","url":"https://a.b/"}}]}')).toThrow(Unprocessable)
  })

  it('shortens long names in its answer', () => {
    expect(problemsOf({ ['x'.repeat(5000)]: 1, outputs: { ['y'.repeat(3000)]: 'z' } }).join().length).toBeLessThan(400)
  })
})

const planOf = (params: Plan['params'] = {}, ...hidden: string[]): Plan => ({ params, hidden }) as unknown as Plan
const open = planOf()
/** All reports merged in the order in which they arrive, each with its time. */
const all = (...reports: readonly (readonly [number, Report])[]): Progress | undefined =>
  reports.reduce<Progress | undefined>((known, [at, report]) => mergeReport(known, report, at, open), undefined)
const links = (...labels: string[]): Link[] => labels.map((label) => ({ label, url: `https://a.b/${label}` }))

describe('mergeReport', () => {
  it('replaces percentage and message, and collects outputs and links by name', () => {
    expect(
      all(
        [1, { percent: 10, message: 'one', outputs: { a: '1', b: '1' }, links: links('x', 'y') }],
        [2, { percent: 20, outputs: { b: '2', c: '2' }, links: [{ label: 'y', url: 'https://a.b/new' }] }],
        [3, { message: 'three' }],
      ),
    ).toEqual({
      at: 3,
      percent: 20,
      message: 'three',
      outputs: { a: '1', b: '2', c: '2' },
      links: [...links('x'), { label: 'y', url: 'https://a.b/new' }],
    })
  })

  it('gives the same result for reports that arrive out of order', () => {
    const first = [1, { percent: 10, message: 'one', outputs: { a: '1', b: '1' }, links: links('x') }] as const
    const newer = [{ label: 'x', url: 'https://a.b/2' }]
    const second = [2, { percent: 20, message: 'two', outputs: { b: '2' }, links: newer }] as const
    const inOrder = { at: 2, percent: 20, message: 'two', outputs: { a: '1', b: '2' }, links: newer }
    expect(all(first, second)).toEqual(inOrder)
    expect(all(second, first)).toEqual(inOrder)
  })

  it('adds from an older report only what no newer one has set', () => {
    expect(all([2, { percent: 20 }], [1, { percent: 10, message: 'one' }])).toEqual({
      at: 2,
      percent: 20,
      message: 'one',
    })
  })

  it('accepts a lower percentage and an empty message', () => {
    expect(all([1, { percent: 90, message: 'almost' }], [2, { percent: 0, message: '' }])).toEqual({
      at: 2,
      percent: 0,
      message: '',
    })
  })

  it('gives the same result for a repeated report', () => {
    const report: [number, Report] = [1, { percent: 10, outputs: { a: '1' }, links: links('x') }]
    expect(all(report, report)).toEqual(all(report))
  })

  it('keeps at most 20 outputs and 10 links', () => {
    const labels = (from: number) => links(...Array.from({ length: 10 }, (_, at) => `${from + at}`))
    const known = all(
      [1, { outputs: named(20), links: labels(0) }],
      [2, { outputs: { 'name-0': 'new', more: 'x' }, links: labels(5) }],
    )
    expect(Object.keys(known?.outputs ?? {})).toHaveLength(20)
    expect(known?.outputs).toMatchObject({ 'name-0': 'new' })
    expect(known?.links).toHaveLength(10)
  })

  it('rounds the percentage', () => {
    expect(all([1, { percent: 12.6 }])).toEqual({ at: 1, percent: 13 })
  })
})

describe('secret parameters in a report', () => {
  const plan = planOf(
    { token: 's3cret-t0ken', pin: 123456, short: 'abc', seen: 'visible', odd: 'pa ss/w?rd' },
    ...['token', 'pin', 'short', 'odd'],
  )
  const say = (report: Report) => mergeReport(undefined, report, 1, plan)

  it('are replaced in every text', () => {
    expect(
      say({
        percent: 12,
        message: 's3cret-t0ken and s3cret-t0ken, 123456, visible, pa ss/w?rd',
        outputs: { rows: 'x s3cret-t0ken', 's3cret-t0ken': '123456' },
        links: [{ label: 'of s3cret-t0ken', url: 'https://a.b/s3cret-t0ken?pin=123456' }],
      }),
    ).toEqual({
      at: 1,
      percent: 12,
      message: '(hidden) and (hidden), (hidden), visible, (hidden)',
      outputs: { rows: 'x (hidden)', '(hidden)': '(hidden)' },
      links: [{ label: 'of (hidden)', url: 'https://a.b/(hidden)?pin=(hidden)' }],
    })
  })
  it('are replaced in a URL in encoded form', () => {
    const { links: [found] = [] } = say({
      links: [{ label: 'a', url: `https://a.b/?p=${encodeURIComponent('pa ss/w?rd')}` }],
    })
    expect(found?.url).toBe('https://a.b/?p=(hidden)')
  })
  it('of fewer than four characters stay', () => {
    expect(say({ message: 'abc, abcdef' })).toMatchObject({ message: 'abc, abcdef' })
  })
  it('that contain one another are replaced as a whole', () => {
    const nested = planOf({ a: 'word', b: 'word-and-more' }, 'a', 'b')
    expect(mergeReport(undefined, { message: 'word-and-more' }, 1, nested)).toMatchObject({ message: '(hidden)' })
  })
  it('are replaced in a late report', () => {
    expect(mergeReport({ at: 5, percent: 3 }, { message: 's3cret-t0ken' }, 1, plan)).toEqual({
      at: 5,
      percent: 3,
      message: '(hidden)',
    })
  })
})
