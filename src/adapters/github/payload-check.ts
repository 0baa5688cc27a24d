/**
 * Whether a proven body is of the event that the header names. `X-GitHub-Event` is not signed: without this a captured body could be
 * sent again under another name, and start what a route keeps for that.
 */

/** What a body of the event holds, and what it never holds since then it would be another's. */
interface Shape {
  readonly holds: readonly string[]
  readonly never?: readonly string[]
}

const holds = (...keys: string[]): Shape => ({ holds: keys })

/** Read off GitHub's own example payloads; test/adapters/github holds it against all of them. */
const shapes: Readonly<Record<string, Shape>> = {
  check_run: { holds: ['check_run'], never: ['deployment', 'deployment_status'] },
  check_suite: holds('check_suite'),
  code_scanning_alert: holds('alert', 'commit_oid'),
  commit_comment: { holds: ['comment'], never: ['issue', 'pull_request', 'discussion'] },
  create: holds('ref', 'ref_type', 'master_branch'),
  delete: { holds: ['ref', 'ref_type'], never: ['master_branch'] },
  deployment: { holds: ['deployment'], never: ['deployment_status', 'workflow_job'] },
  deployment_status: holds('deployment_status'),
  discussion: { holds: ['discussion'], never: ['comment'] },
  discussion_comment: holds('discussion', 'comment'),
  fork: holds('forkee'),
  gollum: holds('pages'),
  issue_comment: holds('issue', 'comment'),
  issues: { holds: ['issue'], never: ['comment'] },
  merge_group: holds('merge_group'),
  package: holds('package'),
  page_build: holds('build'),
  pull_request: { holds: ['pull_request'], never: ['review', 'comment', 'thread'] },
  pull_request_review: holds('pull_request', 'review'),
  pull_request_review_comment: holds('pull_request', 'comment'),
  pull_request_review_thread: holds('pull_request', 'thread'),
  push: { holds: ['ref'], never: ['ref_type', 'inputs', 'alert'] },
  release: holds('release'),
  repository_dispatch: holds('client_payload'),
  star: holds('starred_at'),
  status: holds('sha'),
  workflow_dispatch: holds('inputs', 'workflow'),
  workflow_job: holds('workflow_job'),
  workflow_run: { holds: ['workflow_run'], never: ['workflow_job_run', 'deployment', 'deployment_status'] },
}

/** Events about the repository or the organisation alone, which hold nothing of their own. */
const bare = new Set(['watch', 'public', 'repository', 'organization', 'installation', 'github_app_authorization'])
const subjects = new Set(Object.values(shapes).flatMap((shape) => shape.holds))

/** True for an event that is not listed: GitHub has new ones faster than we do. */
export function matchesEventShape(event: string, payload: Readonly<Record<string, unknown>>): boolean {
  const has = (key: string): boolean => Object.hasOwn(payload, key)
  if (bare.has(event)) return ![...subjects].some(has)
  const shape = Object.hasOwn(shapes, event) ? shapes[event] : undefined
  return shape === undefined || (shape.holds.every(has) && !(shape.never ?? []).some(has))
}
