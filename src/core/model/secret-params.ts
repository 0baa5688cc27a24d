/** Parameters declared `secret`: their values appear in no message, status or log. Pure. */
import type { ParamValues } from './param.ts'

/** Shown in place of a secret value. */
export const hiddenValue = '(hidden)'

/** Characters. A shorter value is part of too many ordinary words to be replaced wherever it appears. */
const minMaskedLength = 4

/** The values as they may be shown. @param hidden names of the secret parameters */
export const shownParams = (params: ParamValues, hidden?: readonly string[]): ParamValues =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, hidden?.includes(name) ? hiddenValue : value]),
  )

/** A text in which the values of secret parameters are replaced. @param hidden names of the secret parameters */
export function maskedText(text: string, params: ParamValues, hidden?: readonly string[]): string {
  const values = Object.entries(params)
    .filter(([name]) => hidden?.includes(name))
    .map(([, value]) => String(value))
    .filter((value) => value.length >= minMaskedLength)
  // The longest first: one value may contain another.
  return values
    .toSorted((a, b) => b.length - a.length)
    .reduce((masked, value) => masked.replaceAll(value, hiddenValue), text)
}
