/** Where a run's state is reported: the `callbackUrl` that the delivery named. Null: it named none. */
import type { Json } from '../../core/adapter.ts'

/** As the ledger stores it. */
export type ReplyAddress = { readonly callbackUrl: string }

export const parseReplyAddress = (stored: Json): ReplyAddress | null =>
  stored instanceof Object && 'callbackUrl' in stored && typeof stored.callbackUrl === 'string'
    ? { callbackUrl: stored.callbackUrl }
    : null
