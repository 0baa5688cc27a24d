/** Reads the parameters that a person types after a command: `sales --dry-run note="two words"`. The same in Slack and in a comment. Pure. */
import { isOptionPrefix, optionPrefixes, splitWords, type Word } from './command-words.ts'
import type { Param, ParamDeclarations } from './param.ts'
import { parseParamValue } from './parse-param-value.ts'
import type { TypingSlip } from './typing-slip.ts'

export interface ParamText {
  /** By name. The names need not be declared. */
  readonly named: Readonly<Record<string, string>>
  /** The names as they were typed, with their dashes. */
  readonly typedNames: Readonly<Record<string, string>>
  /** Values without a name, in the order in which they were typed. */
  readonly bare: readonly string[]
  readonly slips: readonly TypingSlip[]
}

/** Characters. GitHub's comments and Slack's messages are not longer. */
const maxLength = 65_536

/**
 * Accepts `name=value`, `--name=value`, `--name value`, `--flag` and a bare value. A word in quotes is a value, even if it begins with a
 * dash; only `"name=value"` is still a pair.
 */
export function parseParamText(text: string, declared: ParamDeclarations): ParamText {
  const named: Record<string, string> = Object.create(null)
  const typedNames: Record<string, string> = Object.create(null)
  const bare: string[] = []
  const { length } = text
  if (length > maxLength) return { named, typedNames, bare, slips: [{ kind: 'too-long', length, maxLength }] }
  const { words, unclosed } = splitWords(text)
  const slips: TypingSlip[] = unclosed === undefined ? [] : [{ kind: 'unclosed-quote', quote: unclosed }]
  for (let at = 0; at < words.length; ) {
    const { size, ...meaning } = readMeaning(words, at, declared)
    at += size
    if (meaning.kind === 'pair') {
      const { name, word, value } = meaning
      if (Object.hasOwn(named, name)) slips.push({ kind: 'given-twice', word })
      named[name] = value
      typedNames[name] = word
    } else if (meaning.kind === 'value') bare.push(meaning.text)
    else slips.push(meaning.slip)
  }
  return { named, typedNames, bare, slips }
}

type Meaning = { /** How many words it takes. */ readonly size: 1 | 2 } & (
  | { readonly kind: 'pair'; readonly word: string; readonly name: string; readonly value: string }
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'slip'; readonly slip: TypingSlip }
)

const slipped = (slip: TypingSlip): Meaning => ({ kind: 'slip', slip, size: 1 })

function readMeaning(words: readonly Word[], at: number, declared: ParamDeclarations): Meaning {
  const word = words[at] as Word
  switch (word.kind) {
    case 'plain':
      return colonSlip('', word.text, declared) ?? { kind: 'value', text: word.text, size: 1 }
    case 'quoted':
      return quotedPair(word.text, declared) ?? { kind: 'value', text: word.text, size: 1 }
    case 'pair': {
      const { dashes, name, value } = word
      if (dashes === '' || isOptionPrefix(dashes)) return { kind: 'pair', word: dashes + name, name, value, size: 1 }
      return slipped({ kind: 'unknown-option', word: dashes + name, name, hasValue: true })
    }
    case 'dashed':
      return readOption(word, words[at + 1], declared)
  }
}

/** `"dataset=my sales"`: the quotes are around the pair in place of the value. */
function quotedPair(text: string, declared: ParamDeclarations): Meaning | undefined {
  const at = text.indexOf('=')
  const dashes = optionPrefixes.find((prefix) => text.startsWith(prefix)) ?? ''
  const name = text.slice(dashes.length, at)
  if (at === -1 || !Object.hasOwn(declared, name)) return undefined
  return { kind: 'pair', word: dashes + name, name, value: text.slice(at + 1), size: 1 }
}

/** A colon may belong to a value (`s3://bucket/key`), so only the name of a parameter before it makes it a slip. */
function colonSlip(dashes: string, text: string, declared: ParamDeclarations): Meaning | undefined {
  const at = text.indexOf(':')
  const name = text.slice(0, at)
  if (at === -1 || !Object.hasOwn(declared, name)) return undefined
  return slipped({ kind: 'colon', dashes, name, value: text.slice(at + 1) })
}

/** @param next the word after it, which may be its value */
function readOption(
  { dashes, rest: name }: Extract<Word, { kind: 'dashed' }>,
  next: Word | undefined,
  declared: ParamDeclarations,
): Meaning {
  const word = dashes + name
  const param = Object.hasOwn(declared, name) ? declared[name] : undefined
  if (param === undefined || !isOptionPrefix(dashes))
    return colonSlip(dashes, name, declared) ?? slipped({ kind: 'unknown-option', word, name, hasValue: false })
  const value = valueFrom(next, param, declared)
  if (value !== undefined) return { kind: 'pair', word, name, value, size: 2 }
  if (param.type === 'boolean') return { kind: 'pair', word, name, value: 'true', size: 1 }
  return slipped({ kind: 'no-value', word, name })
}

/** The value that the word after `--name` is. Undefined: it is not its value, but begins with a dash or is the pair of another parameter. */
function valueFrom(word: Word | undefined, param: Param, declared: ParamDeclarations): string | undefined {
  if (word === undefined || word.kind === 'dashed') return undefined
  if (word.kind === 'pair' && (word.dashes !== '' || Object.hasOwn(declared, word.name))) return undefined
  const text = word.kind === 'pair' ? `${word.name}=${word.value}` : word.text
  // `--dry-run sales`: a flag is followed by a value of its own only if that is one of a boolean.
  return param.type === 'boolean' && parseParamValue(param, text, true) === undefined ? undefined : text
}
