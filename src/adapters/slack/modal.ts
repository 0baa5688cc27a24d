/** The modal that asks for a task's parameters, within Slack's limits. Pure. https://docs.slack.dev/reference/views/modal-views */
import type { InputBlock, KnownBlock, ModalView, NumberInput, PlainTextElement, StaticSelect } from '@slack/types'
import type { TaskHelp } from '../../core/adapter.ts'
import type { NumberParam, Param, StringParam } from '../../core/model/param.ts'
import { describeParam } from '../../core/text/describe-param.ts'

export const formCallback = 'taskhook:form'
export const actionId = 'value'
const prefix = 'p:'
export const blockOf = (param: string): string => prefix + param
export const paramOf = (block: string): string | undefined =>
  block.startsWith(prefix) ? block.slice(prefix.length) : undefined

/** https://docs.slack.dev/reference/block-kit/block-elements and the pages beside it. */
const most = {
  blocks: 100,
  metadata: 3000,
  section: 3000,
  input: 3000,
  hint: 2000,
  options: 100,
  optionText: 75,
  optionValue: 150,
  title: 24,
  /** Slack takes 250 kB; on its way there the view is a message of the queue, with more around it. */
  bytes: 200_000,
}

/** Half a surrogate pair would not be JSON that Slack takes. */
export const cut = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`

/** Not `emoji`: a value such as ":x:" is to be read as it is. */
const plain = (text: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: cut(text, max),
  emoji: false,
})

/** What a submission must say of where it came from: Slack sends it back, signed. */
export interface Origin {
  readonly command: string
  readonly channel?: string | undefined
}

/** A modal that only tells something. */
export const tellingView = (title: string, blocks: KnownBlock[]): ModalView => ({
  type: 'modal',
  title: plain(title, most.title),
  close: plain('Close', most.title),
  blocks,
})

/**
 * @param initial values that stand in it already, all of them good ones
 * @returns undefined: the task asks for more than a modal can
 */
export function formView(
  { task, description, params }: TaskHelp,
  initial: Readonly<Record<string, string>>,
  { command, channel }: Origin,
): ModalView | undefined {
  const about: KnownBlock[] =
    description === undefined ? [] : [{ type: 'section', text: plain(description, most.section) }]
  const inputs = Object.entries(params).map(([name, param]) => inputBlock(name, param, initial[name]))
  const view: ModalView = {
    ...tellingView(task, [...about, ...inputs]),
    callback_id: formCallback,
    private_metadata: JSON.stringify({ command, channel, params: Object.keys(params) }),
    submit: plain('Run', most.title),
    close: plain('Cancel', most.title),
  }
  const fits =
    inputs.length > 0 &&
    view.blocks.length <= most.blocks &&
    (view.private_metadata?.length ?? 0) <= most.metadata &&
    Object.values(params).every(canBeTyped) &&
    Buffer.byteLength(JSON.stringify(view)) <= most.bytes
  return fits ? view : undefined
}

const canBeTyped = (param: Param): boolean =>
  !(param.type === 'string' && param.required === true && (param.minLength ?? 0) > most.input)

function inputBlock(name: string, param: Param, initial: string | undefined): InputBlock {
  const about = param.description === undefined ? '' : `${param.description}: `
  return {
    type: 'input',
    block_id: blockOf(name),
    label: plain(name, most.hint),
    hint: plain(`${about}${describeParam(param)}`, most.hint),
    optional: param.required !== true,
    element: elementOf(param, initial),
  }
}

function elementOf(param: Param, initial: string | undefined): InputBlock['element'] {
  switch (param.type) {
    case 'boolean':
      return select(['true', 'false'], initial)
    case 'string':
      return canBeSelected(param.enum) ? select(param.enum, initial) : textInput(param, initial)
    default:
      return numberInput(param, initial)
  }
}

const canBeSelected = (values: readonly string[] | undefined): values is readonly string[] =>
  values !== undefined &&
  values.length <= most.options &&
  values.every((value) => value.trim() !== '' && value.length <= most.optionValue)

function select(values: readonly string[], initial: string | undefined): StaticSelect {
  const option = (value: string) => ({ text: plain(value, most.optionText), value })
  return {
    type: 'static_select',
    action_id: actionId,
    options: [...new Set(values)].map(option),
    ...(initial !== undefined && { initial_option: option(initial) }),
  }
}

function textInput({ minLength = 0, maxLength = most.input }: StringParam, initial = ''): InputBlock['element'] {
  const max = Math.min(maxLength, most.input)
  // One line would swallow the line breaks of what stands in it.
  const shows = initial !== '' && initial.length <= max && !/[\r\n]/.test(initial)
  return {
    type: 'plain_text_input',
    action_id: actionId,
    max_length: max,
    ...(minLength > 0 && { min_length: Math.min(minLength, max) }),
    ...(shows && { initial_value: initial }),
  }
}

function numberInput({ type, min, max }: NumberParam, initial: string | undefined): NumberInput {
  const whole = type === 'integer'
  // Slack knows no "1e+21"; what it does not check is checked when the form comes back.
  const written = whole ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/
  const field = (name: string, value: number | string | undefined) =>
    value !== undefined && written.test(String(value)) ? { [name]: String(value) } : {}
  return {
    type: 'number_input',
    action_id: actionId,
    is_decimal_allowed: !whole,
    ...field('min_value', min),
    ...field('max_value', max),
    ...field('initial_value', initial),
  }
}
