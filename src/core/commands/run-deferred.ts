/** Deferred work of a source: what `receive` could not do, because only `start` has the source's tokens. */
import { toPublicError } from '../errors.ts'
import { performRunAction, type RunActionServices } from '../lifecycle/run-action.ts'
import { type SenderServices, senderTools } from '../lifecycle/sender-tools.ts'
import type { DeferredMessage } from '../model/queue-messages.ts'
import type { Services } from '../services.ts'

export type DeferredServices = RunActionServices & SenderServices & Pick<Services, 'log'>

/** The actions that come out of it are checked like those of a button: the run's own route decides. */
export async function runDeferred(
  services: DeferredServices,
  { source: name, work, key, origin }: DeferredMessage,
): Promise<void> {
  const source = services.sources.get(name)
  if (source === undefined) return
  const tools = senderTools(services, name)
  const actions = (await source.adapter.runDeferred?.(work, tools)) ?? []
  for (const action of actions) {
    try {
      await performRunAction(services, source, action, { deliveryKey: key, origin, promised: true }, tools)
    } catch (error) {
      if (toPublicError(error).status >= 500) throw error
      services.log.warn('deferred work requested an action that is not allowed', {
        run: action.run,
        source: name,
        error,
      })
    }
  }
}
