/** Where events name their branch and commit, compared with GitHub's own example payloads and, for what they lack, its schema. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { commitOf, eventRefs, refOf } from '../../../src/adapters/github/event-refs.ts'

interface Definition {
  readonly name: string
  readonly examples: readonly Record<string, unknown>[]
}
const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json')
const definitions = JSON.parse(readFileSync(path, 'utf8')) as readonly Definition[]
const sha = 'a'.repeat(40)

describe('GitHub’s examples', () => {
  /** Events whose examples have no commit, or none that can have a status: an alert without a location, a package of another registry. */
  const withoutCommit = ['package', 'registry_package', 'release', 'repository_dispatch', 'workflow_dispatch']
  const listed = definitions.filter(({ name }) => Object.hasOwn(eventRefs, name))
  it('contain most of the events that the table lists', () => {
    expect(listed.length).toBeGreaterThan(15)
  })
  it.each(listed.map((definition) => [definition.name, definition.examples] as const))(
    '%s names what the table says',
    (name, examples) => {
      const [refs, commits] = [examples.map((each) => refOf(name, each)), examples.map((each) => commitOf(name, each))]
      if (eventRefs[name]?.commit !== undefined && !withoutCommit.includes(name))
        expect(commits.some((commit) => commit !== undefined)).toBe(true)
      if (eventRefs[name]?.ref !== undefined || eventRefs[name]?.tag !== undefined)
        expect(refs.some(({ branch, tag }) => branch !== undefined || tag !== undefined)).toBe(true)
      for (const { branch } of refs) expect(branch ?? '').not.toMatch(/^refs\//)
    },
  )
})

// Names and types as in https://github.com/octokit/openapi-webhooks 12.1.0.
it.each<[string, object, object, string | undefined]>([
  ['merge_group', { merge_group: { base_ref: 'refs/heads/main', head_sha: sha } }, { branch: 'main' }, sha],
  ['workflow_dispatch', { ref: 'refs/heads/main', inputs: null }, { branch: 'main' }, undefined],
  ['workflow_dispatch', { ref: 'refs/tags/v1', inputs: null }, { tag: 'v1' }, undefined],
  ['code_scanning_alert', { ref: 'refs/heads/main', commit_oid: sha }, { branch: 'main' }, sha],
  ['code_scanning_alert', { ref: 'refs/pull/7/merge', commit_oid: sha }, {}, sha],
  [
    'code_scanning_alert',
    { alert: { most_recent_instance: { ref: 'refs/heads/main', commit_sha: sha } } },
    { branch: 'main' },
    sha,
  ],
  ['workflow_job', { workflow_job: { head_branch: 'main', head_sha: sha } }, { branch: 'main' }, sha],
  ['deployment_review', { workflow_run: { head_branch: 'main', head_sha: sha } }, { branch: 'main' }, sha],
  ['deployment_protection_rule', { deployment: { ref: 'main', sha } }, { branch: 'main' }, sha],
  ['commit_comment', { comment: { commit_id: sha } }, {}, sha],
  ['page_build', { build: { commit: sha } }, {}, sha],
  ['repository_dispatch', { branch: 'main' }, { branch: 'main' }, undefined],
  ['secret_scanning_alert_location', { location: { details: { commit_sha: sha } } }, {}, sha],
  ['push', { ref: 'refs/notes/commits', after: sha }, {}, sha],
  ['push', { ref: 'refs/tags/v1', after: 'b'.repeat(40), head_commit: { id: sha } }, { tag: 'v1' }, sha],
  ['an_event_of_next_year', { pull_request: { base: { ref: 'main' }, head: { sha } } }, { branch: 'main' }, sha],
  ['check_run', { check_run: { head_sha: sha, check_suite: { head_branch: null } } }, {}, sha],
])('%s %j', (name, payload, ref, commit) => {
  expect(refOf(name, payload as Record<string, unknown>)).toEqual(ref)
  expect(commitOf(name, payload as Record<string, unknown>)).toBe(commit)
})
