/** Where events name their branches, tag and commit, compared with GitHub's schema and its example payloads. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { eventRefs } from '../../../src/adapters/github/event-refs.ts'
import { commitOf, refOf } from '../../../src/adapters/github/read-refs.ts'
import { branchName, operations, payloadOf, schema } from '../../support/github/schema.ts'

interface Definition {
  readonly name: string
  readonly examples: readonly Record<string, unknown>[]
}
const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json')
const definitions = JSON.parse(readFileSync(path, 'utf8')) as readonly Definition[]
const sha = 'a'.repeat(40)

const pathsOf = (event: string) => {
  const { ref, typedRef, branch, tag, commit, tagCommit } = eventRefs[event] ?? {}
  const list = (paths: string | readonly string[] | undefined) => [paths ?? []].flat()
  return { refs: [ref, typedRef, branch].flatMap(list), tags: list(tag), commits: [commit, tagCommit].flatMap(list) }
}
const allPathsOf = (event: string) => Object.values(pathsOf(event)).flat()

/** Paths of the schema that look like a ref or commit of the event, and are not. */
const notRead: readonly (readonly [path: RegExp, because: string])[] = [
  [
    /(^|\.)before$|^base_ref$|\.base_sha$|base\.sha$|^check_(run|suite)\.(check_suite\.)?after$/,
    'what was there before',
  ],
  [/^pull_request\.head\.ref$|^merge_group\.head_ref$/, '`branches` is the base, as in GitHub Actions'],
  [/\.merge_commit_sha$/, 'a merge that GitHub makes to test it'],
  [/pull_requests\[\]\./, 'pull requests of the same commit'],
  [/(^|\.)stack\./, 'the pull requests below this one'],
  [/^check_run\.check_suite\.head_sha$/, 'the same as that of the check run'],
  [/^deployment\.(ref|sha)$/, 'of a workflow job, whose own head is read'],
  [/^(check_run|workflow_run)\.head_(sha|branch)$/, 'of the workflow that made the deployment'],
  [/\.workflows\[\]\.|\.referenced_workflows\[\]\./, 'a file with a workflow'],
  [/^workflow_run\.head_commit$/, 'an object, or null'],
  [
    /^(review|comment)\.(original_)?commit_id$|^thread\.comments/,
    'the commit at the time; the status belongs on the head',
  ],
  [/^after$/, 'the same as the head of the pull request'],
  [/^pages\[\]\.sha$/, 'a commit of the wiki'],
  [/\.blob_sha$|\.tree\.sha$/, 'not a commit'],
  [/\.parents\[\]\.sha$|^commit\.sha$|^branches\[\]\.commit\.sha$/, 'the same as `sha`, or another commit'],
  [/^exemption_request\..*\.commit$/, 'a push that was blocked: the commit is not on GitHub'],
]

describe('GitHub’s schema', () => {
  it('is that of a known version', () => {
    expect(schema.origin).toEqual([
      '@octokit/openapi-webhooks 12.1.0: api.github.com, ghec, ghes-3.14, ghes-3.19',
      '@octokit/openapi-webhooks-types 12.2.0: api.github.com',
    ])
    expect(operations).toHaveLength(schema.operations)
  })

  it('has no branch, tag or commit that is neither read nor listed as something else', () => {
    const unread = operations.flatMap(({ event, refs }) =>
      refs
        .filter((each) => !allPathsOf(event).includes(each) && !notRead.some(([pattern]) => pattern.test(each)))
        .map((each) => `${event}: ${each}`),
    )
    expect([...new Set(unread)]).toEqual([])
  })

  it('has every path of the table', () => {
    const missing = Object.keys(eventRefs).flatMap((event) => {
      const known = operations.filter((each) => each.event === event).flatMap(({ refs }) => refs)
      return allPathsOf(event)
        .filter((each) => !known.includes(each))
        .map((each) => `${event}: ${each}`)
    })
    expect(missing).toEqual([
      // An event of GitHub Actions.
      'pull_request_target: pull_request.base.ref',
      'pull_request_target: pull_request.head.sha',
      // The schema leaves this object open.
      'push: head_commit.id',
    ])
  })

  it.each(operations.filter(({ refs }) => refs.length > 0))(
    '$event.$action: its branch, tag and commit are found',
    (operation) => {
      const { event, refs } = operation
      const payload = payloadOf(operation)
      const { refs: branches, tags, commits } = pathsOf(event)
      const isIn = (paths: readonly string[]) => paths.some((each) => refs.includes(each))
      expect(refOf(event, payload)).toEqual({
        ...(isIn(branches) && { branch: branchName }),
        ...(isIn(tags) && { tag: branchName }),
      })
      const isFound = isIn(commits.filter((each) => !each.endsWith('target_commitish')))
      expect(commitOf(event, payload)).toBe(isFound ? sha : undefined)
    },
  )
})

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
      const { refs, tags, commits } = pathsOf(name)
      const found = examples.map((each) => refOf(name, each))
      if (commits.length > 0 && !withoutCommit.includes(name))
        expect(examples.some((each) => commitOf(name, each) !== undefined)).toBe(true)
      if (refs.length + tags.length > 0) expect(found.some((ref) => Object.keys(ref).length > 0)).toBe(true)
      for (const { branch = '', branches = [] } of found)
        for (const each of [branch, ...branches]) expect(each).not.toMatch(/^refs\//)
    },
  )
})

it.each<[string, object, object, string | undefined]>([
  ['workflow_dispatch', { ref: 'refs/tags/v1' }, { tag: 'v1' }, undefined],
  ['code_scanning_alert', { ref: 'refs/pull/7/merge', commit_oid: sha }, {}, sha],
  [
    'code_scanning_alert',
    { ref: '', commit_oid: '', alert: { most_recent_instance: { ref: 'refs/heads/main', commit_sha: sha } } },
    { branch: 'main' },
    sha,
  ],
  ['push', { ref: 'refs/notes/commits', after: sha }, {}, sha],
  ['push', { ref: 'refs/tags/v1', after: 'b'.repeat(40), head_commit: { id: sha } }, { tag: 'v1' }, sha],
  ['create', { ref: 'v1', ref_type: 'tag' }, { tag: 'v1' }, undefined],
  ['release', { release: { tag_name: 'v1', target_commitish: 'main' } }, { branch: 'main', tag: 'v1' }, undefined],
  ['release', { release: { tag_name: 'v1', target_commitish: sha } }, { tag: 'v1' }, sha],
  ['deployment', { deployment: { ref: sha, sha } }, {}, sha],
  ['deployment', { deployment: { ref: 'refs/tags/v1', sha } }, { tag: 'v1' }, sha],
  ['status', { sha, branches: [] }, {}, sha],
  ['status', { sha, branches: [{ name: 'main' }] }, { branch: 'main' }, sha],
  [
    'status',
    { sha, branches: [{ name: 'main' }, { name: 3 }, null, { name: 'next' }] },
    { branches: ['main', 'next'] },
    sha,
  ],
  ['status', { sha, branches: { name: 'main' } }, {}, sha],
  ['an_event_of_next_year', { pull_request: { base: { ref: 'main' }, head: { sha } } }, { branch: 'main' }, sha],
  ['check_run', { check_run: { head_sha: sha, check_suite: { head_branch: null } } }, {}, sha],
  ['constructor', { ref: 'refs/heads/main' }, {}, undefined],
])('%s %j', (name, payload, ref, commit) => {
  expect(refOf(name, payload as Record<string, unknown>)).toEqual(ref)
  expect(commitOf(name, payload as Record<string, unknown>)).toBe(commit)
})

it('reads no more than a hundred branches', () => {
  const branches = Array.from({ length: 200 }, (_, at) => ({ name: `b${at}` }))
  expect(refOf('status', { branches }).branches).toHaveLength(100)
})
