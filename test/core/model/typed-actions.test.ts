import { describe, expect, it } from 'vitest'
import { parseTypedAction, type TypedAction } from '../../../src/core/model/typed-actions.ts'

const run = '0123456789abcdef0123'
const action = (verb: Extract<TypedAction, { kind: 'action' }>['verb'], of = run): TypedAction => ({
  kind: 'action',
  verb,
  run: of,
})

describe('parseTypedAction', () => {
  it.each<[string, TypedAction]>([
    ['help', { kind: 'help' }],
    ['HELP', { kind: 'help' }],
    ['-h', { kind: 'help' }],
    ['--help', { kind: 'help' }],
    ['—help', { kind: 'help' }],
    ['––Help', { kind: 'help' }],
    ['-help', { kind: 'run' }],
    ['---help', { kind: 'run' }],
    ['?', { kind: 'help' }],
    ['help me', { kind: 'run' }],
    ['--help me', { kind: 'run' }],
    ['no help', { kind: 'run' }],
    ['status', { kind: 'recent' }],
    ['Status', { kind: 'recent' }],
    ['status x', { kind: 'run' }],
    ['my status', { kind: 'run' }],
    ['', { kind: 'run' }],
    ['   ', { kind: 'run' }],
    ['sales depth=3', { kind: 'run' }],
    [`cancel ${run}`, action('cancel')],
    [`rerun ${run}`, action('rerun')],
    [`approve ${run}`, action('approve')],
    [`reject ${run}`, action('reject')],
    [`  Cancel   ${run} `, action('cancel')],
    [`cancel \`${run}\``, action('cancel')],
    ['cancel a`b', action('cancel', 'a`b')],
    ['rerun', action('rerun', '')],
    ['show x', { kind: 'run' }],
    ['constructor x', { kind: 'run' }],
  ])('reads %j', (text, expected) => {
    expect(parseTypedAction(text)).toEqual(expected)
  })

  it('cancels whatever follows, so that no run starts by mistake', () => {
    expect(parseTypedAction('cancel that one')).toEqual(action('cancel', 'that one'))
    expect(parseTypedAction('cancel x=1')).toEqual(action('cancel', 'x=1'))
  })

  it.each(['rerun that one', 'approve x=1'])('reads %j as parameters', (text) => {
    expect(parseTypedAction(text)).toEqual({ kind: 'run' })
  })

  it('shortens what follows to 64 characters', () => {
    expect(parseTypedAction(`cancel ${'x'.repeat(65)}`)).toEqual(action('cancel', 'x'.repeat(64)))
  })

  it('reads 100,000 spaces at once', () => {
    const began = performance.now()
    expect(parseTypedAction(`cancel${' '.repeat(100_000)}x`)).toEqual(action('cancel', ''))
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
