/** Parameters declared `secret`: their values appear in no message, status or log. Pure. */
import type { ParamValues } from './param.ts'

/** Stands for a value that nobody sees. */
export const hiddenValue = '(hidden)'

/** The values as they may be shown. @param hidden names of parameters that are secret */
export const shownParams = (params: ParamValues, hidden: readonly string[] = []): ParamValues =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, hidden.includes(name) ? hiddenValue : value]))

/** A text with the values of secret parameters taken out. Those of fewer characters stand in too many words to be told apart. */
export function maskedText(text: string, params: ParamValues, hidden: readonly string[] = []): string {
  const values = hidden.map((name) => String(params[name] ?? '')).filter((value) => value.length >= 4)
  // The longest first: one may hold another.
  return values
    .toSorted((a, b) => b.length - a.length)
    .reduce((masked, value) => masked.replaceAll(value, hiddenValue), text)
}
