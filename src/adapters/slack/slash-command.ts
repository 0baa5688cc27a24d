/** A slash command in our words. Pure. */
import type { SlashCommand } from '@slack/bolt/dist/types/index.js'
import type { Translation } from '../../core/adapter.ts'
import { parseTypedAction } from '../../core/model/typed-actions.ts'

/** What a `response_url` may lead to: it is posted to from inside an AWS account. */
const responseHosts = new Set(['hooks.slack.com', 'hooks.slack-gov.com'])

export function commandTranslation(command: SlashCommand): Translation {
  const text = unescapeText(command.text ?? '').trim()
  const about = {
    event: command.command,
    deliveryId: deliveryIdOf(command.trigger_id),
    actor: command.user_id,
    facts: { command: command.command, user: command.user_id, channel: command.channel_id },
    replyAddress: {
      responseUrl: checkedUrl(command.response_url),
      user: command.user_id,
      channel: command.channel_id,
    },
  }
  const words = parseTypedAction(text)
  if (words.kind === 'action') {
    const { verb, run } = words
    return { kind: 'action', action: { verb, run, actorName: command.user_name ?? command.user_id, ...about } }
  }
  return {
    kind: words.kind,
    trigger: {
      ...about,
      rawParams: { kind: 'text', text },
      payload: payloadOf(command, text),
      ...(command.trigger_id !== undefined && { triggerId: command.trigger_id.slice(0, 200) }),
    },
  }
}

/** The first part of the trigger id is enough to find it again, and useless to whoever reads the log. What has no parts is all key. */
export const deliveryIdOf = (triggerId: unknown): string =>
  /^(\d{1,20})\./.exec(typeof triggerId === 'string' ? triggerId : '')?.[1] ?? ''

/** What expressions may see: not the `token`, the `response_url` or the `trigger_id`, which are keys to something. */
function payloadOf(
  { command, user_id, user_name, team_id, team_domain, channel_id, channel_name, api_app_id }: SlashCommand,
  text: string,
) {
  return { command, text, user_id, user_name, team_id, team_domain, channel_id, channel_name, api_app_id }
}

export function checkedUrl(url: string | undefined): string | null {
  const parsed = url === undefined ? null : URL.parse(url)
  return parsed?.protocol === 'https:' && responseHosts.has(parsed.host) && parsed.username === '' ? parsed.href : null
}

/**
 * With `should_escape` Slack writes people, channels and links as `<@U1|ann>`, `<#C1|data>`, `<https://x.org|x.org>`, and `& < >` as
 * entities; without it, as they were typed. Both are read: people and channels as their ids, links as their addresses. Any other
 * "<" was typed.
 */
export const unescapeText = (text: string): string =>
  text
    .replace(/<(?:[@#!]|(?=[a-z][a-z\d+.-]*:))([^<>|\s]+)(?:\|[^<>]*)?>/gi, (_, value: string) =>
      value.replace(/^mailto:/, ''),
    )
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
