import { describe, expect, it } from 'vitest'
import { splitTemplate, type TemplatePart } from '../../../src/core/routing/split-template.ts'

const x: TemplatePart = { expression: 'x' }

describe('splitTemplate', () => {
  it.each<[string, TemplatePart[]]>([
    ['', ['']],
    ['plain', ['plain']],
    ['${x}', [x]],
    ['a${x}', ['a', x]],
    ['${x}b', [x, 'b']],
    ['a${x}b${y}c', ['a', x, 'b', { expression: 'y' }, 'c']],
    ['${x}${y}', [x, { expression: 'y' }]],
    ['${}', [{ expression: '' }]],
    ['$x {y} $ {z} }', ['$x {y} $ {z} }']],
    ['${ {"a": {"b": 1}}.a }!', [{ expression: ' {"a": {"b": 1}}.a ' }, '!']],
    ['${"}"}!', [{ expression: '"}"' }, '!']],
    ["${'}'}!", [{ expression: "'}'" }, '!']],
    ['${"{"}!', [{ expression: '"{"' }, '!']],
    ['${"\'}"}!', [{ expression: '"\'}"' }, '!']],
    ['${"\\"}"}!', [{ expression: '"\\"}"' }, '!']],
    ['${"\\\\"}!', [{ expression: '"\\\\"' }, '!']],
    ['${a\\"}"}!', [{ expression: 'a\\"}"' }, '!']],
  ])('splits %j', (text, parts) => {
    expect(splitTemplate(text)).toEqual(parts)
  })

  it.each(['${', 'a${x', '${x}${', '${{}', '${"}', "${'}", '${"\\"}'])('rejects %j, which is never closed', (text) => {
    expect(() => splitTemplate(text)).toThrow('"${" is never closed')
  })
})
