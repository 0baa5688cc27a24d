import { describe, expect, it } from 'vitest'
import { BadRequest, Unprocessable } from '../../../src/core/errors.ts'
import type { Report } from '../../../src/core/model/progress.ts'
import { parseReport } from '../../../src/core/receive/parse-report.ts'

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

  const percent = 'percent must be a number from 0 to 100'
  const message = 'message must be text of at most 500 characters'
  const outputs = 'outputs must be an object of texts: {"rows": "1200"}'
  const links = 'links must be a list of at most 10: [{"label": "Report", "url": "https://…"}]'
  const label = 'links[0].label must be text of 1 to 80 characters'
  const url = 'links[0].url must be an address that begins with https://'
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
    [{ outputs: named(21) }, ['outputs can have at most 20']],
    [{ outputs: { rows: 1200 } }, ['outputs.rows must be text of at most 500 characters']],
    [{ outputs: { rows: 'x'.repeat(501) } }, ['outputs.rows must be text of at most 500 characters']],
    [{ outputs: { '': 'x' } }, ['outputs. must have a name of 1 to 64 letters, digits and . _ -']],
    [{ outputs: { 'a b': 'x' } }, ['outputs.a b must have a name of 1 to 64 letters, digits and . _ -']],
    [{ outputs: { é: 'x' } }, ['outputs.é must have a name of 1 to 64 letters, digits and . _ -']],
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
    [{ percentage: 4 }, ['percentage is not a field of a report; the fields are percent, message, outputs, links']],
    [{ status: 'succeeded' }, ['status is not a field of a report; the fields are percent, message, outputs, links']],
  ])('reports what is wrong with %j', (report, wrong) => {
    expect(problemsOf(report)).toEqual(wrong)
  })

  it('reports every problem at once', () => {
    expect(
      problemsOf({ percent: 200, message: 7, outputs: { 'a b': 7 }, links: [{ label: '', url: 'x' }], more: 1 }),
    ).toEqual([
      'more is not a field of a report; the fields are percent, message, outputs, links',
      percent,
      message,
      'outputs.a b must have a name of 1 to 64 letters, digits and . _ -',
      'outputs.a b must be text of at most 500 characters',
      label,
      url,
    ])
  })

  it('rejects an empty report', () => {
    expect(() => parse({})).toThrow('the report is empty')
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
