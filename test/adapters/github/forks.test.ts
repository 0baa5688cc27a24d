/** Which events are about the code of a fork, or may be. */
import { describe, expect, it } from 'vitest'
import { eventRefs } from '../../../src/adapters/github/event-refs.ts'
import { isOfFork, isPullOfFork } from '../../../src/adapters/github/fork-rules.ts'
import { routeFacts } from '../../../src/adapters/github/route-facts.ts'

const repository = { full_name: 'acme/site' }
const fork = { full_name: 'eve/site' }
const sha = 'a'.repeat(40)
const pull = (from: unknown) => ({ pull_request: { head: { repo: from }, base: { repo: repository } }, repository })
const run = (from: object) => ({ workflow_run: { head_branch: 'main', head_sha: sha, ...from }, repository })
const deployed = { deployment: { ref: 'main', sha } }

describe('isOfFork', () => {
  it.each<[string, string, Record<string, unknown>, boolean]>([
    ['a pull request from a fork', 'pull_request', pull(fork), true],
    ['a pull request from a deleted fork', 'pull_request', pull(null), true],
    ['a pull request without repositories', 'pull_request', { pull_request: { head: {}, base: {} }, repository }, true],
    ['a pull request from the repository', 'pull_request', pull(repository), false],
    ['a review of a fork', 'pull_request_review', pull(fork), true],
    ['a workflow run of a fork', 'workflow_run', run({ head_repository: fork, event: 'push' }), true],
    ['a workflow run of a deleted fork', 'workflow_run', run({ head_repository: null, event: 'push' }), true],
    ['a workflow run of the repository', 'workflow_run', run({ head_repository: repository }), false],
    ['a workflow run after a push, without a head repository', 'workflow_run', run({ event: 'push' }), false],
    ['a workflow run of a pull request, without one', 'workflow_run', run({ event: 'pull_request' }), true],
    ['a workflow run that names neither', 'workflow_run', run({}), true],
    ['a workflow job of a branch called main', 'workflow_job', { workflow_job: { head_branch: 'main' } }, true],
    ['a review of a deployment of a fork', 'deployment_review', run({ head_repository: fork }), true],
    ['a deployment without a workflow', 'deployment', { ...deployed, workflow_run: null }, false],
    ['a deployment by a workflow of a fork', 'deployment', { ...deployed, ...run({ head_repository: fork }) }, true],
    ['a deployment by a workflow of a push', 'deployment', { ...deployed, ...run({ event: 'push' }) }, false],
    ['its status', 'deployment_status', { ...deployed, ...run({ head_repository: fork }) }, true],
    ['a rule for a deployment of a pull request', 'deployment_protection_rule', { event: 'pull_request' }, true],
    ['a rule for a deployment of a push', 'deployment_protection_rule', { ...deployed, event: 'push' }, false],
    ['a check suite without a branch', 'check_suite', { check_suite: { head_branch: null } }, true],
    ['a check suite of a branch', 'check_suite', { check_suite: { head_branch: 'main' } }, false],
    ['a check run without a branch', 'check_run', { check_run: { check_suite: { head_branch: null } } }, true],
    ['a check run without a suite', 'check_run', { check_run: {} }, true],
    ['a status of a commit in no branch', 'status', { sha, branches: [] }, true],
    ['a status of a commit in a branch', 'status', { sha, branches: [{ name: 'main' }] }, false],
    ['an alert of a pull request', 'code_scanning_alert', { ref: 'refs/pull/7/merge', commit_oid: sha }, true],
    ['an alert of a branch', 'code_scanning_alert', { ref: 'refs/heads/main', commit_oid: sha }, false],
    ['an alert without a commit', 'code_scanning_alert', { ref: '', commit_oid: '' }, false],
    ['a comment on a commit', 'commit_comment', { comment: { commit_id: sha } }, true],
    ['a push', 'push', { ref: 'refs/heads/main', repository }, false],
    ['a merge group', 'merge_group', { merge_group: { base_ref: 'refs/heads/main' } }, false],
    ['a new event about a pull request of a fork', 'an_event_of_next_year', pull(fork), true],
    ['a new event about a pull request', 'an_event_of_next_year', pull(repository), false],
    ['a new event about a job', 'an_event_of_next_year', { workflow_job: {} }, true],
    ['a new event about something else', 'an_event_of_next_year', { discussion: {} }, false],
  ])('%s', (_, event, payload, expected) => {
    expect(isOfFork(event, payload)).toBe(expected)
    expect(routeFacts(event, payload).fork).toBe(expected || undefined)
  })
})

it('an answer without a pull request is of a fork', () => {
  expect([undefined, null, {}, 'x'].map(isPullOfFork)).toEqual([true, true, true, true])
})

describe('the table of events', () => {
  const isHead = (paths: unknown) =>
    [paths ?? []].flat().some((path) => /head_(branch|sha)|head\.sha/.test(String(path)))
  const heads = Object.entries(eventRefs).filter(([, { branch, commit }]) => isHead(branch) || isHead(commit))
  it('has a rule about forks for every event with a head', () => {
    expect(heads.length).toBeGreaterThan(9)
    expect(heads.filter(([, { fork }]) => fork === 'never').map(([name]) => name)).toEqual(['merge_group'])
  })
  it.each(Object.entries(eventRefs).filter(([, { fork }]) => fork !== 'never'))(
    '%s without anything that shows its origin may be of a fork',
    (event, { fork: rule }) => {
      // A deployment without a workflow, and an alert without a commit, have no code of anybody else.
      const payload = rule === 'deployment' ? { workflow_run: {} } : rule === 'pull-ref' ? { commit_oid: sha } : {}
      expect(isOfFork(event, payload)).toBe(true)
    },
  )
})
