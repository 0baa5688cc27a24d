/** What taskhook listens to in Slack. Each listener translates what it gets; `translate` hands its translation to core. */
import type { Translation } from '../../core/adapter.ts'
import { once } from '../../core/model/once.ts'
import { actionIdOf, blockActionTranslation, buttonVerbs } from './block-action.ts'
import { type App, type BlockAction, type ButtonAction, createApp, type ViewSubmitAction } from './bolt.ts'
import { paramModalCallback } from './param-modal.ts'
import type { SlackAddress } from './reply-address.ts'
import { slashCommandTranslation } from './slash-command.ts'
import { viewSubmissionTranslation } from './view-submission.ts'

/** Hands a verified and checked body to the listener for it. Undefined: there is none. */
export type ListenerDispatch = (
  body: Readonly<Record<string, unknown>>,
) => Promise<Translation<SlackAddress> | undefined>

/** Every command: an adapter does not know the routes, and core answers a command that none of them takes. */
const anyCommand = /^\//

/** Loads Bolt when the first body comes. */
export function createListenerDispatch(load: () => Promise<App> = createApp): ListenerDispatch {
  const dispatch = once(async () => listen(await load()))
  return async (body) => (await dispatch())(body)
}

function listen(app: App): ListenerDispatch {
  // Bolt's listeners return nothing. Bolt passes them the same body object that it got, so the object identifies the delivery.
  const translations = new WeakMap<object, Translation<SlackAddress>>()

  app.command(anyCommand, async ({ body, command, ack }) => {
    translations.set(body, slashCommandTranslation(command))
    await ack()
  })

  for (const verb of buttonVerbs) {
    const button = { type: 'block_actions', action_id: actionIdOf(verb) } as const
    app.action<BlockAction<ButtonAction>>(button, async ({ body, action, ack }) => {
      translations.set(body, blockActionTranslation(verb, body, action))
      await ack()
    })
  }

  app.view<ViewSubmitAction>(paramModalCallback, async ({ body, ack }) => {
    translations.set(body, viewSubmissionTranslation(body))
    await ack()
  })

  return async (received) => {
    const body = { ...received }
    await app.processEvent({ body, ack: async () => {} })
    return translations.get(body)
  }
}
