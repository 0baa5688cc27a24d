import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/core/model/plan.ts'
import { type Link, mergeReport, type Progress, type Report } from '../../../src/core/model/progress.ts'

const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`name-${at}`, 'x']))
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

  it('prefers the report that arrives later, of two made at the same time', () => {
    expect(all([1, { percent: 10 }], [1, { percent: 20 }])).toEqual({ at: 1, percent: 20 })
  })

  it('has nothing that no report has set', () => {
    expect(all([1, {}])).toStrictEqual({ at: 1 })
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
