/** What people write behind a command where it is not parameters: `status`, `cancel 3f…`. The same in Slack and in a comment. Pure. */
import type { RunAction } from '../adapter.ts'

export type TypedAction =
  | { readonly kind: 'run' | 'help' | 'recent' }
  | { readonly kind: 'control'; readonly verb: RunAction['verb']; readonly run: string }

const verbs: Readonly<Record<string, RunAction['verb']>> = {
  cancel: 'cancel',
  rerun: 'rerun',
  approve: 'approve',
  reject: 'reject',
}

export function parseTypedAction(text: string): TypedAction {
  if (/^(help|-h|--help|\?)$/i.test(text)) return { kind: 'help' }
  if (/^status$/i.test(text)) return { kind: 'recent' }
  // Split, not matched: a text of nothing but spaces would keep a regular expression busy for seconds.
  const [word = '', ...words] = text.slice(0, 16_384).trim().split(/\s+/)
  const rest = words.join(' ').replace(/^`|`$/g, '')
  const verb = Object.hasOwn(verbs, word.toLowerCase()) ? verbs[word.toLowerCase()] : undefined
  // Whatever stands behind it: somebody who wants to cancel must not start something. With more than one word it is something else.
  const meant = verb === 'cancel' || /^[^\s=]*$/.test(rest)
  return verb !== undefined && meant ? { kind: 'control', verb, run: rest.slice(0, 64) } : { kind: 'run' }
}

/** What `help` says besides the parameters. */
export const typedActionHelp = ['status', 'cancel <run>', 'rerun <run>'] as const
