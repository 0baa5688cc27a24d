import { describe, expect, it } from 'vitest'
import {
  compileCondition,
  compileParamTemplate,
  compileTemplate,
  type Scope,
  treesOf,
} from '../../../src/core/routing/expression.ts'

const payload = {
  ref: 'refs/heads/main',
  number: 7,
  ratio: 2.5,
  forced: false,
  nothing: null,
  commits: [] as unknown[],
  labels: ['a', 'b'],
  repository: { name: 'site', owner: { login: 'ann' } },
}
const scope: Scope = { event: payload, body: payload, source: 'github', actor: 'ann' }
const value = (template: string) => compileTemplate(template)(scope)

describe('compileTemplate', () => {
  it.each<[template: string, value: unknown]>([
    ['', ''],
    ['plain', 'plain'],
    ['$x {y} $ {z}', '$x {y} $ {z}'],
    ['${event.repository.name}', 'site'],
    ['${body.repository.name}', 'site'],
    ['${source}/${actor}', 'github/ann'],
    ['${event.repository.name}-${event.number}!', 'site-7!'],
    ['${event.number}', 7],
    ['${event.number + 1}', 8],
    ['${event.number - 1}', 6],
    ['${event.number * 2}', 14],
    ['${1 + event.number}', 8],
    ['${10 - event.number}', 3],
    ['${2 * event.ratio}', 5],
    ['${event.ratio}', 2.5],
    ['${[1, "a"]}', [1n, 'a']],
    ['${event.forced}', false],
    ['${event.forced}?', 'false?'],
    ['${size(event.labels)}', 2n],
    ['${size(event.labels)} labels', '2 labels'],
    ['${event.labels}', ['a', 'b']],
    ['labels: ${event.labels}', 'labels: ["a","b"]'],
    ['${event.repository.owner} owns', '{"login":"ann"} owns'],
    ['l=${[1, 2]}', 'l=[1,2]'],
    ['${ {"a": "}"}.a }', '}'],
    ["${ {'a': '{'}.a }", '{'],
    ['${"a\\"}b"}', 'a"}b'],
    ['${event.ref.startsWith("refs/heads/") ? "branch" : "tag"}', 'branch'],
    ['at ${timestamp("2026-01-02T03:04:05Z")}', 'at 2026-01-02T03:04:05.000Z'],
    ['${event.?number}', 7],
    ['${event.?absent.orValue("d")}', 'd'],
  ])('evaluates %j to %s', (template, expected) => {
    expect(value(template)).toEqual(expected)
  })

  it.each([
    '${event.absent}',
    '${event.absent.deeper}',
    '${event.nothing}',
    '${event.nothing.deeper}',
    '${event.number.deeper}',
    '${event.?absent}',
    '${event.commits[0]}',
    '${event.commits[0].id}',
    '${event["absent"]}',
    'before ${event.absent} after',
    '${event.number}${event.absent}',
    '${event.__proto__}',
    '${event.constructor}',
    '${event.ref.constructor}',
    '${event.toString}',
  ])('evaluates %s to undefined: not given', (template) => {
    expect(value(template)).toBeUndefined()
  })

  it.each([
    ['${event.number', '"${" is never closed'],
    ['${event.number + "}', '"${" is never closed'],
    ['${}', 'Unexpected token: EOF'],
    ['${event..x}', /./],
    ['${nope}', 'Unknown variable: nope'],
    ['${process.env}', 'Unknown variable: process'],
    ['${1 + "a"}', /no such overload/],
    [`\${${'('.repeat(60)}1${')'.repeat(60)}}`, /depth|nodes|Exceeded/i],
    [`\${${Array.from({ length: 1500 }, () => '1').join('+')}}`, /./],
  ])('%.40j does not compile', (template, message) => {
    expect(() => compileTemplate(template)).toThrow(message)
  })

  it.each([
    ['${1 / 0}', 'division by zero'],
    ['${event.ref - 1}', /no such overload/],
    ['${int(event.ref)}', /./],
  ])('%s fails, with a message of one line', (template, message) => {
    const template_ = compileTemplate(template)
    expect(() => template_(scope)).toThrow(message)
    expect(() => template_(scope)).not.toThrow(/\n/)
    expect(() => template_(scope)).toThrow(expect.objectContaining({ cause: expect.any(Error) }))
  })

  it('is pure: the same scope gives the same value, and the scope stays as it was', () => {
    const before = structuredClone(scope)
    const template = compileTemplate('${event.repository} ${size(event.labels)}')
    expect(template(scope)).toBe(template(scope))
    expect(scope).toEqual(before)
  })
})

describe('compileCondition', () => {
  it.each([
    ['event.number == 7', true],
    ['event.number > 7', false],
    ['${ event.number == 7 }', true],
    ['  ${event.forced == false}  ', true],
    ['event.ref.matches("^refs/heads/")', true],
    ['"a" in event.labels', true],
    ['event.labels.exists(l, l == "z")', false],
    ['has(event.absent)', false],
    ['event.nothing == null', true],
    ['source == "github" && actor != "bot"', true],
    ['event.forced', false],
    ['{"k": "${"} != {"k": "y"}', true],
  ])('%s is %s', (text, expected) => {
    expect(compileCondition(text)(scope)).toBe(expected)
  })

  it.each([
    ['"x"', 'must be true or false, but is of type string'],
    ['1', 'must be true or false, but is of type int'],
    ['size(event.labels)', 'must be true or false, but is of type int'],
    ['event.number ==', 'Unexpected token: EOF'],
    ['', 'Unexpected token: EOF'],
    ['undeclared', 'Unknown variable: undeclared'],
    ['${event.forced} == false', /./],
  ])('%j does not compile', (text, message) => {
    expect(() => compileCondition(text)).toThrow(message)
  })

  it('throws if the payload lacks what the condition reads, so that the verdict can say so', () => {
    expect(() => compileCondition('event.absent == 1')(scope)).toThrow('No such key: absent')
  })
})

describe('compileParamTemplate', () => {
  it('reads the parameters of the task, and nothing of the delivery', () => {
    expect(compileParamTemplate('${params.dataset}-${params.depth}')({ dataset: 'sales', depth: 3 })).toBe('sales-3')
    expect(() => compileParamTemplate('${event.x}')).toThrow('Unknown variable: event')
  })
})

describe('treesOf', () => {
  it('has one tree for a condition, with or without braces', () => {
    expect(treesOf('condition', 'event.x == 1')).toMatchObject([{ op: '==' }])
    expect(treesOf('condition', ' ${event.x == 1} ')).toMatchObject([{ op: '==' }])
  })

  it('has one tree for each expression of a template, and none for its text', () => {
    expect(treesOf('template', 'a${event.x}b${event.x + 1}')).toMatchObject([{ op: '.' }, { op: '+' }])
    expect(treesOf('template', 'event.x == 1')).toEqual([])
  })
})
