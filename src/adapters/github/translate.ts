/** A webhook delivery of GitHub as a trigger, an action on a run, or a reply. Pure. https://docs.github.com/en/webhooks */
import type { Translation, Trigger, VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { json } from '../../core/http/json-reply.ts'
import { checkRunAction, isOwnCheckRun } from './check-run-action.ts'
import { checkSuiteRerun } from './check-suite.ts'
import { isOwnComment, translateComment } from './comment-command.ts'
import { isOwnStatusName } from './own-marks.ts'
import { type Payload, parsePayload } from './payload.ts'
import { isPayloadOfEvent } from './payload-check.ts'
import { commitAddressOf, type ReplyAddress } from './reply-address.ts'
import { routeFacts } from './route-facts.ts'

/** The event's name is in a header that GitHub does not sign. So the payload must be one of that event. */
export function translate(request: VerifiedRequest, appId?: number): Translation<ReplyAddress> {
  const event = request.headers['x-github-event']
  if (event === undefined || !/^[a-z][a-z0-9_]{0,63}$/.test(event))
    throw new BadRequest('there is no X-GitHub-Event header that names an event')
  const payload = parsePayload(request)
  if (event === 'ping') return pong(payload)
  if (!isPayloadOfEvent(event, payload)) return { kind: 'ignore', reason: `the body is not that of a ${event} event` }
  const trigger = triggerOf(event, payload, request.headers['x-github-delivery'] ?? '')
  const onChecks = translateChecks(event, payload, trigger, appId)
  if (onChecks !== undefined) return onChecks
  const reason = whyIgnored(event, payload)
  if (reason !== undefined) return { kind: 'ignore', reason }
  return event === 'issue_comment' ? translateComment(trigger, payload) : { kind: 'run', trigger }
}

/** GitHub shows this reply on the page of the delivery. */
const pong = ({ hook_id }: Payload): Translation<ReplyAddress> => ({
  kind: 'reply',
  reply: json(200, { status: 'pong', hook: typeof hook_id === 'number' ? hook_id : undefined }),
  reason: 'ping',
})

function triggerOf(event: string, payload: Payload, deliveryId: string): Trigger<ReplyAddress> {
  const facts = routeFacts(event, payload)
  return {
    event: facts.events?.[0] ?? event,
    deliveryId: deliveryId.slice(0, 64),
    actor: facts.user ?? 'unknown',
    facts,
    rawParams: { kind: 'none' },
    payload,
    replyAddress: commitAddressOf(event, payload),
  }
}

/** Buttons of check runs, *Re-run* and *Re-run all checks*. */
function translateChecks(
  event: string,
  payload: Payload,
  trigger: Trigger<ReplyAddress>,
  appId: number | undefined,
): Translation<ReplyAddress> | undefined {
  if (event === 'check_run' && isOwnCheckRun(payload)) {
    const action = checkRunAction(payload, trigger)
    return action === undefined ? undefined : { kind: 'action', action }
  }
  const deferred = checkSuiteRerun(event, payload, trigger, appId)
  return deferred === undefined ? undefined : { kind: 'deferred', deferred }
}

/** A deleted ref has no commit to run on. An event about taskhook's own comment, status or check run must not start another run. */
function whyIgnored(event: string, payload: Payload): string | undefined {
  if (event === 'push' && payload.deleted === true) return 'the push deletes a ref'
  if (event === 'status' && isOwnStatusName(payload.context)) return 'taskhook wrote the status'
  if (event === 'check_run' && isOwnCheckRun(payload)) return 'taskhook wrote the check run'
  return event === 'issue_comment' && isOwnComment(payload) ? 'taskhook wrote the comment' : undefined
}
