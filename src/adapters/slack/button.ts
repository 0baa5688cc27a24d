/** A button of one of our messages, in our words. Pure. */
import type { BlockAction, ButtonAction } from '@slack/bolt/dist/types/index.js'
import type { RunAction, Translation } from '../../core/adapter.ts'
import { checkedUrl, deliveryIdOf } from './slash-command.ts'

/** What our buttons are called: `taskhook:cancel`. */
export const actionPrefix = 'taskhook:'
const verbs: readonly RunAction['verb'][] = ['cancel', 'rerun', 'show', 'approve', 'reject']

export function actionTranslation(body: BlockAction, action: ButtonAction): Translation {
  const verb = verbs.find((each) => action.action_id === `${actionPrefix}${each}`)
  if (verb === undefined) return { kind: 'ignore', reason: 'a button that is none of ours' }
  const { user, channel, container } = body
  return {
    kind: 'action',
    action: {
      verb,
      run: action.value ?? '',
      event: action.action_id,
      deliveryId: deliveryIdOf(body.trigger_id),
      actor: user.id,
      actorName: user.username ?? user.id,
      facts: { user: user.id, ...(channel !== undefined && { channel: channel.id }) },
      replyAddress: {
        responseUrl: checkedUrl(body.response_url),
        user: user.id,
        ...(channel !== undefined && { channel: channel.id }),
        button: true,
        ...(container?.is_ephemeral === false && { shared: true }),
      },
    },
  }
}
