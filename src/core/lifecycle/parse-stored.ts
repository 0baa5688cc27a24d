/** What the ledger keeps for an adapter, read back in the adapter's own types. An adapter without a parser keeps plain JSON. */
import type { Adapter } from '../adapter.ts'
import type { Json } from '../model/json.ts'

/** @param stored null: the delivery named no reply address */
export const parseStoredAddress = (adapter: Adapter, stored: Json): Json | null =>
  stored === null || adapter.parseAddress === undefined ? stored : adapter.parseAddress(stored)

/** @param stored undefined or null: `updateStatus` has returned nothing to remember */
export function parseStoredMemory(adapter: Adapter, stored: Json | undefined): Json | undefined {
  if (stored === undefined || stored === null) return undefined
  return adapter.parseMemory === undefined ? stored : adapter.parseMemory(stored)
}
