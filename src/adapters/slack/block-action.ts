/** A pressed button of one of our messages (`block_actions`), translated. Pure. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
import type { RunAction, Translation } from '../../core/adapter.ts'
import type { BlockAction, ButtonAction } from './bolt.ts'
import type { SlackAddress } from './reply-address.ts'
import { responseUrlOf } from './response-url.ts'
import { deliveryIdOf } from './trigger-id.ts'
import { workspaceIdsOf } from './workspace-ids.ts'

export type ButtonVerb = RunAction['verb']

/** The buttons of our messages. They stay in old messages, so their ids never change. */
export const buttonVerbs: readonly ButtonVerb[] = ['cancel', 'rerun', 'show', 'approve', 'reject']
export const actionIdOf = (verb: ButtonVerb): string => `taskhook:${verb}`

export function blockActionTranslation(
  verb: ButtonVerb,
  body: BlockAction,
  action: ButtonAction,
): Translation<SlackAddress> {
  const { user, channel, container } = body
  const place = channel === undefined ? {} : { channel: channel.id }
  return {
    kind: 'action',
    action: {
      verb,
      run: action.value ?? '',
      event: action.action_id,
      deliveryId: deliveryIdOf(body.trigger_id),
      actor: user.id,
      actorName: user.username ?? user.id,
      facts: { user: user.id, ...place, workspaces: workspaceIdsOf(body) },
      replyAddress: {
        responseUrl: responseUrlOf(body.response_url),
        user: user.id,
        ...place,
        button: true,
        ...(container?.is_ephemeral === false && { shared: true }),
      },
    },
  }
}
