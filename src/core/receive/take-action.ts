/** An action on an existing run: a button, or a typed command such as `cancel <run>`. */
import { TaskhookError } from '../errors.ts'
import { performRunAction, type RunActionServices } from '../lifecycle/run-action.ts'
import type { Answer } from '../model/answer.ts'
import type { RunAction } from '../model/translation.ts'
import { resolveCommandAccess } from './resolve-command-access.ts'
import { type StepResult, withLog } from './step-result.ts'
import type { VerifiedDelivery } from './verified-delivery.ts'

export async function takeAction(
  services: RunActionServices,
  delivery: VerifiedDelivery,
  action: RunAction,
): Promise<StepResult> {
  const { event, deliveryId, actor, run } = action
  const result = await withLog({ event, delivery: deliveryId, actor, runs: [run] }, async () => ({
    answer: await answerAction(services, delivery, action),
    log: {},
  }))
  const { answer } = result
  return answer.kind === 'refused' ? { ...result, answer: { ...answer, onExistingRun: true } } : result
}

async function answerAction(
  services: RunActionServices,
  delivery: VerifiedDelivery,
  action: RunAction,
): Promise<Answer> {
  const { source, request, deliveryKey, trace, tools } = delivery
  const { command } = action.facts
  // A button is pressed in a message that the person can see; a command can be typed by anyone.
  const { access, facts } =
    command === undefined
      ? { access: 'allowed' as const, facts: action.facts }
      : await resolveCommandAccess(services, delivery, action)
  if (access === 'unknown-command') return { kind: 'ignored', reason: `no route takes ${command}` }
  // Before the run is read: a stranger must not be able to tell an existing run from a missing one.
  if (access === 'denied') throw new TaskhookError('forbidden', 'this is not open to you')
  const { origin } = request
  return performRunAction(services, source, { ...action, facts }, { deliveryKey, origin, trace }, tools)
}
