/** What routes can filter on in a GitHub event. Pure. */
import type { Facts } from '../../core/adapter.ts'
import { changedPaths } from './changed-paths.ts'
import { refOf } from './event-refs.ts'
import { asName, isObject, optional, type Payload, valueAt } from './payload.ts'
import { repositoryNameOf } from './reply-address.ts'

export function routeFacts(event: string, payload: Payload): Facts {
  const action = asName(payload.action)
  return {
    events: action === undefined ? [event] : [`${event}.${action}`, event],
    ...refOf(event, payload),
    ...pathsOf(event, payload),
    ...optional('repository', repositoryNameOf(payload)),
    ...optional('user', asName(valueAt(payload, 'sender', 'login'))),
    ...optional('association', associationOf(event, payload)),
    ...optional('fork', isOfFork(payload) || undefined),
  }
}

/** The payload of a pull request does not list the changed files. */
function pathsOf(event: string, payload: Payload): Facts {
  if (event === 'push') return { paths: changedPaths(payload) }
  return valueAt(payload, 'pull_request') === undefined ? {} : { paths: 'unknown' }
}

/**
 * The author association of the comment or review, whose author is the sender of the event. Other payloads contain the association of
 * somebody else, for example of the author of the pull request.
 */
const associationOf = (event: string, payload: Payload): string | undefined =>
  asName(valueAt(payload, event === 'pull_request_review' ? 'review' : 'comment', 'author_association'))

/** A deleted fork is null in the payload, and counts as a fork. */
export function isOfFork(payload: Payload): boolean {
  const { pull_request: pull, workflow_run: run } = payload
  if (valueAt(pull, 'base') !== undefined)
    return valueAt(pull, 'head', 'repo', 'full_name') !== valueAt(pull, 'base', 'repo', 'full_name')
  if (isObject(run) && Object.hasOwn(run, 'head_repository'))
    return valueAt(run, 'head_repository', 'full_name') !== valueAt(payload, 'repository', 'full_name')
  // For a commit of a fork, GitHub names no branch.
  return (
    valueAt(payload, 'check_suite', 'head_branch') === null ||
    valueAt(payload, 'check_run', 'check_suite', 'head_branch') === null
  )
}
