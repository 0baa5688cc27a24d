/** Commands that people write into comments: `/analyze dataset=x`. Pure. */
import type { Translation, Trigger } from '../../core/adapter.ts'
import { parseTypedAction } from '../../core/model/typed-actions.ts'
import { at, defined, name, number, type Payload, text } from './payload.ts'

/** Stands in what we write ourselves, where nobody sees it. */
export const ownMark = '<!-- taskhook:'

export interface Command {
  readonly command: string
  readonly text: string
}

/** GitHub takes no longer ones, in characters. */
const longestComment = 65_536

/** The first line that is not empty, where it is a command. Words after it are for people. */
export function commandOf(body: string): Command | undefined {
  const line = body
    .slice(0, longestComment)
    .split(/[\r\n\u2028\u2029]/)
    .find((each) => each.trim() !== '')
    ?.trim()
  const [command = ''] = line?.split(/\s/, 1) ?? []
  return /^\/[^/]+$/.test(command) ? { command, text: (line ?? '').slice(command.length).trim() } : undefined
}

/** Why a comment is nobody's wish: a bot would answer a bot for ever. */
export function whyNobodys(payload: Payload): string | undefined {
  const { comment, sender } = payload
  if (text(at(comment, 'body'))?.includes(ownMark)) return 'the comment is our own'
  const isBot = [at(comment, 'user', 'type'), at(sender, 'type')].includes('Bot')
  const viaApp = (at(comment, 'performed_via_github_app') ?? null) !== null
  return isBot || viaApp ? 'the comment is of a bot' : undefined
}

/** @param trigger of the comment, as of any other event */
export function commentTranslation(trigger: Trigger, payload: Payload): Translation | undefined {
  const { comment, issue } = payload
  const said = commandOf(text(at(comment, 'body')) ?? '')
  const issueNumber = number(at(issue, 'number'))
  const commentId = number(at(comment, 'id'))
  const repository = name(at(payload, 'repository', 'full_name'))
  if (said === undefined || issueNumber === undefined || commentId === undefined || repository === undefined)
    return undefined
  const facts = { ...trigger.facts, command: said.command }
  const replyAddress = {
    ...{ repository, issue: issueNumber, comment: commentId, command: said.command },
    ...defined('installation', number(at(payload, 'installation', 'id'))),
  }
  const words = parseTypedAction(said.text)
  const { event, deliveryId, actor } = trigger
  if (words.kind === 'action')
    return {
      kind: 'action',
      action: { verb: words.verb, run: words.run, event, deliveryId, actor, facts, replyAddress },
    }
  const rawParams = { kind: 'text', text: said.text } as const
  return {
    kind: words.kind,
    trigger: ofPull({ ...trigger, facts, rawParams, replyAddress }, payload),
  }
}

/** Which commit it is about, and whose, stands in the pull request alone: until that is known it may be of a fork. */
export const ofPull = (trigger: Trigger, { issue }: Payload): Trigger =>
  (at(issue, 'pull_request') ?? null) === null
    ? trigger
    : { ...trigger, facts: { ...trigger.facts, fork: true }, incomplete: true }
