/**
 * What every adapter must do. `describeAdapter(name, contract)` is the whole test: one call for an adapter, or for each of its schemes.
 *
 * - verification.ts: only an unchanged delivery that is signed with one of the secrets is authenticated
 * - delivery-key.ts: the same delivery has the same key
 * - translation.ts: a delivery is translated without side effects, and cannot cause another error than a bad request
 * - secrecy.ts: no secret leaves the adapter
 * - status-updates.ts: the sender gets the run's status, and nothing else is called
 */
import { type Contract, caseOf } from './contract.ts'
import { describeDeliveryKey } from './delivery-key.ts'
import { describeSecrecy } from './secrecy.ts'
import { describeHttpReplies, describeStatusUpdates } from './status-updates.ts'
import { describeTranslation } from './translation.ts'
import { describeVerification } from './verification.ts'

export type { Contract, Recording } from './contract.ts'

export function describeAdapter(name: string, contract: Contract): void {
  const on = caseOf(contract)
  describeVerification(name, on)
  describeDeliveryKey(name, on)
  describeTranslation(name, on)
  describeSecrecy(name, on)
  describeStatusUpdates(name, on)
  describeHttpReplies(name, on)
}
