/** docs/adapters/github.md: a merge queue waits for the status of the commit that it wants to merge. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { randomSha, stageSecrets } from '../support/stage-deliveries.ts'
import { githubConfig } from './github-config.ts'
import { githubEvent, runQueued, statusesAt } from './three-senders.ts'

const config = githubConfig(
  'event: merge_group.checks_requested, branches: [main], repositories: ["Demo/*", "!demo/Secret"]',
)
let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: stageSecrets })
})
afterEach(() => stage.close())

const request = (sha: string, more: { base?: string; repository?: string } = {}) =>
  stage.post(
    '/github',
    githubEvent('merge_group', {
      action: 'checks_requested',
      merge_group: {
        base_ref: `refs/heads/${more.base ?? 'main'}`,
        base_sha: randomSha(),
        head_ref: 'refs/heads/gh-readonly-queue/main/pr-7',
        head_sha: sha,
      },
      repository: { full_name: more.repository ?? 'demo/web' },
      sender: { login: 'ann' },
    }),
  )

it('runs for its base branch, and its commit gets each status', async () => {
  const sha = randomSha()
  expect((await request(sha)).statusCode).toBe(202)
  await runQueued(stage)
  expect(statusesAt(stage, sha).map(({ state }) => state)).toEqual(['pending', 'pending', 'success'])
})

it.each([
  ['another base branch', { base: 'release' }],
  ['a repository that is excluded in another case', { repository: 'demo/secret' }],
])('starts nothing for %s', async (_, more) => {
  expect(bodyOf(await request(randomSha(), more))).toMatchObject({ status: 'ignored' })
})
