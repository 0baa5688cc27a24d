import type { Deferred, Json, RunAction, Translation, Trigger, VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { json } from '../../core/http/json-reply.ts'
import { commentTranslation, ofPull, whyNobodys } from './comment-command.ts'
import { at, defined, name, number, type Payload, payloadOf, text } from './payload.ts'
import { matchesEventShape } from './payload-check.ts'
import { routeFacts } from './route-facts.ts'

/** The header is not signed, so it only picks how the proven body is read: what the body lacks is not there. */
export function translate(request: VerifiedRequest, appId?: number): Translation {
  const event = request.headers['x-github-event']
  if (event === undefined || !/^[a-z][a-z0-9_]{0,63}$/.test(event))
    throw new BadRequest('there is no X-GitHub-Event header that names an event')
  const payload = payloadOf(request)
  if (event === 'ping') return pong(payload)
  if (!matchesEventShape(event, payload)) return { kind: 'ignore', reason: `the body is not that of a ${event} event` }
  const trigger = triggerOf(event, payload, request.headers['x-github-delivery'] ?? '')
  const asked = checksAsked(event, payload, trigger, appId)
  if (asked !== undefined) return asked
  const ignored = whyIgnored(event, payload)
  if (ignored !== undefined) return { kind: 'ignore', reason: ignored }
  // What is edited later is no new wish.
  const comment =
    event === 'issue_comment' && payload.action === 'created' ? commentTranslation(trigger, payload) : undefined
  return comment ?? { kind: 'run', trigger: event === 'issue_comment' ? ofPull(trigger, payload) : trigger }
}

const pong = ({ hook_id }: Payload): Translation => ({
  kind: 'reply',
  reply: json(200, { status: 'pong', hook: typeof hook_id === 'number' ? hook_id : undefined }),
  reason: 'ping',
})

/** GitHub Actions does not run on deleted refs either; and what we have written ourselves must not start what wrote it. */
function whyIgnored(event: string, payload: Payload): string | undefined {
  if (event === 'push' && payload.deleted === true) return 'the push deletes a ref'
  if (event === 'status' && String(payload.context).startsWith(statusContextPrefix)) return 'the status is our own'
  if (event === 'check_run' && isOurs(payload)) return 'the check run is our own'
  return event === 'issue_comment' ? whyNobodys(payload) : undefined
}

/** *Re-run* and the buttons of our check runs, and *Re-run all*, which reach only the App's own hook. */
function checksAsked(
  event: string,
  payload: Payload,
  trigger: Trigger,
  appId: number | undefined,
): Translation | undefined {
  if (event === 'check_run' && isOurs(payload)) {
    const action = controlOf(payload, trigger)
    return action === undefined ? undefined : { kind: 'action', action }
  }
  const ofApp = appId !== undefined && at(payload, 'check_suite', 'app', 'id') === appId
  if (event !== 'check_suite' || payload.action !== 'rerequested' || !ofApp) return undefined
  const deferred = suiteDeferred(payload, trigger)
  return deferred === undefined ? undefined : { kind: 'deferred', deferred }
}

const buttons = ['cancel', 'rerun', 'approve', 'reject'] as const

/** The hook does not say; but GitHub shows a check's buttons to people with write access, and to nobody else. */
export const whoPresses = 'COLLABORATOR'

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_run */
function controlOf(
  payload: Payload,
  { actor, facts, event, replyAddress, deliveryId }: Trigger,
): RunAction | undefined {
  const pressed = at(payload, 'requested_action', 'identifier')
  const verb =
    payload.action === 'rerequested'
      ? 'rerun'
      : payload.action === 'requested_action'
        ? buttons.find((button) => button === pressed)
        : undefined
  if (verb === undefined) return undefined
  return {
    verb,
    run: String(at(payload, 'check_run', 'external_id')),
    ...{ event, deliveryId, actor, replyAddress },
    facts: { ...facts, association: whoPresses },
  }
}

/** Which check runs are in the suite, only GitHub knows. */
function suiteDeferred(
  payload: Payload,
  { event, deliveryId, actor, replyAddress, facts }: Trigger,
): Deferred | undefined {
  const suite = number(at(payload, 'check_suite', 'id'))
  if (suite === undefined || replyAddress === null) return undefined
  const { user, repository } = facts
  const work = {
    suite,
    event,
    deliveryId,
    actor,
    replyAddress,
    ...defined('user', user),
    ...defined('repository', repository),
  }
  return { event, deliveryId, actor, work }
}

const isOurs = (payload: Payload): boolean =>
  text(at(payload, 'check_run', 'name'))?.startsWith(statusContextPrefix) === true &&
  /^[0-9a-f]{20}$/.test(text(at(payload, 'check_run', 'external_id')) ?? '')

/** Commit statuses and check runs of taskhook are named `taskhook/<task>`. */
export const statusContextPrefix = 'taskhook/'

function triggerOf(event: string, payload: Payload, deliveryId: string): Trigger {
  const facts = routeFacts(event, payload)
  return {
    event: facts.events?.[0] ?? event,
    deliveryId: deliveryId.slice(0, 64),
    actor: facts.user ?? 'unknown',
    facts,
    rawParams: { kind: 'none' },
    payload,
    replyAddress: replyAddress(event, payload),
  }
}

/** `after` of an annotated tag is the tag itself, which takes no status; `head_commit` is the commit that it stands on. */
const pushedCommit = (payload: Payload): unknown =>
  (text(payload.ref)?.startsWith('refs/tags/') ? at(payload, 'head_commit', 'id') : undefined) ?? at(payload, 'after')

/** The commit whose status tells how the run goes; null where the event is about none. */
function replyAddress(event: string, payload: Payload): Json {
  const sha =
    (event === 'push' ? pushedCommit(payload) : undefined) ??
    at(payload, 'pull_request', 'head', 'sha') ??
    at(payload, 'workflow_run', 'head_sha') ??
    at(payload, 'check_run', 'head_sha') ??
    at(payload, 'check_suite', 'head_sha') ??
    at(payload, 'deployment', 'sha') ??
    (event === 'status' ? at(payload, 'sha') : undefined)
  const repository = name(at(payload, 'repository', 'full_name'))
  return typeof sha === 'string' && isSha(sha) && repository !== undefined
    ? { repository, sha, ...defined('installation', number(at(payload, 'installation', 'id'))) }
    : null
}

export const isSha = (text: string): boolean => /^[0-9a-f]{40,64}$/.test(text)
