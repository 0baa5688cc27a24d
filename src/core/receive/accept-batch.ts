/** Several deliveries in one request: each is accepted or refused by itself, and a retry of the request starts nothing twice. */
import type { Answer } from '../model/answer.ts'
import type { BatchElement } from '../model/translation.ts'
import { type AcceptServices, acceptRuns } from './accept-runs.ts'
import { refuse, type StepResult } from './step-result.ts'
import type { VerifiedDelivery } from './verified-delivery.ts'

/** Elements that are accepted at the same time. Each needs a few calls, and a sender waits seconds at most. */
const atOnce = 20

export async function acceptBatch(
  services: AcceptServices,
  delivery: VerifiedDelivery,
  elements: readonly BatchElement[],
): Promise<StepResult> {
  const results: StepResult[] = []
  for (let from = 0; from < elements.length; from += atOnce) {
    const some = elements.slice(from, from + atOnce)
    results.push(...(await Promise.all(some.map((element) => acceptElement(services, delivery, element)))))
  }
  const answers: readonly Answer[] = results.map(({ answer }) => answer)
  const runs = results.flatMap(({ log }) => log.runs ?? [])
  const failure = results.find((result) => result.failure !== undefined)?.failure
  return { answer: { kind: 'batch', answers }, log: runs.length > 0 ? { runs } : {}, failure }
}

async function acceptElement(
  services: AcceptServices,
  delivery: VerifiedDelivery,
  element: BatchElement,
): Promise<StepResult> {
  if (element.kind === 'run') return acceptRuns(services, delivery, element)
  if (element.kind === 'error') return refuse(element.error)
  return { answer: { kind: 'ignored', reason: element.reason }, log: {} }
}
