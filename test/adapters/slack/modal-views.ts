/** Modals for parameters, and Slack's limits for them. */
import type { KnownBlock, ModalView } from '@slack/types'
import { expect } from 'vitest'
import { askForParams } from '../../../src/adapters/slack/open-modal.ts'
import type { SlackAddress } from '../../../src/adapters/slack/reply-address.ts'
import type { TaskHelp, Trigger } from '../../../src/core/adapter.ts'
import type { ParamDeclarations } from '../../../src/core/model/param.ts'

export const params: ParamDeclarations = {
  dataset: {
    type: 'string',
    env: 'DATASET',
    required: true,
    pattern: '^[a-z]+$',
    maxLength: 64,
    description: 'Which dataset',
  },
  region: { type: 'string', env: 'REGION', required: true, enum: ['eu', 'us'] },
  depth: { type: 'integer', env: 'DEPTH', min: 1, max: 10, default: 3 },
  ratio: { type: 'number', env: 'RATIO', min: -0.5 },
  dry: { type: 'boolean', env: 'DRY' },
  note: { type: 'string', env: 'NOTE', minLength: 2 },
}

export const trigger = (text: string, more: Partial<Trigger<SlackAddress>> = {}): Trigger<SlackAddress> => ({
  event: '/analyze',
  deliveryId: '1',
  actor: 'U1',
  facts: { command: '/analyze', user: 'U1', channel: 'C1' },
  rawParams: { kind: 'text', text },
  payload: {},
  replyAddress: { responseUrl: null, user: 'U1', channel: 'C1' },
  triggerId: '1.2.abc',
  ...more,
})

/** The deferred work that opens a modal, as the queue brings it. */
export const workOf = (text: string, task: TaskHelp): { readonly view: ModalView } =>
  JSON.parse(JSON.stringify(askForParams(trigger(text), task) ?? expect.unreachable('no modal')))

export function modalOf(declared: ParamDeclarations, text = '', description?: string): ModalView {
  const about = description === undefined ? {} : { description }
  return checkedModal(workOf(text, { task: 'analyze', params: declared, ...about }).view)
}

/** Slack's limits: https://docs.slack.dev/reference/views/modal-views, and those of blocks, elements and options. */
export function checkedModal(view: ModalView): ModalView {
  const within = (what: string, text: string | undefined, max: number, min = 1) => {
    if (text === undefined) return
    expect(text.length, what).toBeGreaterThanOrEqual(min)
    expect(text.length, what).toBeLessThanOrEqual(max)
    expect(text.isWellFormed(), what).toBe(true)
  }
  for (const text of [view.title, view.close, view.submit]) within('title', text?.text, 24)
  within('callback_id', view.callback_id, 255)
  within('private_metadata', view.private_metadata, 3000, 0)
  expect(view.blocks.length).toBeLessThanOrEqual(100)
  expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThanOrEqual(250_000)
  const ids = view.blocks.flatMap(({ block_id }) => block_id ?? [])
  expect(new Set(ids).size).toBe(ids.length)
  for (const block of view.blocks as KnownBlock[]) {
    within('block_id', block.block_id, 255)
    if (block.type === 'section') within('section', block.text?.text, 3000)
    if (block.type !== 'input') continue
    expect(view.submit, 'input blocks need a submit').toBeDefined()
    within('label', block.label.text, 2000)
    within('hint', block.hint?.text, 2000)
    const { element } = block
    if (element.type === 'plain_text_input') {
      const { min_length: min = 0, max_length: max = 3000, initial_value: initial } = element
      expect([min >= 0, max >= 1, min <= max, max <= 3000]).toEqual([true, true, true, true])
      within('initial_value', initial, max)
    }
    if (element.type === 'number_input') {
      for (const text of [element.min_value, element.max_value, element.initial_value])
        if (text !== undefined) expect(text).toMatch(element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/)
    }
    if (element.type === 'static_select') {
      const { options = [], initial_option } = element
      expect([options.length > 0, options.length <= 100]).toEqual([true, true])
      expect(new Set(options.map(({ value }) => value)).size).toBe(options.length)
      for (const { text, value } of options) {
        within('option', text.text, 75)
        within('value', value, 150)
      }
      if (initial_option !== undefined) expect(options).toContainEqual(initial_option)
    }
  }
  return view
}
