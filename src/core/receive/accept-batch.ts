/** Several deliveries in one request: each is accepted or refused by itself, and a retry of the request starts nothing twice. */
import { TaskhookError } from '../errors.ts'
import type { Answer } from '../model/answer.ts'
import type { BatchElement } from '../model/translation.ts'
import { type AcceptServices, acceptRuns } from './accept-runs.ts'
import { refuse, type StepResult } from './step-result.ts'
import type { VerifiedDelivery } from './verified-delivery.ts'

/** Elements that are accepted at the same time. Each needs a few calls, and a sender waits seconds at most. */
const atOnce = 20
/** Milliseconds. `receive` is ended after 30 s, and an answer must come before that. */
const maxMs = 20_000
const tooSlow = (): TaskhookError => new TaskhookError('unavailable', 'the batch took too long; send it again')

export async function acceptBatch(
  services: AcceptServices,
  delivery: VerifiedDelivery,
  elements: readonly BatchElement[],
): Promise<StepResult> {
  const results: StepResult[] = []
  const until = services.now() + maxMs
  for (let from = 0; from < elements.length; from += atOnce) {
    const some = elements.slice(from, from + atOnce)
    // The sender repeats the request, and what has been accepted is a duplicate then.
    const accept = (element: BatchElement, at: number) =>
      services.now() < until
        ? acceptElement(services, delivery, element, from + at)
        : Promise.resolve(refuse(tooSlow()))
    results.push(...(await Promise.all(some.map(accept))))
  }
  const answers: readonly Answer[] = results.map(({ answer }) => answer)
  const runs = results.flatMap(({ log }) => log.runs ?? [])
  const failure = results.find((result) => result.failure !== undefined)?.failure
  const failed = { outcome: 'failed', reason: `a batch of ${elements.length}; see the error before this line` } as const
  const log = { ...(runs.length > 0 && { runs }), ...(failure !== undefined && failed) }
  return { answer: { kind: 'batch', answers }, log, failure }
}

async function acceptElement(
  services: AcceptServices,
  delivery: VerifiedDelivery,
  element: BatchElement,
  at: number,
): Promise<StepResult> {
  // Where nothing identifies an element, its place in this request does.
  const own = { ...delivery, deliveryKey: `${delivery.deliveryKey}:${at}` }
  if (element.kind === 'run') return acceptRuns(services, own, element)
  if (element.kind === 'error') return refuse(element.error)
  return { answer: { kind: 'ignored', reason: element.reason }, log: {} }
}
