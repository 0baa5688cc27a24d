/** Whose code an event is about: a fork's starts nothing, however the event says so, or does not. */
import { describe, expect, it } from 'vitest'
import { matchesEventShape } from '../../../src/adapters/github/payload-check.ts'
import { isOfFork, routeFacts } from '../../../src/adapters/github/route-facts.ts'
import { summaryOf } from '../../../src/adapters/github/run-markdown.ts'

const repository = { full_name: 'acme/site' }
const pull = (from: unknown) => ({ pull_request: { head: { repo: from }, base: { repo: repository } }, repository })

describe('a fork', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['a pull request of one', pull({ full_name: 'eve/site' }), true],
    ['a pull request of one that is gone', pull(null), true],
    ['a pull request of the repository', pull(repository), false],
    ['a workflow run of one', { workflow_run: { head_repository: { full_name: 'eve/site' } }, repository }, true],
    ['a workflow run of one that is gone', { workflow_run: { head_repository: null }, repository }, true],
    ['a workflow run of the repository', { workflow_run: { head_repository: repository }, repository }, false],
    ['a workflow run that says nothing of it', { workflow_run: {}, repository }, false],
    ['checks of a commit without a branch', { check_suite: { head_branch: null }, repository }, true],
    ['checks of a branch', { check_suite: { head_branch: 'main' }, repository }, false],
    ['a check of a commit without a branch', { check_run: { check_suite: { head_branch: null } }, repository }, true],
    ['a push', { ref: 'refs/heads/main', repository }, false],
  ])('%s', (_, payload, fork) => {
    expect(isOfFork(payload)).toBe(fork)
    expect(routeFacts('x', payload).fork).toBe(fork || undefined)
  })
})

describe('a body under the name of another event', () => {
  const deployment = { deployment: {}, workflow: null, workflow_run: {}, check_run: {} }
  it.each([
    ['workflow_run', deployment],
    ['check_run', deployment],
    ['check_run', { check_run: {}, deployment_status: {} }],
  ])('is none of %s', (event, payload) => {
    expect(matchesEventShape(event, payload)).toBe(false)
  })
})

it('a link stays in its place, whatever it ends in', () => {
  const links = [{ label: 'Report', url: 'https://e.example/x\\' }]
  const run = {
    ...({ run: '0'.repeat(20), task: 't', status: 'running', params: {}, links } as const),
    statusUrl: 'https://x.example/',
    createdAt: '2026-03-01T10:00:00.000Z',
  }
  expect(summaryOf(run)).toContain('[Report](https://e.example/x%5C)')
})
