/** Where a run's updates go in Slack. Pure. */
import type { Json } from '../../core/adapter.ts'
import { isJsonObject } from '../../core/model/json.ts'

/** As the ledger stores it, so its keys never change. */
export type SlackAddress = {
  /** Null: there was none, or it did not lead to Slack. */
  readonly responseUrl: string | null
  /** The requester's id. */
  readonly user?: string
  /** The id of the channel where the command was typed. */
  readonly channel?: string
  /** Requested with a button, so Slack does not show the HTTP reply. */
  readonly button?: true
  /** The button's message is visible to others. */
  readonly shared?: true
  /** Requested with the modal for parameters, which `params` are the fields of. */
  readonly form?: true
  readonly params?: readonly string[]
}

export function parseAddress(stored: Json): SlackAddress | null {
  if (!isJsonObject(stored)) return null
  const { responseUrl, user, channel, button, shared, form, params } = stored
  return {
    responseUrl: typeof responseUrl === 'string' ? responseUrl : null,
    ...(typeof user === 'string' && { user }),
    ...(typeof channel === 'string' && { channel }),
    ...(button === true && { button }),
    ...(shared === true && { shared }),
    ...(form === true && { form }),
    ...(Array.isArray(params) && { params: params.filter((name) => typeof name === 'string') }),
  }
}
