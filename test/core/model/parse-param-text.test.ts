import { describe, expect, it } from 'vitest'
import { parseParamText } from '../../../src/core/model/parse-param-text.ts'

const read = (text: string) => {
  const { named, bare, problems } = parseParamText(text)
  return { named: { ...named }, bare, problems }
}

describe('parseParamText', () => {
  it.each<[text: string, named: Record<string, string>, bare: string[]]>([
    ['', {}, []],
    [' \t\n ', {}, []],
    ['sales', {}, ['sales']],
    ['sales depth=3', { depth: '3' }, ['sales']],
    ['depth=3 sales', { depth: '3' }, ['sales']],
    ['--depth=3', { depth: '3' }, []],
    ['dry-run=yes', { 'dry-run': 'yes' }, []],
    ['a=1   b=2\tc=3', { a: '1', b: '2', c: '3' }, []],
    ['note="two words"', { note: 'two words' }, []],
    ["note='two words'", { note: 'two words' }, []],
    ['note=“two words”', { note: 'two words' }, []],
    ['note=„two words“', { note: 'two words' }, []],
    ['note=”two words”', { note: 'two words' }, []],
    ['note=‘two words’', { note: 'two words' }, []],
    ['note=’two words’', { note: 'two words' }, []],
    ['"two words" three', {}, ['two words', 'three']],
    ['note="a \\"quoted\\" word"', { note: 'a "quoted" word' }, []],
    ["note='it\\'s'", { note: "it's" }, []],
    ['note="back\\\\slash"', { note: 'back\\slash' }, []],
    ['path="C:\\temp"', { path: 'C:\\temp' }, []],
    ["it's fine", {}, ["it's", 'fine']],
    ['note=a"b', { note: 'a"b' }, []],
    ['note=', { note: '' }, []],
    ['note=""', { note: '' }, []],
    ['a= b=2', { a: '', b: '2' }, []],
    ['expr=a=b', { expr: 'a=b' }, []],
    ['https://x.org/?a=b', {}, ['https://x.org/?a=b']],
    ['url=https://x.org/?a=b&c=d', { url: 'https://x.org/?a=b&c=d' }, []],
    ['=3', {}, ['=3']],
    ['9lives=3', {}, ['9lives=3']],
    ['---depth=3', {}, ['---depth=3']],
    ['-5', {}, ['-5']],
    ['Über=1', {}, ['Über=1']],
    ['note="déploiement ✅"', { note: 'déploiement ✅' }, []],
    ['a="x"y', { a: 'x' }, ['y']],
  ])('%j', (text, named, bare) => {
    expect(read(text)).toEqual({ named, bare, problems: [] })
  })

  it.each<[text: string, named: Record<string, string>, bare: string[]]>([
    ['note="two words', { note: 'two words' }, []],
    ["note='", { note: '' }, []],
    ['“open', {}, ['open']],
    ['note="ends in a backslash\\', { note: 'ends in a backslash\\' }, []],
  ])('%j is never closed, so the value ends with the text', (text, named, bare) => {
    expect(read(text)).toEqual({
      named,
      bare,
      problems: [{ path: '', message: expect.stringMatching(/^the quote .+ is never closed$/) }],
    })
  })

  it('reports a name that is given twice', () => {
    expect(read('depth=1 depth=2').problems).toEqual([{ path: 'depth', message: 'is given twice' }])
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('treats %s as a name like any other', (name) => {
    const { named, problems } = parseParamText(`${name}=1`)
    expect(problems).toEqual([])
    expect(Object.entries(named)).toEqual([[name, '1']])
    expect(Object.getPrototypeOf(named)).toBeNull()
  })

  it('reads a line of 25,000 characters', () => {
    const { bare } = parseParamText(`${'a'.repeat(5000)} ${'"x" '.repeat(5000)}`)
    expect(bare).toHaveLength(5001)
  })
})

it('rejects a line of 65,537 characters', () => {
  expect(read('x'.repeat(65_536))).toMatchObject({ bare: ['x'.repeat(65_536)], problems: [] })
  expect(read('x'.repeat(65_537))).toEqual({
    named: {},
    bare: [],
    problems: [{ path: '', message: 'the command line has 65537 characters; the maximum is 65536' }],
  })
})
