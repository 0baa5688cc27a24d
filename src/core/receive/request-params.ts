/** Asks a person for the parameters that a command lacks, if the adapter can. Otherwise the person gets the refusal. */
import type { Answer, RefusedAnswer } from '../model/answer.ts'
import type { Trigger } from '../model/trigger.ts'
import { type DeferServices, sendWork } from './deferred.ts'
import type { VerifiedDelivery } from './verified-delivery.ts'

export async function requestParams(
  services: DeferServices,
  delivery: VerifiedDelivery,
  trigger: Trigger,
  refusal: RefusedAnswer,
): Promise<Answer> {
  const { missing, problems } = refusal
  const work = missing === undefined ? undefined : delivery.source.adapter.askForParams?.(trigger, missing)
  if (work === undefined) return refusal
  await sendWork(services, delivery, work)
  return { kind: 'params-requested', command: trigger.facts.command ?? trigger.event, problems }
}
