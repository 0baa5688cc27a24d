/** Commands that people write into comments: `/analyze dataset=x`. Pure. */
import type { Translation, Trigger } from '../../core/adapter.ts'
import { parseTypedAction } from '../../core/model/typed-actions.ts'
import { hasCommentMarker } from './own-marks.ts'
import { asInteger, asText, type Payload, valueAt } from './payload.ts'
import { parseReplyAddress, type ReplyAddress, repositoryAddressOf, repositoryNameOf } from './reply-address.ts'

export interface Command {
  /** With its slash. */
  readonly command: string
  /** The rest of the line. */
  readonly text: string
}

/** In characters. GitHub accepts no longer comment. */
const maxComment = 65_536

/** Reads the first line that is not empty. The lines after it are for people. @returns undefined: it is not a command */
function parseCommand(body: string): Command | undefined {
  const line = body
    .slice(0, maxComment)
    .split(/[\r\n\u2028\u2029]/)
    .find((each) => each.trim() !== '')
    ?.trim()
  const [command = ''] = line?.split(/\s/, 1) ?? []
  return /^\/[^/]+$/.test(command) ? { command, text: (line ?? '').slice(command.length).trim() } : undefined
}

export const isOwnComment = (payload: Payload): boolean =>
  hasCommentMarker(asText(valueAt(payload, 'comment', 'body')) ?? '')

/** @param trigger of the `issue_comment` event, without a reply address */
export function translateComment(trigger: Trigger<ReplyAddress>, payload: Payload): Translation<ReplyAddress> {
  // A comment that is edited later is not a new command.
  const written =
    payload.action === 'created' ? parseCommand(asText(valueAt(payload, 'comment', 'body')) ?? '') : undefined
  const replyAddress = written === undefined ? null : commentAddressOf(payload, written)
  if (written === undefined || replyAddress === null)
    return { kind: 'run', trigger: withPullRequestUnknown(trigger, payload) }
  const { event, deliveryId, actor } = trigger
  const facts = { ...trigger.facts, command: written.command }
  const action = parseTypedAction(written.text)
  if (action.kind === 'action') {
    const { verb, run } = action
    return { kind: 'action', action: { verb, run, event, deliveryId, actor, facts, replyAddress } }
  }
  const command = { ...trigger, facts, replyAddress, rawParams: { kind: 'text', text: written.text } as const }
  const pending = withPullRequestUnknown(command, payload)
  if (action.kind !== 'run' || pending.incomplete !== true) return { kind: action.kind, trigger: pending }
  return { kind: 'run', trigger: { ...pending, facts: { ...pending.facts, seen: 'unknown' } } }
}

/** Null: the payload does not say which comment it is. */
const commentAddressOf = (payload: Payload, { command }: Command): ReplyAddress | null => {
  const issue = asInteger(valueAt(payload, 'issue', 'number'))
  const comment = asInteger(valueAt(payload, 'comment', 'id'))
  const repository = repositoryAddressOf(repositoryNameOf(payload), payload)
  return issue === undefined || comment === undefined || repository === null
    ? null
    : parseReplyAddress({ ...repository, issue, comment, command })
}

/** The payload of a comment does not name the commit of the pull request. Until that is known, it may be from a fork. */
const withPullRequestUnknown = (trigger: Trigger<ReplyAddress>, { issue }: Payload): Trigger<ReplyAddress> =>
  (valueAt(issue, 'pull_request') ?? null) === null
    ? trigger
    : { ...trigger, facts: { ...trigger.facts, fork: true }, incomplete: true }
