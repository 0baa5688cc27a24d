/** A parameter as an input block of a modal. Pure. https://docs.slack.dev/reference/block-kit/block-elements */
import type { InputBlock, NumberInput, StaticSelect } from '@slack/types'
import type { NumberParam, Param, StringParam } from '../../core/model/param.ts'
import { describeParam } from '../../core/text/describe-param.ts'
import { plainText } from './modal.ts'
import { blockOfParam, inputActionId } from './view-ids.ts'

const max = { input: 3000, hint: 2000, options: 100, optionText: 75, optionValue: 150 }

/** Whether a valid value can be typed at all. */
export const fitsInput = (param: Param): boolean =>
  !(param.type === 'string' && param.required === true && (param.minLength ?? 0) > max.input)

/** @param initial the valid value that the field starts with */
export function paramInput(name: string, param: Param, initial: string | undefined): InputBlock {
  const about = param.description === undefined ? '' : `${param.description}: `
  return {
    type: 'input',
    block_id: blockOfParam(name),
    label: plainText(name, max.hint),
    hint: plainText(`${about}${describeParam(param)}`, max.hint),
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
  values.length <= max.options &&
  values.every((value) => value.trim() !== '' && value.length <= max.optionValue)

function select(values: readonly string[], initial: string | undefined): StaticSelect {
  const option = (value: string) => ({ text: plainText(value, max.optionText), value })
  return {
    type: 'static_select',
    action_id: inputActionId,
    options: [...new Set(values)].map(option),
    ...(initial !== undefined && { initial_option: option(initial) }),
  }
}

function textInput({ minLength = 0, maxLength = max.input }: StringParam, initial = ''): InputBlock['element'] {
  const maxTyped = Math.min(maxLength, max.input)
  // The field has one line, which would lose line breaks.
  const isShown = initial !== '' && initial.length <= maxTyped && !/[\r\n]/.test(initial)
  return {
    type: 'plain_text_input',
    action_id: inputActionId,
    max_length: maxTyped,
    ...(minLength > 0 && { min_length: Math.min(minLength, maxTyped) }),
    ...(isShown && { initial_value: initial }),
  }
}

function numberInput({ type, min, max }: NumberParam, initial: string | undefined): NumberInput {
  const whole = type === 'integer'
  // Slack cannot read a limit like "1e+21". taskhook checks such a limit when the form is submitted.
  const readable = whole ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/
  const setting = (name: string, value: number | string | undefined) =>
    value !== undefined && readable.test(String(value)) ? { [name]: String(value) } : {}
  return {
    type: 'number_input',
    action_id: inputActionId,
    is_decimal_allowed: !whole,
    ...setting('min_value', min),
    ...setting('max_value', max),
    ...setting('initial_value', initial),
  }
}
