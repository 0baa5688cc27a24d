import { describe, expect, it } from 'vitest'
import { changed, compile, lines } from './lines.ts'

describe('names that every object has are rejected', () => {
  it.each([
    ['a key of the config', `${lines.join('\n')}\n__proto__: { polluted: true }`, '__proto__', 17],
    [
      'a key of a task',
      changed({ 7: '    cluster: a\n    __proto__: { polluted: true }' }),
      'tasks.analyze.__proto__',
      8,
    ],
    ['a key of a task', changed({ 7: '    cluster: a\n    toString: x' }), 'tasks.analyze.toString', 8],
    ['a parameter', changed({ 12: '      __proto__: { type: string }' }), 'tasks.analyze.params.__proto__', 12],
    ['a parameter', changed({ 12: '      constructor: { type: string }' }), 'tasks.analyze.params.constructor', 12],
    [
      'a task',
      changed({ 6: '  prototype: { cluster: c, taskDefinition: d, subnets: [s] }\n  analyze:' }),
      'tasks.prototype',
      6,
    ],
    [
      'a source',
      changed({ 4: `${lines[3]}\n  constructor: { adapter: github, secret: "env:G" }` }),
      'sources.constructor',
      5,
    ],
    ['a tag', changed({ 9: '    subnets: [a]\n    tags: { constructor: x }' }), 'tasks.analyze.tags.constructor', 10],
    [
      'a value',
      changed({ 14: '  - { on: github, run: analyze, with: { __proto__: x } }' }),
      'routes[0].with.__proto__',
      14,
    ],
  ])('%s', (_, yaml, path, line) => {
    expect(compile(yaml)).toThrow(expect.objectContaining({ problems: [{ path, line, message: expect.any(String) }] }))
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('a parameter may be called toString', () => {
    const config = compile(changed({ 12: '      toString: { type: string }' }))()
    expect(config.tasks.analyze?.params.toString).toEqual({ type: 'string', env: 'TOSTRING' })
  })
})
