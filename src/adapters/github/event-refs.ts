/**
 * Where each event of GitHub names its branch or tag, and its commit. Data, and the two functions that read it. test/adapters/github
 * compares it with GitHub's schema (https://github.com/octokit/openapi-webhooks), and docs/adapters/github.md shows it. Pure.
 */
import type { Facts } from '../../core/adapter.ts'
import { asCommitSha, asName, asText, optional, type Payload, valueAt } from './payload.ts'

/** Paths with dots. If a list, the first one that has a value counts. */
type Paths = string | readonly string[]

export interface EventRefs {
  /** A branch, by its name or as `refs/heads/…`; or a tag as `refs/tags/…`. */
  readonly ref?: Paths
  /** A tag by its name. */
  readonly tag?: Paths
  /** The commit that gets the status. */
  readonly commit?: Paths
}

const pullRequest: EventRefs = { ref: 'pull_request.base.ref', commit: 'pull_request.head.sha' }
const deployment: EventRefs = { ref: 'deployment.ref', commit: 'deployment.sha' }
const workflowRun: EventRefs = { ref: 'workflow_run.head_branch', commit: 'workflow_run.head_sha' }

export const eventRefs: Readonly<Record<string, EventRefs>> = {
  check_run: { ref: 'check_run.check_suite.head_branch', commit: 'check_run.head_sha' },
  check_suite: { ref: 'check_suite.head_branch', commit: 'check_suite.head_sha' },
  code_scanning_alert: {
    ref: ['ref', 'alert.most_recent_instance.ref'],
    commit: ['commit_oid', 'alert.most_recent_instance.commit_sha'],
  },
  commit_comment: { commit: 'comment.commit_id' },
  deployment,
  deployment_protection_rule: deployment,
  deployment_review: workflowRun,
  deployment_status: deployment,
  /** The commit that the queue wants to merge. Its base is a full ref. */
  merge_group: { ref: 'merge_group.base_ref', commit: 'merge_group.head_sha' },
  package: { commit: 'package.package_version.target_oid' },
  page_build: { commit: 'build.commit' },
  pull_request: pullRequest,
  pull_request_review: pullRequest,
  pull_request_review_comment: pullRequest,
  pull_request_review_thread: pullRequest,
  pull_request_target: pullRequest,
  /** For an annotated tag, `after` is the tag object, which cannot have a status; `head_commit` is its commit. */
  push: { ref: 'ref', commit: 'after' },
  registry_package: { commit: 'registry_package.package_version.target_oid' },
  release: { tag: 'release.tag_name' },
  repository_dispatch: { ref: 'branch' },
  secret_scanning_alert_location: { commit: 'location.details.commit_sha' },
  status: { commit: 'sha' },
  workflow_dispatch: { ref: 'ref' },
  workflow_job: { ref: 'workflow_job.head_branch', commit: 'workflow_job.head_sha' },
  workflow_run: workflowRun,
}

/** An event that is not listed, since GitHub adds new ones: the places that most events use. */
const usual: EventRefs = {
  ref: ['pull_request.base.ref', 'workflow_run.head_branch', 'deployment.ref'],
  commit: ['pull_request.head.sha', 'workflow_run.head_sha', 'deployment.sha'],
}

const refsOf = (event: string): EventRefs => (Object.hasOwn(eventRefs, event) ? eventRefs[event] : undefined) ?? usual

const firstAt = (payload: Payload, paths: Paths | undefined): unknown =>
  [paths ?? []]
    .flat()
    .map((path) => valueAt(payload, ...path.split('.')))
    .find((value) => value !== undefined && value !== null)

/** The `branch` or the `tag` of the event. For a pull request it is the base branch, as in GitHub Actions. */
export function refOf(event: string, payload: Payload): Pick<Facts, 'branch' | 'tag'> {
  if (event === 'create' || event === 'delete')
    return optional(payload.ref_type === 'tag' ? 'tag' : 'branch', asName(payload.ref))
  const { ref, tag } = refsOf(event)
  const name = asName(firstAt(payload, ref)) ?? ''
  if (name.startsWith('refs/heads/')) return { branch: name.slice('refs/heads/'.length) }
  if (name.startsWith('refs/tags/')) return { tag: name.slice('refs/tags/'.length) }
  // `refs/pull/…/merge` is neither.
  if (name !== '' && !name.startsWith('refs/') && event !== 'push') return { branch: name }
  return optional('tag', asName(firstAt(payload, tag)))
}

/** @returns undefined: the event is about no commit */
export function commitOf(event: string, payload: Payload): string | undefined {
  const isTagPush = event === 'push' && asText(payload.ref)?.startsWith('refs/tags/') === true
  return (
    (isTagPush ? asCommitSha(valueAt(payload, 'head_commit', 'id')) : undefined) ??
    asCommitSha(firstAt(payload, refsOf(event).commit))
  )
}
