/** The modal that asks for the parameters that a command lacks. */
import type { KnownBlock } from '@slack/types'
import { describe, expect, it } from 'vitest'
import { askForParams } from '../../../src/adapters/slack/open-modal.ts'
import type { SlackAddress } from '../../../src/adapters/slack/reply-address.ts'
import type { Trigger } from '../../../src/core/adapter.ts'
import type { Param, ParamDeclarations } from '../../../src/core/model/param.ts'
import { checkedModal, modalOf, params, trigger, workOf } from './modal-views.ts'

const choices = (count: number) => Array.from({ length: count }, (_, at) => `${at}-${'v'.repeat(100)}`)
const elementOf = (param: Param, text = '') => {
  const [block] = modalOf({ x: param }, text).blocks as KnownBlock[]
  return block?.type === 'input' ? block.element : undefined
}

describe('the modal', () => {
  it('has what Slack needs, and the metadata that Slack sends back', () => {
    const work = workOf('', { task: 'analyze', params })
    const { view } = work
    expect(work).toMatchObject({ method: 'views.open', triggerId: '1.2.abc' })
    expect(view).toMatchObject({
      type: 'modal',
      callback_id: 'taskhook:form',
      title: { type: 'plain_text', text: 'analyze' },
      submit: { text: 'Run' },
      close: { text: 'Cancel' },
    })
    expect(JSON.parse(view.private_metadata ?? '')).toEqual({
      command: '/analyze',
      channel: 'C1',
      params: Object.keys(params),
    })
    expect(askForParams(trigger(''), { task: 'analyze', params })).toEqual(work)
  })

  it('has a field for each parameter, in the declared order', () => {
    expect(modalOf(params, '', 'Looks <at> it').blocks).toMatchObject([
      { type: 'section', text: { type: 'plain_text', text: 'Looks <at> it' } },
      {
        type: 'input',
        block_id: 'p:dataset',
        label: { type: 'plain_text', text: 'dataset' },
        hint: { type: 'plain_text', text: 'Which dataset: text like ^[a-z]+$' },
        optional: false,
        element: { type: 'plain_text_input', action_id: 'value', max_length: 64 },
      },
      { block_id: 'p:region', optional: false, element: { type: 'static_select', action_id: 'value' } },
      { block_id: 'p:depth', optional: true, hint: { text: 'an integer from 1 to 10' } },
      { block_id: 'p:ratio', optional: true },
      { block_id: 'p:dry', optional: true },
      { block_id: 'p:note', optional: true },
    ])
  })

  it('has a field of the type that the parameter needs', () => {
    const option = (value: string) => ({ text: { type: 'plain_text', text: value, emoji: false }, value })
    const input = { action_id: 'value' }
    expect(elementOf({ type: 'string', env: 'X', enum: ['eu', 'us', 'eu'], default: 'us' })).toEqual({
      ...input,
      type: 'static_select',
      options: [option('eu'), option('us')],
      initial_option: option('us'),
    })
    expect(elementOf({ type: 'boolean', env: 'X' })).toEqual({
      ...input,
      type: 'static_select',
      options: [option('true'), option('false')],
    })
    const number = { ...input, type: 'number_input' }
    expect(elementOf({ type: 'integer', env: 'X', min: 0, max: 10, default: 0 })).toEqual({
      ...number,
      ...{ is_decimal_allowed: false, min_value: '0', max_value: '10', initial_value: '0' },
    })
    expect(elementOf({ type: 'number', env: 'X', min: -0.5 })).toEqual({
      ...number,
      ...{ is_decimal_allowed: true, min_value: '-0.5' },
    })
    expect(elementOf({ type: 'string', env: 'X', minLength: 2, maxLength: 8192 })).toEqual({
      ...input,
      ...{ type: 'plain_text_input', min_length: 2, max_length: 3000 },
    })
  })

  it.each<[string, Param, string, string | undefined]>([
    ['a text', { type: 'string', env: 'X' }, 'x="a b"', 'a b'],
    ['a pair without "="', { type: 'string', env: 'X' }, '—x "a b"', 'a b'],
    ['a flag', { type: 'boolean', env: 'X', default: false }, '--x', 'true'],
    ['a text that does not fit', { type: 'string', env: 'X', pattern: '^[a-z]$', default: 'z' }, 'x=9', 'z'],
    ['one that is empty', { type: 'string', env: 'X' }, 'x=""', undefined],
    ['lines', { type: 'string', env: 'X', default: 'a\nb' }, '', undefined],
    ['more than a field takes', { type: 'string', env: 'X', default: 'x'.repeat(3001) }, '', undefined],
    ['a number', { type: 'integer', env: 'X', default: 3 }, 'x=7', '7'],
    ['a number out of range', { type: 'integer', env: 'X', max: 5, default: 3 }, 'x=7', '3'],
    ['a number that Slack cannot read', { type: 'number', env: 'X' }, 'x=1e30', undefined],
    ['yes', { type: 'boolean', env: 'X' }, 'x=yes', 'true'],
    ['neither', { type: 'boolean', env: 'X', default: false }, 'x=maybe', 'false'],
    ['one of them', { type: 'string', env: 'X', enum: ['eu', 'us'] }, 'x=us', 'us'],
    ['none of them', { type: 'string', env: 'X', enum: ['eu', 'us'] }, 'x=mars', undefined],
    ['a secret', { type: 'string', env: 'X', secret: true, default: 'd' }, 'x=hunter2', undefined],
    ['a secret choice', { type: 'boolean', env: 'X', secret: true }, 'x=yes', undefined],
  ])('starts with what was typed, if it is valid: %s', (_, param, text, initial) => {
    const element = elementOf(param, text) as { initial_value?: string; initial_option?: { value: string } }
    expect(element.initial_value ?? element.initial_option?.value).toBe(initial)
    expect(JSON.stringify(workOf(text, { task: 'a', params: { x: param } }))).not.toContain('hunter2')
  })

  it.each<[string, readonly string[]]>([
    ['too many', choices(101)],
    ['too long', ['a'.repeat(151)]],
    ['blank', ['a', ' ']],
  ])('is a text field if the choices are %s', (_, values) => {
    expect(elementOf({ type: 'string', env: 'X', enum: values })).toMatchObject({ type: 'plain_text_input' })
  })

  it('cuts texts that are longer than Slack accepts', () => {
    const long = '😀'.repeat(2000)
    const declared: ParamDeclarations = {
      a: { type: 'string', env: 'A', enum: ['x'.repeat(150), long.slice(0, 148)], description: long },
      b: { type: 'integer', env: 'B', min: 0.5, max: 1e21 },
    }
    const task = { task: `x${long}`, description: `x${long}`, params: declared }
    checkedModal(workOf('', task).view)
  })

  const many = (count: number, param: Param): ParamDeclarations =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, param]))
  it.each<[string, ParamDeclarations, Partial<Trigger<SlackAddress>>]>([
    ['no trigger id', params, { triggerId: '' }],
    ['no command', params, { facts: {} }],
    ['no parameters', {}, {}],
    ['more parameters than blocks', many(101, { type: 'boolean', env: 'X' }), {}],
    [
      'longer names than the metadata holds',
      { ...many(40, params.dry as Param), ['x'.repeat(3000)]: params.dry as Param },
      {},
    ],
    ['a larger view than Slack accepts', many(90, { type: 'string', env: 'X', enum: choices(100) }), {}],
    ['a text longer than a field', { x: { type: 'string', env: 'X', required: true, minLength: 3001 } }, {}],
  ])('is not offered with %s', (_, declared, more) => {
    expect(askForParams(trigger('', more), { task: 'analyze', params: declared })).toBeUndefined()
  })

  it('has up to a hundred fields', () => {
    expect(modalOf(many(100, { type: 'boolean', env: 'X' })).blocks).toHaveLength(100)
  })
})
