/** What routes can ask about a GitHub event. Pure. */
import type { Facts } from '../../core/adapter.ts'
import { changedPaths } from './changed-paths.ts'
import { at, defined, name, type Payload } from './payload.ts'

export function routeFacts(event: string, payload: Payload): Facts {
  const action = name(payload.action)
  const precise = action === undefined ? event : `${event}.${action}`
  return {
    events: precise === event ? [event] : [precise, event],
    ...refOf(event, payload),
    ...pathsOf(event, payload),
    ...defined('repository', name(at(payload, 'repository', 'full_name'))),
    ...defined('user', name(at(payload, 'sender', 'login'))),
    ...defined('association', associationOf(event, payload)),
    ...defined('fork', isOfFork(payload) || undefined),
  }
}

/** What `branches` and `tags` are held against. On pull requests that is the branch they are to be merged into, as in GitHub Actions. */
function refOf(event: string, payload: Payload): Facts {
  if (event === 'push') {
    const ref = name(payload.ref) ?? ''
    if (ref.startsWith('refs/heads/')) return { branch: ref.slice('refs/heads/'.length) }
    return ref.startsWith('refs/tags/') ? { tag: ref.slice('refs/tags/'.length) } : {}
  }
  if (event === 'create' || event === 'delete') {
    return defined(payload.ref_type === 'tag' ? 'tag' : 'branch', name(payload.ref))
  }
  if (event === 'release') return defined('tag', name(at(payload, 'release', 'tag_name')))
  const branch =
    at(payload, 'pull_request', 'base', 'ref') ??
    at(payload, 'workflow_run', 'head_branch') ??
    at(payload, 'check_run', 'check_suite', 'head_branch') ??
    at(payload, 'check_suite', 'head_branch') ??
    at(payload, 'deployment', 'ref')
  return defined('branch', name(branch))
}

function pathsOf(event: string, payload: Payload): Facts {
  if (event === 'push') return { paths: changedPaths(payload) }
  // The hook does not say which files a pull request changes.
  return at(payload, 'pull_request') === undefined ? {} : { paths: 'unknown' }
}

/** Of whoever wrote the comment or the review, which is who sent it; elsewhere it is somebody else's. */
const associationOf = (event: string, payload: Payload): string | undefined =>
  event === 'pull_request_review'
    ? name(at(payload, 'review', 'author_association'))
    : name(at(payload, 'comment', 'author_association'))

/** A fork that has been deleted is still one. */
export function isOfFork(payload: Payload): boolean {
  const pull = payload.pull_request
  if (typeof pull === 'object' && pull !== null && at(pull, 'base') !== undefined)
    return at(pull, 'head', 'repo', 'full_name') !== at(pull, 'base', 'repo', 'full_name')
  const run = payload.workflow_run
  if (typeof run === 'object' && run !== null && Object.hasOwn(run, 'head_repository'))
    return at(run, 'head_repository', 'full_name') !== at(payload, 'repository', 'full_name')
  // Of a fork's commits GitHub names no branch.
  return (
    at(payload, 'check_suite', 'head_branch') === null ||
    at(payload, 'check_run', 'check_suite', 'head_branch') === null
  )
}
