import type { Control, Facts, Json, Translation, Trigger, VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { formOf, isForm, json, jsonOf, textOf } from '../../core/http.ts'
import { changedPaths } from './paths.ts'
import { isOfEvent } from './shape.ts'

type Payload = Readonly<Record<string, unknown>>

/** The header is not signed, so it only picks how the proven body is read: what the body lacks is not there. */
export function translate(request: VerifiedRequest): Translation {
  const event = request.headers['x-github-event']
  if (event === undefined || !/^[a-z][a-z0-9_]{0,63}$/.test(event))
    throw new BadRequest('there is no X-GitHub-Event header that names an event')
  const payload = payloadOf(request)
  if (event === 'ping') return pong(payload)
  if (!isOfEvent(event, payload)) return { kind: 'ignore', reason: `the body is not that of a ${event} event` }
  const control = controlOf(event, payload, request.headers['x-github-delivery'] ?? '')
  if (control !== undefined) return { kind: 'control', control }
  const ignored = whyIgnored(event, payload)
  if (ignored !== undefined) return { kind: 'ignore', reason: ignored }
  return { kind: 'run', trigger: triggerOf(event, payload, request.headers['x-github-delivery'] ?? '') }
}

/** JSON, or the form with one field that hooks made by the REST API send unless told otherwise. */
function payloadOf(request: VerifiedRequest): Payload {
  const text = textOf(request.body)
  const form = isForm(request, text)
  const source = form ? formOf(text).payload : text
  if (source === undefined) throw new BadRequest('the form has no field "payload"')
  const payload = jsonOf(source)
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new BadRequest('the payload is not a JSON object')
  return payload as Payload
}

const pong = ({ hook_id }: Payload): Translation => ({
  kind: 'reply',
  reply: json(200, { status: 'pong', hook: typeof hook_id === 'number' ? hook_id : undefined }),
  reason: 'ping',
})

/** GitHub Actions does not run on deleted refs either; and a status that we have set must not start what set it. */
function whyIgnored(event: string, payload: Payload): string | undefined {
  if (event === 'push' && payload.deleted === true) return 'the push deletes a ref'
  if (event === 'status' && String(payload.context).startsWith(statusContextPrefix)) return 'the status is our own'
  if (event === 'check_run' && isOurs(payload)) return 'the check run is our own'
  return undefined
}

/**
 * *Re-run* and the buttons of a check run of ours, which reach only the App's own hook.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_run
 */
function controlOf(event: string, payload: Payload, deliveryId: string): Control | undefined {
  if (event !== 'check_run' || !isOurs(payload)) return undefined
  const { action } = payload
  const asked =
    action === 'rerequested'
      ? 'rerun'
      : action === 'requested_action'
        ? at(payload, 'requested_action', 'identifier')
        : undefined
  if (asked !== 'cancel' && asked !== 'rerun') return undefined
  const { actor, facts, event: name, answerTo, deliveryId: id } = triggerOf(event, payload, deliveryId)
  return {
    verb: asked,
    run: String(at(payload, 'check_run', 'external_id')),
    event: name,
    deliveryId: id,
    actor,
    facts,
    answerTo,
  }
}

const isOurs = (payload: Payload): boolean =>
  text(at(payload, 'check_run', 'name'))?.startsWith(statusContextPrefix) === true &&
  /^[0-9a-f]{20}$/.test(text(at(payload, 'check_run', 'external_id')) ?? '')

/** Commit statuses of taskhook are named `taskhook/<task>`. */
export const statusContextPrefix = 'taskhook/'

function triggerOf(event: string, payload: Payload, deliveryId: string): Trigger {
  const { action } = payload
  const name = typeof action === 'string' ? `${event}.${action}` : event
  const actor = text(at(payload, 'sender', 'login'))
  return {
    event: name,
    deliveryId: deliveryId.slice(0, 64),
    actor: actor ?? 'unknown',
    facts: {
      events: name === event ? [event] : [name, event],
      ...refOf(event, payload),
      ...pathsOf(event, payload),
      ...defined('repository', text(at(payload, 'repository', 'full_name'))),
      ...defined('user', actor),
    },
    given: { kind: 'none' },
    payload,
    answerTo: answerTo(event, payload),
  }
}

/** A value deep inside, or undefined; own keys only. */
function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? (inner as Payload)[key] : undefined,
    value,
  )
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const defined = <K extends keyof Facts>(key: K, value: string | undefined): Facts =>
  value === undefined ? {} : { [key]: value }

/** What `branches` and `tags` are held against. On pull requests that is the branch they are to be merged into, as in GitHub Actions. */
function refOf(event: string, payload: Payload): Facts {
  if (event === 'push') {
    const ref = text(payload.ref) ?? ''
    if (ref.startsWith('refs/heads/')) return { branch: ref.slice('refs/heads/'.length) }
    return ref.startsWith('refs/tags/') ? { tag: ref.slice('refs/tags/'.length) } : {}
  }
  if (event === 'create' || event === 'delete') {
    return defined(payload.ref_type === 'tag' ? 'tag' : 'branch', text(payload.ref))
  }
  if (event === 'release') return defined('tag', text(at(payload, 'release', 'tag_name')))
  const branch =
    at(payload, 'pull_request', 'base', 'ref') ??
    at(payload, 'workflow_run', 'head_branch') ??
    at(payload, 'check_run', 'check_suite', 'head_branch') ??
    at(payload, 'check_suite', 'head_branch') ??
    at(payload, 'deployment', 'ref')
  return defined('branch', text(branch))
}

function pathsOf(event: string, payload: Payload): Facts {
  if (event === 'push') return { paths: changedPaths(payload) }
  // The hook does not say which files a pull request changes.
  return at(payload, 'pull_request') === undefined ? {} : { paths: 'unknown' }
}

/** `after` of an annotated tag is the tag itself, which takes no status; `head_commit` is the commit that it stands on. */
const pushedCommit = (payload: Payload): unknown =>
  (text(payload.ref)?.startsWith('refs/tags/') ? at(payload, 'head_commit', 'id') : undefined) ?? at(payload, 'after')

/** The commit whose status tells how the run goes; null where the event is about none. */
function answerTo(event: string, payload: Payload): Json {
  const sha =
    (event === 'push' ? pushedCommit(payload) : undefined) ??
    at(payload, 'pull_request', 'head', 'sha') ??
    at(payload, 'workflow_run', 'head_sha') ??
    at(payload, 'check_run', 'head_sha') ??
    at(payload, 'check_suite', 'head_sha') ??
    at(payload, 'deployment', 'sha') ??
    (event === 'status' ? at(payload, 'sha') : undefined)
  const repository = text(at(payload, 'repository', 'full_name'))
  const installation = at(payload, 'installation', 'id')
  return typeof sha === 'string' && /^[0-9a-f]{40,64}$/.test(sha) && repository !== undefined
    ? { repository, sha, ...(typeof installation === 'number' && { installation }) }
    : null
}
