/** A slash command, translated. Pure. https://docs.slack.dev/interactivity/implementing-slash-commands */
import type { Translation } from '../../core/adapter.ts'
import { parseTypedAction } from '../../core/model/typed-actions.ts'
import type { SlashCommand } from './bolt.ts'
import { unescapeText } from './mrkdwn.ts'
import type { SlackAddress } from './reply-address.ts'
import { responseUrlOf } from './response-url.ts'
import { deliveryIdOf } from './trigger-id.ts'
import { workspaceIds } from './workspace-ids.ts'

export function slashCommandTranslation(command: SlashCommand): Translation<SlackAddress> {
  const text = unescapeText(command.text ?? '').trim()
  const about = {
    event: command.command,
    deliveryId: deliveryIdOf(command.trigger_id),
    actor: command.user_id,
    facts: {
      command: command.command,
      user: command.user_id,
      channel: command.channel_id,
      workspaces: workspaceIds(command.team_id, command.enterprise_id),
    },
    replyAddress: {
      responseUrl: responseUrlOf(command.response_url),
      user: command.user_id,
      channel: command.channel_id,
    },
  }
  const typed = parseTypedAction(text)
  if (typed.kind === 'action') {
    const { verb, run } = typed
    return { kind: 'action', action: { verb, run, actorName: command.user_name ?? command.user_id, ...about } }
  }
  return {
    kind: typed.kind,
    trigger: {
      ...about,
      rawParams: { kind: 'text', text },
      payload: payloadOf(command, text),
      ...(command.trigger_id !== undefined && { triggerId: command.trigger_id.slice(0, 200) }),
    },
  }
}

/** What expressions may read: not the `token`, the `response_url` or the `trigger_id`, which give access to something. */
function payloadOf(
  { command, user_id, user_name, team_id, team_domain, channel_id, channel_name, api_app_id }: SlashCommand,
  text: string,
) {
  return { command, text, user_id, user_name, team_id, team_domain, channel_id, channel_name, api_app_id }
}
