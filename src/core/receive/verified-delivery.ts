/** An authenticated delivery, as the steps after the signature check use it. */
import type { SenderTools } from '../adapter.ts'
import { receiveTools, type SenderServices } from '../lifecycle/sender-tools.ts'
import type { VerifiedRequest } from '../model/http-request.ts'
import { type Trace, traceOf } from '../model/trace.ts'
import type { Services, Source } from '../services.ts'

export interface VerifiedDelivery {
  readonly source: Source
  readonly request: VerifiedRequest
  /** Identifies the delivery: a redelivery has the same one. */
  readonly deliveryKey: string
  readonly trace: Trace | undefined
  readonly tools: SenderTools
}

export const verifiedDelivery = (
  services: SenderServices & Pick<Services, 'unique'>,
  source: Source,
  request: VerifiedRequest,
): VerifiedDelivery => ({
  source,
  request,
  deliveryKey: request.deliveryKey ?? services.unique(),
  trace: traceOf(request.headers),
  tools: receiveTools(services, source),
})
