/** Says what is wrong with the words that a person typed after a command. The value of a secret parameter is not repeated. Pure. */
import type { Problem } from '../errors.ts'
import type { ParamDeclarations } from '../model/param.ts'
import type { TypingSlip } from '../model/typing-slip.ts'
import { cutText } from './cut-text.ts'
import { describeParam } from './describe-param.ts'
import { quoteValue } from './param-problem.ts'
import { closestWord } from './suggest.ts'

/** Characters. The answer must not be larger than what it answers. */
const maxWord = 101
const maxValue = 41

export function typingSlipProblem(slip: TypingSlip, declared: ParamDeclarations): Problem {
  switch (slip.kind) {
    case 'too-long':
      return {
        path: '',
        message: `the command line has ${slip.length} characters; the maximum is ${slip.maxLength}`,
      }
    case 'unclosed-quote':
      return { path: '', message: `the quote ${slip.quote} is never closed` }
    case 'given-twice':
      return { path: cutText(slip.word, maxWord), message: 'is given twice' }
    case 'no-value': {
      const param = declared[slip.name]
      return { path: slip.word, message: `needs a value${param === undefined ? '' : `: ${describeParam(param)}`}` }
    }
    case 'colon':
      return { path: '', message: colonText(slip, declared) }
    case 'unknown-option':
      return { path: cutText(slip.word, maxWord), message: `is not a parameter${optionHint(slip, declared)}` }
  }
}

function colonText(
  { dashes, name, value }: Extract<TypingSlip, { kind: 'colon' }>,
  declared: ParamDeclarations,
): string {
  const shown = value === '' || declared[name]?.secret === true ? '…' : cutText(value, maxValue)
  const typed = quoteValue(`${dashes}${name}:${value === '' ? '' : shown}`)
  const quotes = dashes === '' ? ' If it is a value, put it in quotes' : ''
  return `${typed} has no name; did you mean ${name}=${shown}?${quotes}`
}

function optionHint(
  { name, hasValue }: Extract<TypingSlip, { kind: 'unknown-option' }>,
  declared: ParamDeclarations,
): string {
  const names = Object.keys(declared)
  if (names.length === 0) return ': this task takes none'
  const negated = name.replace(/^no[-_]?/, '')
  if (!names.includes(name) && names.includes(negated) && declared[negated]?.type === 'boolean')
    return `; did you mean ${negated}=false?`
  const meant = name === '' ? undefined : closestWord(name.split(':', 1)[0] ?? '', names)
  if (meant !== undefined) return `; did you mean ${hasValue ? `${meant}=…` : `"--${meant}"`}?`
  return `; the task takes ${names.join(', ')}. A value that begins with a dash goes in quotes`
}
