/** `/analyze dataset=… [depth=…]`: a command with its parameters. Optional ones are in brackets. Pure. */
import type { ParamDeclarations } from '../model/param.ts'

export const commandUsage = (command: string, params: ParamDeclarations): string =>
  [command, ...Object.entries(params).map(([name, { required }]) => (required ? `${name}=…` : `[${name}=…]`))].join(' ')
