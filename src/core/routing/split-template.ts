/** Splits a template of the config into text and expressions: `v${event.x}` is "v" and `event.x`. Pure. */

export type TemplatePart = string | { readonly expression: string }

/** Counts braces and skips quotes inside an expression, so `${ {"a": "}"}.a }` is one. @throws {Error} if one is never closed */
export function splitTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = []
  let rest = 0
  for (let start = text.indexOf('${'); start >= 0; start = text.indexOf('${', rest)) {
    if (start > rest) parts.push(text.slice(rest, start))
    const end = endOfExpression(text, start + 2)
    parts.push({ expression: text.slice(start + 2, end) })
    rest = end + 1
  }
  if (rest < text.length || parts.length === 0) parts.push(text.slice(rest))
  return parts
}

function endOfExpression(text: string, start: number): number {
  let depth = 1
  let quote = ''
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? ''
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return at
  }
  throw new Error('"${" is never closed')
}
