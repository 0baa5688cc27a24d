/**
 * Checks that a payload is one of the event that `X-GitHub-Event` names. GitHub does not sign that header: without this check, a recorded
 * delivery could be sent again as another event, and start the runs of that event.
 */
import type { Payload } from './payload.ts'

interface Keys {
  /** Every payload of the event has these. */
  readonly all: readonly string[]
  /** A payload with one of these is of another event. */
  readonly none?: readonly string[]
}

const has = (...keys: string[]): Keys => ({ all: keys })

/** From GitHub's example payloads. test/adapters/github checks it with all of them. */
const keysOf: Readonly<Record<string, Keys>> = {
  check_run: { all: ['check_run'], none: ['deployment', 'deployment_status'] },
  check_suite: has('check_suite'),
  code_scanning_alert: has('alert', 'commit_oid'),
  commit_comment: { all: ['comment'], none: ['issue', 'pull_request', 'discussion'] },
  create: has('ref', 'ref_type', 'master_branch'),
  delete: { all: ['ref', 'ref_type'], none: ['master_branch'] },
  deployment: { all: ['deployment'], none: ['deployment_status', 'workflow_job'] },
  deployment_status: has('deployment_status'),
  discussion: { all: ['discussion'], none: ['comment'] },
  discussion_comment: has('discussion', 'comment'),
  fork: has('forkee'),
  gollum: has('pages'),
  issue_comment: has('issue', 'comment'),
  issues: { all: ['issue'], none: ['comment'] },
  merge_group: has('merge_group'),
  package: has('package'),
  page_build: has('build'),
  pull_request: { all: ['pull_request'], none: ['review', 'comment', 'thread'] },
  pull_request_review: has('pull_request', 'review'),
  pull_request_review_comment: has('pull_request', 'comment'),
  pull_request_review_thread: has('pull_request', 'thread'),
  push: { all: ['ref'], none: ['ref_type', 'inputs', 'alert'] },
  release: has('release'),
  repository_dispatch: has('client_payload'),
  star: has('starred_at'),
  status: has('sha'),
  workflow_dispatch: has('inputs', 'workflow'),
  workflow_job: has('workflow_job'),
  workflow_run: { all: ['workflow_run'], none: ['workflow_job_run', 'deployment', 'deployment_status'] },
}

/** Events about a repository or an organisation as a whole. Their payloads have no key of their own. */
const withoutOwnKeys = new Set([
  'watch',
  'public',
  'repository',
  'organization',
  'installation',
  'github_app_authorization',
])
const keysOfOthers = new Set(Object.values(keysOf).flatMap(({ all }) => all))

/** True for an event that is not listed, since GitHub adds new ones. */
export function isPayloadOfEvent(event: string, payload: Payload): boolean {
  const isIn = (key: string): boolean => Object.hasOwn(payload, key)
  if (withoutOwnKeys.has(event)) return ![...keysOfOthers].some(isIn)
  const keys = Object.hasOwn(keysOf, event) ? keysOf[event] : undefined
  return keys === undefined || (keys.all.every(isIn) && !(keys.none ?? []).some(isIn))
}
