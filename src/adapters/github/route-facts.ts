/** What routes can filter on in a GitHub event. Pure. */
import type { Facts } from '../../core/adapter.ts'
import { botFacts } from './bots.ts'
import { changedPaths } from './changed-paths.ts'
import { isOfFork } from './fork-rules.ts'
import { asName, optional, type Payload, valueAt } from './payload.ts'
import { refOf } from './read-refs.ts'
import { repositoryNameOf } from './reply-address.ts'

export function routeFacts(event: string, payload: Payload): Facts {
  const action = asName(payload.action)
  return {
    events: action === undefined ? [event] : [`${event}.${action}`, event],
    ...refOf(event, payload),
    ...pathsOf(event, payload),
    ...optional('repository', repositoryNameOf(payload)),
    ...optional('user', asName(valueAt(payload, 'sender', 'login'))),
    ...botFacts(event, payload),
    ...optional('association', associationOf(event, payload)),
    ...optional('fork', isOfFork(event, payload) || undefined),
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
