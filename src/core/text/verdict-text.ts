/** Says which filter decided about a route, for the log, `taskhook explain` and the answer to an ignored delivery. Pure. */
import type { ConditionType, Mismatch, Verdict, VerdictLine } from '../model/verdict.ts'
import { cutText } from './cut-text.ts'

export const verdictLine = (verdict: Verdict): VerdictLine => ({
  route: verdict.route,
  matched: verdict.mismatch === undefined,
  because: verdictText(verdict),
})

export function verdictText({ mismatch, pathsUnknown }: Verdict): string {
  if (mismatch !== undefined) return `${mismatch.filter}: ${mismatchText(mismatch)}`
  return `every filter matched${pathsUnknown ? '; the changed files are not known, so paths counts as matched' : ''}`
}

function mismatchText(mismatch: Mismatch): string {
  switch (mismatch.kind) {
    case 'other-source':
      return `${mismatch.actual} is not ${mismatch.expected}`
    case 'not-listed':
      return `${quoted(mismatch.actual)} is not ${oneOf(mismatch.expected)}`
    case 'other-ref':
      return `${refText(mismatch.actual)} is not a ${mismatch.filter === 'tags' ? 'tag' : 'branch'}`
    case 'no-glob-matches':
      return `${quoted(mismatch.actual)} does not match ${oneOf(mismatch.globs)}`
    case 'too-long':
      return `a name of ${mismatch.length} characters is longer than ${mismatch.maxLength}, so it matches nothing`
    case 'no-file-matches':
      return `none of ${mismatch.changedFiles} changed files matches ${oneOf(mismatch.globs)}`
    case 'from-fork':
      return 'the change comes from a fork, or may come from one, and the route does not say forks: true'
    case 'bot-not-listed':
      return `the bot ${quoted(mismatch.bot)} caused it, and is not listed in bots`
    case 'not-true':
      return `gives ${mismatch.value}`
    case 'not-boolean':
      return `gives ${conditionTypes[mismatch.type]}, not true or false`
    case 'failed':
      return cutText(mismatch.error, maxError)
  }
}

/** For the sender of a delivery that no route matches. @param command what the person typed, if they typed a command */
export function ignoredText(event: string, command: string | undefined, verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return 'this source has no route'
  // Routes of other commands would only make the answer longer.
  const relevant = verdicts.filter(({ mismatch }) => command === undefined || mismatch?.filter !== 'command')
  if (relevant.length === 0) return `no route takes ${shortened(command ?? event)}`
  return `no route matched ${shortened(event)}: ${relevant.map((each) => `${each.route}: ${verdictText(each)}`).join('; ')}`
}

const conditionTypes: Readonly<Record<ConditionType, string>> = {
  text: 'text',
  number: 'a number',
  list: 'a list',
  object: 'an object',
}

/** Characters of a name, and of the error of an expression. Both may come from the payload, and are logged and answered. */
const maxName = 100
const maxError = 200
const shortened = (name: string): string => cutText(name, maxName)

const quoted = (name: string | undefined): string => (name === undefined ? 'none' : `"${shortened(name)}"`)

const oneOf = (names: readonly string[]): string =>
  names.length === 1 ? `"${names[0]}"` : `one of ${names.map((name) => `"${name}"`).join(', ')}`

const refText = (ref: { readonly kind: string; readonly name: string } | undefined): string =>
  ref === undefined ? 'no ref' : `${ref.kind} ${quoted(ref.name)}`
