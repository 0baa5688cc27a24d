/** Reads what a person types after a command if it is not parameters: `status`, `cancel 3f…`. The same in Slack and in a comment. Pure. */
import type { RunAction } from './translation.ts'

export type TypedAction =
  | { readonly kind: 'run' | 'help' | 'recent' }
  | { readonly kind: 'action'; readonly verb: RunAction['verb']; readonly run: string }

const verbs: Readonly<Record<string, RunAction['verb']>> = {
  cancel: 'cancel',
  rerun: 'rerun',
  approve: 'approve',
  reject: 'reject',
}

/** Characters. A run id has 20; what is longer is not one, and an error message repeats it. */
const maxRunLength = 64

export function parseTypedAction(text: string): TypedAction {
  if (/^((--|—|––)?help|-h|\?)$/i.test(text)) return { kind: 'help' }
  if (/^status$/i.test(text)) return { kind: 'recent' }
  // Split, not matched: on a text of nothing but spaces, a regular expression would take seconds.
  const [word = '', ...words] = text.slice(0, 16_384).trim().split(/\s+/)
  const rest = words.join(' ').replace(/^`|`$/g, '')
  const verb = Object.hasOwn(verbs, word.toLowerCase()) ? verbs[word.toLowerCase()] : undefined
  // "cancel" always cancels: a person who wants to cancel must not start a run. Other verbs followed by more than one word are parameters.
  const isAction = verb === 'cancel' || /^[^\s=]*$/.test(rest)
  return verb !== undefined && isAction ? { kind: 'action', verb, run: rest.slice(0, maxRunLength) } : { kind: 'run' }
}

/** Listed in `help` beside the parameters. */
export const typedActionHelp = ['status', 'cancel <run>', 'rerun <run>'] as const
