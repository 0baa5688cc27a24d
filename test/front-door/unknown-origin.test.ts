/** docs/adapters/github.md: an event whose commit may be of a fork starts nothing, unless the route has `forks: true`. */
import { afterEach, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { randomSha, stageSecrets } from '../support/stage-deliveries.ts'
import { githubConfig } from './github-config.ts'
import { githubEvent, runQueued, statusesAt } from './three-senders.ts'

const configWith = (more: string) => githubConfig(`branches: [main]${more}`)
let stage: Stage
afterEach(() => stage.close())

const post = async (event: string, payload: Record<string, unknown>, more = '') => {
  stage = await startStage({ config: configWith(more), env: stageSecrets })
  const about = { action: 'completed', repository: { full_name: 'demo/web' }, sender: { login: 'eve' } }
  return stage.post('/github', githubEvent(event, { ...about, ...payload }))
}
/** Of a pull request from a fork, whose branch is called like ours. */
const job = (head_sha: string) => ({ workflow_job: { head_branch: 'main', head_sha } })
const status = (sha: string, branches: readonly string[]) => ({ sha, branches: branches.map((name) => ({ name })) })

it('a job of a workflow starts nothing, since its branch may be that of a fork', async () => {
  expect(bodyOf(await post('workflow_job', job(randomSha())))).toMatchObject({
    status: 'ignored',
    reason: expect.stringContaining('forks: the change comes from a fork, or may come from one'),
  })
})

it('a job of a workflow starts a run if the route has forks: true', async () => {
  const sha = randomSha()
  expect((await post('workflow_job', job(sha), ', forks: true')).statusCode).toBe(202)
  await runQueued(stage)
  expect(statusesAt(stage, sha).at(-1)).toMatchObject({ state: 'success' })
})

it('the status of a commit starts a run if one of its branches matches', async () => {
  const sha = randomSha()
  expect((await post('status', status(sha, ['topic', 'main']))).statusCode).toBe(202)
  await runQueued(stage)
  expect(statusesAt(stage, sha).at(-1)).toMatchObject({ state: 'success' })
})

it('the status of a commit in no branch starts nothing', async () => {
  expect(bodyOf(await post('status', status(randomSha(), [])))).toMatchObject({ status: 'ignored' })
})
