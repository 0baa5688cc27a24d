/** Which events are about the code of a fork. */
import { describe, expect, it } from 'vitest'
import { isOfFork, routeFacts } from '../../../src/adapters/github/route-facts.ts'

const repository = { full_name: 'acme/site' }
const pull = (from: unknown) => ({ pull_request: { head: { repo: from }, base: { repo: repository } }, repository })

describe('isOfFork', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['a pull request from a fork', pull({ full_name: 'eve/site' }), true],
    ['a pull request from a deleted fork', pull(null), true],
    ['a pull request from the repository', pull(repository), false],
    ['a workflow run of a fork', { workflow_run: { head_repository: { full_name: 'eve/site' } }, repository }, true],
    ['a workflow run of a deleted fork', { workflow_run: { head_repository: null }, repository }, true],
    ['a workflow run of the repository', { workflow_run: { head_repository: repository }, repository }, false],
    ['a workflow run without a head repository', { workflow_run: {}, repository }, false],
    ['a check suite without a branch', { check_suite: { head_branch: null }, repository }, true],
    ['a check suite of a branch', { check_suite: { head_branch: 'main' }, repository }, false],
    ['a check run without a branch', { check_run: { check_suite: { head_branch: null } }, repository }, true],
    ['a push', { ref: 'refs/heads/main', repository }, false],
  ])('%s', (_, payload, fork) => {
    expect(isOfFork(payload)).toBe(fork)
    expect(routeFacts('x', payload).fork).toBe(fork || undefined)
  })
})
