/** Work that only `start` may do, since it needs the source's tokens: it goes through the queue. */

import type { Json } from '../model/json.ts'
import type { Deferred } from '../model/translation.ts'
import type { Services } from '../services.ts'
import { type StepResult, withLog } from './step-result.ts'
import type { VerifiedDelivery } from './verified-delivery.ts'

export type DeferServices = Pick<Services, 'queue'>

export const queueDeferred = (
  services: DeferServices,
  delivery: VerifiedDelivery,
  { event, deliveryId, actor, work }: Deferred,
): Promise<StepResult> =>
  withLog({ event, delivery: deliveryId, actor }, async () => {
    await sendWork(services, delivery, work)
    return { answer: { kind: 'deferred' }, log: {} }
  })

export const sendWork = (
  { queue }: DeferServices,
  { source, request, deliveryKey }: VerifiedDelivery,
  work: Json,
): Promise<void> =>
  queue.send({ kind: 'deferred', source: source.config.name, work, key: deliveryKey, origin: request.origin })
