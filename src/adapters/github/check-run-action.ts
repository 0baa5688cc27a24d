/** *Re-run* and the buttons of taskhook's own check runs. GitHub sends them to the App's hook only. Pure. */
import type { RunAction, Trigger } from '../../core/adapter.ts'
import { isRunId } from '../../core/model/run.ts'
import { isOwnStatusName } from './own-marks.ts'
import { asText, type Payload, valueAt } from './payload.ts'
import type { ReplyAddress } from './reply-address.ts'

/** Identifiers of the buttons, as check-run.ts writes them. */
const verbs = ['cancel', 'rerun', 'approve', 'reject'] as const

/** GitHub shows the buttons only to people with write access, but its payload does not say so. */
export const buttonAssociation = 'COLLABORATOR'

export const isOwnCheckRun = (payload: Payload): boolean =>
  isOwnStatusName(valueAt(payload, 'check_run', 'name')) &&
  isRunId(asText(valueAt(payload, 'check_run', 'external_id')) ?? '')

/**
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_run
 * @param payload of a check run that is taskhook's own
 * @returns undefined: no button was pressed
 */
export function checkRunAction(payload: Payload, trigger: Trigger<ReplyAddress>): RunAction<ReplyAddress> | undefined {
  const verb = verbOf(payload)
  if (verb === undefined) return undefined
  const { event, deliveryId, actor, replyAddress, facts } = trigger
  return {
    verb,
    run: String(valueAt(payload, 'check_run', 'external_id')),
    event,
    deliveryId,
    actor,
    replyAddress,
    facts: { ...facts, association: buttonAssociation },
  }
}

function verbOf(payload: Payload): RunAction['verb'] | undefined {
  if (payload.action === 'rerequested') return 'rerun'
  const identifier = valueAt(payload, 'requested_action', 'identifier')
  return payload.action === 'requested_action' ? verbs.find((verb) => verb === identifier) : undefined
}
