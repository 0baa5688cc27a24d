/**
 * Checks that a payload is one of the event that `X-GitHub-Event` names. GitHub does not sign that header: without this check, a recorded
 * delivery could be sent again as another event, and start the runs of that event.
 */
import { type Payload, valueAt } from './payload.ts'

interface Keys {
  /** Every payload of the event has these. A dot leads to a key inside. */
  readonly all: readonly string[]
  /** A payload with one of these is of another event. */
  readonly none?: readonly string[]
}

const has = (...keys: string[]): Keys => ({ all: keys })

/** From GitHub's example payloads and its schema. test/adapters/github checks it with all of them. */
const keysOf: Readonly<Record<string, Keys>> = {
  bypass_request_secret_scanning: has('exemption_request'),
  cache_sync: has('cache_location', 'ref'),
  check_run: { all: ['check_run'], none: ['deployment', 'deployment_status'] },
  check_suite: has('check_suite'),
  code_scanning_alert: has('alert.rule', 'alert.tool'),
  commit_comment: { all: ['comment'], none: ['issue', 'pull_request', 'discussion'] },
  create: has('ref', 'ref_type', 'master_branch'),
  delete: { all: ['ref', 'ref_type'], none: ['master_branch'] },
  dependabot_alert: has('alert.dependency', 'alert.security_advisory'),
  deployment: {
    all: ['deployment'],
    none: ['deployment_status', 'workflow_job', 'deployment_callback_url', 'pull_requests'],
  },
  deployment_review: has('workflow_run', 'since'),
  deployment_status: has('deployment_status'),
  dismissal_request_code_scanning: has('exemption_request'),
  dismissal_request_secret_scanning: has('exemption_request'),
  discussion: { all: ['discussion'], none: ['comment'] },
  discussion_comment: has('discussion', 'comment'),
  exemption_request_push_ruleset: has('exemption_request'),
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
  push: { all: ['ref'], none: ['ref_type', 'inputs', 'alert', 'cache_location'] },
  registry_package: has('registry_package'),
  release: has('release'),
  repository_dispatch: has('client_payload'),
  secret_scanning_alert_location: has('alert', 'location'),
  star: has('starred_at'),
  status: has('sha'),
  workflow_dispatch: has('inputs', 'workflow'),
  workflow_job: has('workflow_job'),
  workflow_run: { all: ['workflow_run'], none: ['workflow_job_run', 'since', 'deployment', 'deployment_status'] },
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
  const isIn = (path: string): boolean => valueAt(payload, ...path.split('.')) !== undefined
  if (withoutOwnKeys.has(event)) return ![...keysOfOthers].some(isIn)
  const keys = Object.hasOwn(keysOf, event) ? keysOf[event] : undefined
  return keys === undefined || (keys.all.every(isIn) && !(keys.none ?? []).some(isIn))
}
