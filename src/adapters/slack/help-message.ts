/** What `/command help` shows. Pure. */
import type { TaskHelp } from '../../core/adapter.ts'
import type { Param } from '../../core/model/param.ts'
import { typedActionHelp } from '../../core/model/typed-actions.ts'
import { commandUsage, typingRules } from '../../core/text/command-usage.ts'
import { describeParam } from '../../core/text/describe-param.ts'
import { context, headLine, linesSection, type Message, message } from './block-kit.ts'
import { code, escapeText } from './mrkdwn.ts'

export function helpMessage(command: string, tasks: readonly TaskHelp[]): Message {
  const actions = typedActionHelp.map((words) => code(`${command} ${words}`)).join('  ·  ')
  const rules = typingRules(Object.assign({}, ...tasks.map(({ params }) => params)))
  return message(
    `How to use ${command}`,
    ...tasks.map((task) => taskHelp(command, task)),
    ...(rules === undefined ? [] : [context(escapeText(rules))]),
    context(`Also: ${actions}`),
  )
}

function taskHelp(command: string, { task, description, params }: TaskHelp) {
  const about = description === undefined ? '' : `  ${escapeText(description)}`
  return linesSection([
    headLine(`*${escapeText(task)}*${about}`),
    code(commandUsage(command, params)),
    ...Object.entries(params).map(([name, param]) => `•  *${escapeText(name)}*  ${paramHelp(param)}`),
  ])
}

function paramHelp(param: Param): string {
  const about = param.description === undefined ? '' : `${escapeText(param.description)}: `
  return `${about}${escapeText(describeParam(param))}${defaultHelp(param)}`
}

function defaultHelp(param: Param): string {
  if (param.default !== undefined) return ` _(default ${escapeText(String(param.default))})_`
  return param.required ? ' _(required)_' : ''
}
