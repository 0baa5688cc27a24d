/** How to type a command and its parameters, for help. Pure. */
import type { Param, ParamDeclarations } from '../model/param.ts'

/** `/analyze dataset=… [depth=…] [--dry-run]`. Optional parameters are in brackets. */
export const commandUsage = (command: string, params: ParamDeclarations): string =>
  [command, ...Object.entries(params).map(([name, param]) => paramUsage(name, param))].join(' ')

function paramUsage(name: string, param: Param): string {
  if (param.required) return `${name}=…`
  if (param.type !== 'boolean') return `[${name}=…]`
  return param.default === true ? `[${name}=false]` : `[--${name}]`
}

/** Undefined: there are no parameters. */
export function typingRules(params: ParamDeclarations): string | undefined {
  const names = Object.keys(params)
  if (names.length === 0) return undefined
  const flag = names.find((name) => params[name]?.type === 'boolean')
  return [
    'Write name=value or --name value.',
    ...(flag === undefined ? [] : [`--${flag} alone means ${flag}=true.`]),
    'A value goes in quotes if it has spaces or begins with a dash.',
  ].join(' ')
}
