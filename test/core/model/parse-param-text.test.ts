import { describe, expect, it } from 'vitest'
import type { ParamDeclarations } from '../../../src/core/model/param.ts'
import { parseParamText } from '../../../src/core/model/parse-param-text.ts'
import type { TypingSlip } from '../../../src/core/model/typing-slip.ts'
import { boolean, integer, string } from '../../support/params.ts'

const declared: ParamDeclarations = {
  dataset: string({ required: true }),
  depth: integer(),
  'dry-run': boolean(),
  dry_note: string(),
}

const read = (text: string, params: ParamDeclarations = {}) => {
  const { named, bare, slips } = parseParamText(text, params)
  return { named: { ...named }, bare, slips }
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
    ['-5', {}, ['-5']],
    ['-.5', {}, ['-.5']],
    ['-5days', {}, ['-5days']],
    ['—depth=3', { depth: '3' }, []],
    ['––depth=3', { depth: '3' }, []],
    ['--note="two words"', { note: 'two words' }, []],
    ['s3://bucket/key', {}, ['s3://bucket/key']],
    ['dataset:sales', {}, ['dataset:sales']],
    ['a—b', {}, ['a—b']],
    ['x-', {}, ['x-']],
    ['Über=1', {}, ['Über=1']],
    ['note="déploiement ✅"', { note: 'déploiement ✅' }, []],
    ['a="x"y', { a: 'x' }, ['y']],
  ])('%j', (text, named, bare) => {
    expect(read(text)).toEqual({ named, bare, slips: [] })
  })

  it.each<[text: string, quote: string, named: Record<string, string>, bare: string[]]>([
    ['note="two words', '"', { note: 'two words' }, []],
    ["note='", "'", { note: '' }, []],
    ['“open', '“', {}, ['open']],
    ['a "b" "c', '"', {}, ['a', 'b', 'c']],
    ['note="ends in a backslash\\', '"', { note: 'ends in a backslash\\' }, []],
  ])('%j: %s is never closed, so the value ends with the text', (text, quote, named, bare) => {
    expect(read(text)).toEqual({ named, bare, slips: [{ kind: 'unclosed-quote', quote }] })
  })

  it.each([
    ['depth=1 depth=2', 'depth'],
    ['depth=1 --depth=2', '--depth'],
    ['--depth 1 —depth 2', '—depth'],
    ['--dry-run --dry-run', '--dry-run'],
    ['--dry-run dry-run=false', 'dry-run'],
  ])('%j: reports %s as given twice', (text, word) => {
    expect(read(text, declared).slips).toEqual([{ kind: 'given-twice', word }])
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('treats %s as a name like any other', (name) => {
    const { named, typedNames, slips } = parseParamText(`${name}=1`, {})
    expect(slips).toEqual([])
    expect(Object.entries(typedNames)).toEqual([[name, name]])
    expect(read(`--${name} ${name}:x`).slips).toHaveLength(1)
    expect(Object.entries(named)).toEqual([[name, '1']])
    expect(Object.getPrototypeOf(named)).toBeNull()
  })

  it('reads a line of 25,000 characters', () => {
    const { bare } = parseParamText(`${'a'.repeat(5000)} ${'"x" '.repeat(5000)}`, {})
    expect(bare).toHaveLength(5001)
  })
})

describe('with declared parameters', () => {
  it.each<[text: string, named: Record<string, string>, bare: string[]]>([
    ['--dry-run', { 'dry-run': 'true' }, []],
    ['—dry-run', { 'dry-run': 'true' }, []],
    ['––dry-run', { 'dry-run': 'true' }, []],
    ['--dry-run sales', { 'dry-run': 'true' }, ['sales']],
    ['sales --dry-run', { 'dry-run': 'true' }, ['sales']],
    ['--dry-run "two words"', { 'dry-run': 'true' }, ['two words']],
    ['--dry-run depth=2', { 'dry-run': 'true', depth: '2' }, []],
    ['--dry-run x=2', { 'dry-run': 'true', x: '2' }, []],
    ['--dry-run false', { 'dry-run': 'false' }, []],
    ['--dry-run "off" sales', { 'dry-run': 'off' }, ['sales']],
    ['--dry-run=no', { 'dry-run': 'no' }, []],
    ['--dry-run --depth 2', { 'dry-run': 'true', depth: '2' }, []],
    ['--dataset sales', { dataset: 'sales' }, []],
    ['—dataset sales', { dataset: 'sales' }, []],
    ['––dataset=sales', { dataset: 'sales' }, []],
    ['--dataset "--dry-run"', { dataset: '--dry-run' }, []],
    ['--dataset x=1 y', { dataset: 'x=1' }, ['y']],
    ['--dataset dataset:latest', { dataset: 'dataset:latest' }, []],
    ['--depth -5', { depth: '-5' }, []],
    ['"--dry-run"', {}, ['--dry-run']],
    ['“—dry-run”', {}, ['—dry-run']],
    ['dataset=--dry-run', { dataset: '--dry-run' }, []],
    ['dataset= --dry-run', { dataset: '', 'dry-run': 'true' }, []],
    ['"dataset=my sales"', { dataset: 'my sales' }, []],
    ['“dataset=my sales”', { dataset: 'my sales' }, []],
    ['"--dataset=my sales" "—depth=3"', { dataset: 'my sales', depth: '3' }, []],
    ['"––dataset=a=b"', { dataset: 'a=b' }, []],
    ['"x=1"', {}, ['x=1']],
    ['"-dataset=1"', {}, ['-dataset=1']],
    ['"datasets" datasets', {}, ['datasets', 'datasets']],
    ['--depth lots', { depth: 'lots' }, []],
    ['"dataset:sales"', {}, ['dataset:sales']],
    ['s3://dataset:sales', {}, ['s3://dataset:sales']],
    ['acme:prod', {}, ['acme:prod']],
    ['dry-run', {}, ['dry-run']],
  ])('%j', (text, named, bare) => {
    expect(read(text, declared)).toEqual({ named, bare, slips: [] })
  })

  const unknown = (word: string, name: string, hasValue = false): TypingSlip => ({
    ...{ kind: 'unknown-option', word, name, hasValue },
  })

  it.each<[text: string, named: Record<string, string>, bare: string[], slips: TypingSlip[]]>([
    ['--dry-rum', {}, [], [unknown('--dry-rum', 'dry-rum')]],
    ['--datset sales', {}, ['sales'], [unknown('--datset', 'datset')]],
    ['-dry-run', {}, [], [unknown('-dry-run', 'dry-run')]],
    ['–dry-run', {}, [], [unknown('–dry-run', 'dry-run')]],
    ['———dry-run', {}, [], [unknown('———dry-run', 'dry-run')]],
    ['---depth=3', {}, [], [unknown('---depth', 'depth', true)]],
    ['-note="two words"', {}, [], [unknown('-note', 'note', true)]],
    ['−depth=3', {}, [], [unknown('−depth', 'depth', true)]],
    ['--no-dry-run', {}, [], [unknown('--no-dry-run', 'no-dry-run')]],
    ['--', {}, [], [unknown('--', '')]],
    ['— sales', {}, ['sales'], [unknown('—', '')]],
    ['-', {}, [], [unknown('-', '')]],
    ['--5', {}, [], [unknown('--5', '5')]],
    ['–5', {}, [], [unknown('–5', '5')]],
    ['-.x', {}, [], [unknown('-.x', '.x')]],
    ['--dataset', {}, [], [{ kind: 'no-value', word: '--dataset', name: 'dataset' }]],
    ['—dataset --dry-run', { 'dry-run': 'true' }, [], [{ kind: 'no-value', word: '—dataset', name: 'dataset' }]],
    ['--dataset depth=3', { depth: '3' }, [], [{ kind: 'no-value', word: '--dataset', name: 'dataset' }]],
    ['--dataset --x=3', { x: '3' }, [], [{ kind: 'no-value', word: '--dataset', name: 'dataset' }]],
    ['dataset:sales', {}, [], [{ kind: 'colon', dashes: '', name: 'dataset', value: 'sales' }]],
    ['dataset: sales', {}, ['sales'], [{ kind: 'colon', dashes: '', name: 'dataset', value: '' }]],
    ['--dataset:a:b', {}, [], [{ kind: 'colon', dashes: '--', name: 'dataset', value: 'a:b' }]],
    ['--datset:sales', {}, [], [unknown('--datset:sales', 'datset:sales')]],
  ])('%j is a slip', (text, named, bare, slips) => {
    expect(read(text, declared)).toEqual({ named, bare, slips })
  })

  it('reads a name of one letter', () => {
    const slips = [{ kind: 'colon', dashes: '', name: 'x', value: '1' }]
    expect(read('"x=1" x:1', { x: integer() })).toEqual({ named: { x: '1' }, bare: [], slips })
  })

  it('remembers how a name was typed', () => {
    const { typedNames } = parseParamText('a=1 —dataset=x ––depth 3 "--dry_note=y" --dry-run', declared)
    expect({ ...typedNames }).toEqual({
      ...{ a: 'a', dataset: '—dataset', depth: '––depth', dry_note: '--dry_note', 'dry-run': '--dry-run' },
    })
  })
})

it('rejects a line of 65,537 characters', () => {
  expect(read('x'.repeat(65_536))).toMatchObject({ bare: ['x'.repeat(65_536)], slips: [] })
  expect(read('x'.repeat(65_537))).toEqual({
    named: {},
    bare: [],
    slips: [{ kind: 'too-long', length: 65_537, maxLength: 65_536 }],
  })
})
