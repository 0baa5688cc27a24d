import { describe, expect, it } from 'vitest'
import type { ParamDeclarations } from '../../../src/core/model/param.ts'
import type { TypingSlip } from '../../../src/core/model/typing-slip.ts'
import { typingSlipProblem } from '../../../src/core/text/typing-slip.ts'
import { boolean, integer, string } from '../../support/params.ts'

const declared: ParamDeclarations = {
  dataset: string(),
  'dry-run': boolean(),
  depth: integer({ min: 1 }),
  token: string({ secret: true }),
}
const say = (slip: TypingSlip, params = declared) => {
  const { path, message } = typingSlipProblem(slip, params)
  return `${path}: ${message}`
}
const unknown = (word: string, hasValue = false): TypingSlip => ({
  ...{ kind: 'unknown-option', word, name: word.replace(/^[-—]+/, ''), hasValue },
})
const colon = (dashes: string, name: string, value: string): TypingSlip => ({ kind: 'colon', dashes, name, value })
const all = 'the task takes dataset, dry-run, depth, token. A value that begins with a dash goes in quotes'

describe('a slip', () => {
  it.each<[TypingSlip, string]>([
    [{ kind: 'given-twice', word: '—depth' }, '—depth: is given twice'],
    [{ kind: 'no-value', word: '--depth', name: 'depth' }, '--depth: needs a value: an integer of 1 or more'],
    [{ kind: 'unclosed-quote', quote: '“' }, ': the quote “ is never closed'],
    [unknown('--dry-rum'), '--dry-rum: is not a parameter; did you mean "--dry-run"?'],
    [unknown('--dry_run'), '--dry_run: is not a parameter; did you mean "--dry-run"?'],
    [unknown('-dry-run'), '-dry-run: is not a parameter; did you mean "--dry-run"?'],
    [unknown('—Dataset'), '—Dataset: is not a parameter; did you mean "--dataset"?'],
    [unknown('--datset:sales'), '--datset:sales: is not a parameter; did you mean "--dataset"?'],
    [unknown('-dataset', true), '-dataset: is not a parameter; did you mean dataset=…?'],
    [unknown('--no-dry-run'), '--no-dry-run: is not a parameter; did you mean dry-run=false?'],
    [unknown('--nodry-run'), '--nodry-run: is not a parameter; did you mean dry-run=false?'],
    [unknown('--no-depth'), `--no-depth: is not a parameter; ${all}`],
    [unknown('--verbose'), `--verbose: is not a parameter; ${all}`],
    [unknown('--'), `--: is not a parameter; ${all}`],
    [
      colon('', 'dataset', 'sales'),
      ': "dataset:sales" has no name; did you mean dataset=sales? If it is a value, put it in quotes',
    ],
    [colon('', 'dataset', ''), ': "dataset:" has no name; did you mean dataset=…? If it is a value, put it in quotes'],
    [colon('--', 'depth', '3'), ': "--depth:3" has no name; did you mean depth=3?'],
    [
      colon('', 'token', 'hunter2'),
      ': "token:…" has no name; did you mean token=…? If it is a value, put it in quotes',
    ],
  ])('%j', (slip, said) => {
    expect(say(slip)).toBe(said)
  })

  it('suggests nothing for "--" if a name has one letter', () => {
    expect(say(unknown('--'), { a: string() })).toMatch(/^--: is not a parameter; the task takes a\. /)
  })

  it('suggests a declared name as it is, even if it begins with "no-"', () => {
    expect(say(unknown('-no-x'), { x: boolean(), 'no-x': boolean() })).toContain('did you mean "--no-x"?')
  })

  it('says so if the task takes no parameters', () => {
    expect(say(unknown('--x'), {})).toBe('--x: is not a parameter: this task takes none')
  })

  it('shows at most 101 characters of a word, and 41 of a value', () => {
    const long = 'x'.repeat(500)
    expect(typingSlipProblem(unknown(`--${long}`), declared).path).toBe(`--${'x'.repeat(98)}…`)
    expect(typingSlipProblem({ kind: 'given-twice', word: long }, declared).path).toHaveLength(101)
    expect(say(colon('', 'dataset', long))).toContain(`did you mean dataset=${'x'.repeat(40)}…?`)
  })
})
