/**
 * Where each event of GitHub names its branches or tag, and its commit. Data: read-refs.ts and fork-rules.ts read it. test/adapters/github
 * compares it with GitHub's schema (https://github.com/octokit/openapi-webhooks), and docs/adapters/github.md shows it.
 */

/** Paths with dots, and `[]` for each item of a list. Of several paths, the first one that has a value counts. */
export type Paths = string | readonly string[]

export interface EventRefs {
  /** A full name: `refs/heads/…` is a branch, `refs/tags/…` a tag, and any other is neither. */
  readonly ref?: Paths
  /** A name that is a tag if `ref_type` says so, and otherwise a branch. */
  readonly typedRef?: Paths
  /** Branches by name. A full name, or a commit in place of a branch, is recognized. */
  readonly branch?: Paths
  /** A tag by name. */
  readonly tag?: Paths
  /** The commit that gets the status. */
  readonly commit?: Paths
  /** The commit, if the ref is a tag and this has one. */
  readonly tagCommit?: Paths
  readonly fork: ForkRule
}

/** How an event shows that its commit is of a fork. If it does not show it, the commit may be of a fork. */
export type ForkRule =
  /** It never is: GitHub sends the event only about refs of the repository itself. */
  | 'never'
  /** The pull request names the repositories of its head and its base. */
  | 'pull-request'
  /** The workflow run names the repository of its head. */
  | 'workflow-run'
  /** As `workflow-run`. A deployment that no workflow run made was created by somebody with write access. */
  | 'deployment'
  /** `event` names what triggered the workflow: after a push, for example, it runs in the repository itself. */
  | 'trigger'
  /** GitHub names no branch for a commit of a fork. */
  | 'no-branch'
  /** The ref is that of a pull request, or there is none. */
  | 'pull-ref'
  /** The payload does not show it. */
  | 'unknown'

const pullRequest: EventRefs = {
  branch: 'pull_request.base.ref',
  commit: 'pull_request.head.sha',
  fork: 'pull-request',
}
const deployment: EventRefs = { branch: 'deployment.ref', commit: 'deployment.sha', fork: 'deployment' }
const workflowRun: EventRefs = {
  branch: 'workflow_run.head_branch',
  commit: 'workflow_run.head_sha',
  fork: 'workflow-run',
}
const packageVersion = (version: string): EventRefs => ({
  branch: [
    `${version}.target_commitish`,
    `${version}.release.target_commitish`,
    `${version}.nuget_metadata[].value.branch`,
  ],
  tag: [`${version}.tag_name`, `${version}.release.tag_name`],
  commit: [
    `${version}.target_oid`,
    `${version}.npm_metadata.commit_oid`,
    `${version}.rubygems_metadata[].commit_oid`,
    `${version}.nuget_metadata[].value.commit`,
  ],
  fork: 'never',
})
/** A push that was blocked, so its commit is not on GitHub and cannot have a status. */
const exemptionRequest: EventRefs = {
  branch: 'exemption_request.exemption_request_data.data[].locations[].branch',
  fork: 'never',
}

export const eventRefs: Readonly<Record<string, EventRefs>> = {
  bypass_request_secret_scanning: exemptionRequest,
  /** Of GitHub Enterprise Server. */
  cache_sync: { ref: 'ref', commit: 'after', fork: 'never' },
  check_run: { branch: 'check_run.check_suite.head_branch', commit: 'check_run.head_sha', fork: 'no-branch' },
  check_suite: { branch: 'check_suite.head_branch', commit: 'check_suite.head_sha', fork: 'no-branch' },
  code_scanning_alert: {
    ref: ['ref', 'alert.most_recent_instance.ref'],
    commit: ['commit_oid', 'alert.most_recent_instance.commit_sha'],
    fork: 'pull-ref',
  },
  /** Anybody can comment on a commit of a fork, under the address of the repository. */
  commit_comment: { commit: 'comment.commit_id', fork: 'unknown' },
  create: { typedRef: 'ref', fork: 'never' },
  delete: { typedRef: 'ref', fork: 'never' },
  deployment,
  deployment_protection_rule: { ...deployment, fork: 'trigger' },
  deployment_review: workflowRun,
  deployment_status: deployment,
  dismissal_request_code_scanning: exemptionRequest,
  dismissal_request_secret_scanning: exemptionRequest,
  exemption_request_push_ruleset: exemptionRequest,
  /** The commit that the queue wants to merge. */
  merge_group: { ref: 'merge_group.base_ref', commit: 'merge_group.head_sha', fork: 'never' },
  package: packageVersion('package.package_version'),
  page_build: { commit: 'build.commit', fork: 'never' },
  pull_request: pullRequest,
  pull_request_review: pullRequest,
  pull_request_review_comment: pullRequest,
  pull_request_review_thread: pullRequest,
  pull_request_target: pullRequest,
  /** For an annotated tag, `after` is the tag object, which cannot have a status. */
  push: { ref: 'ref', commit: 'after', tagCommit: 'head_commit.id', fork: 'never' },
  registry_package: packageVersion('registry_package.package_version'),
  /** The branch that the tag was to be created from. Where it was a commit, that is the commit. */
  release: {
    branch: 'release.target_commitish',
    tag: 'release.tag_name',
    commit: 'release.target_commitish',
    fork: 'never',
  },
  repository_dispatch: { branch: 'branch', fork: 'never' },
  secret_scanning_alert_location: { commit: 'location.details.commit_sha', fork: 'never' },
  /** All branches that contain the commit, up to ten. */
  status: { branch: 'branches[].name', commit: 'sha', fork: 'no-branch' },
  workflow_dispatch: { ref: 'ref', fork: 'never' },
  workflow_job: { branch: 'workflow_job.head_branch', commit: 'workflow_job.head_sha', fork: 'unknown' },
  workflow_run: workflowRun,
}
