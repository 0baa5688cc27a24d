/** docs: a run's commit gets its status. A rerun has a status of its own, and statuses that taskhook sets start nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { pushTo, randomSha, stageSecrets as secrets } from '../support/stage-deliveries.ts'
import { config, githubEvent, runQueued, runsOpened, statusesAt } from './three-senders.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: secrets })
})
afterEach(() => stage.close())

const repository = { name: 'web', full_name: 'demo/web' }
const post = (event: string, payload: unknown) => stage.post('/github', githubEvent(event, payload))
const statesAt = (sha: string) => statusesAt(stage, sha).map(({ state }) => state)

it('a run that RunTask answered with failures[] is shown as queued, and then as an error, never as started', async () => {
  const { sha, delivery } = pushTo('web')
  const run = await stage.accept('/github', delivery)
  stage.faults.inject({ kind: 'failure', reason: 'RESOURCE:ENI' })
  await stage.start(run)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: 'no on-demand capacity in 1 subnet' })
  expect(await stage.runRecord(run)).not.toHaveProperty('taskArn')
  expect(statesAt(sha)).toEqual(['pending'])

  stage.faults.inject({ kind: 'failure', reason: 'MISSING' })
  await stage.start(run)
  expect(await stage.runRecord(run)).toMatchObject({
    status: 'failed-to-start',
    reason: 'no container instance of the cluster fits',
  })
  expect(await stage.tasks(run)).toEqual([])
  expect(statesAt(sha)).toEqual(['pending', 'error'])
})

describe('a comment, whose payload has no commit,', () => {
  const comment = (body: string) => ({
    action: 'created',
    comment: { id: Math.random(), body },
    issue: { number: 1, pull_request: { url: 'https://api.github.com/repos/demo/web/pulls/1' } },
    repository,
    sender: { login: 'mallory' },
  })

  it.each(['please look at this', '/analyze now', ' /analyze'])(
    '%j matches no route and starts nothing',
    async (body) => {
      expect(bodyOf(await post('issue_comment', comment(body)))).toMatchObject({ status: 'ignored' })
      expect(runsOpened(stage)).toBe(0)
      expect(await stage.takeMessages()).toEqual([])
    },
  )

  it('sets no commit status if an event route starts a run: the commit may have changed since', async () => {
    expect((await post('issue_comment', comment('/analyze'))).statusCode).toBe(202)
    const [run] = await runQueued(stage)
    expect(await stage.runRecord(String(run))).toMatchObject({ status: 'succeeded', replyAddress: null })
    // GitHub is asked whether the pull request is of a fork, and nothing else.
    expect(stage.notifications.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('on a line of a pull request sets a status at the commit that it names', async () => {
    const sha = randomSha()
    const payload = {
      ...comment('here'),
      pull_request: { head: { sha, repo: repository }, base: { ref: 'main', repo: repository } },
    }
    expect((await post('pull_request_review_comment', payload)).statusCode).toBe(202)
    await runQueued(stage)
    expect(statusesAt(stage, sha).at(-1)).toMatchObject({ state: 'success' })
  })
})

describe('a rerun that GitHub requests', () => {
  const rerequested = (sha: string) => ({
    action: 'rerequested',
    check_run: { id: Math.random(), head_sha: sha, check_suite: { head_branch: 'main' } },
    repository,
  })

  it('is a new run, with statuses of its own at the same commit', async () => {
    const sha = randomSha()
    for (let time = 0; time < 2; time++) {
      expect((await post('check_run', rerequested(sha))).statusCode).toBe(202)
      await runQueued(stage)
    }
    expect(runsOpened(stage)).toBe(2)
    expect(statesAt(sha)).toEqual(['pending', 'pending', 'success', 'pending', 'pending', 'success'])
    expect(new Set(statusesAt(stage, sha).map(({ target_url }) => target_url)).size).toBe(2)
    // No status is changed: each is a new one.
    const calls = stage.notifications.filter(({ url }) => url.pathname.includes(sha))
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['POST']))
  })

  it('is the same run if it is redelivered, and sets no further status', async () => {
    const delivery = githubEvent('check_run', rerequested(randomSha()))
    expect((await stage.post('/github', delivery)).statusCode).toBe(202)
    await runQueued(stage)
    const before = stage.notifications.length
    const headers = { ...delivery.headers, 'x-github-delivery': crypto.randomUUID() }
    const answer = await stage.post('/github', { ...delivery, headers })
    expect(answer.statusCode).toBe(200)
    expect(bodyOf(answer)).toMatchObject({ status: 'succeeded' })
    expect(await runQueued(stage)).toEqual([])
    expect(stage.notifications).toHaveLength(before)
  })
})

describe('a status event', () => {
  const status = (sha: string, context: string, state = 'success') => ({
    id: Math.random(),
    ...{ sha, state, context, repository, branches: [{ name: 'main' }] },
  })

  it('of our own status is ignored, and one of another sender is not', async () => {
    const answer = await post('status', status(randomSha(), 'taskhook/analyze'))
    expect(bodyOf(answer)).toEqual({ status: 'ignored', reason: 'taskhook wrote the status' })
    expect(runsOpened(stage)).toBe(0)
    expect((await post('status', status(randomSha(), 'ci/build'))).statusCode).toBe(202)
  })

  it('makes no loop: GitHub sends an event for every status that is set', async () => {
    const sha = randomSha()
    await post('status', status(sha, 'ci/build'))
    let echoed = 0
    for (let round = 0; round < 5; round++) {
      await runQueued(stage)
      const set = statusesAt(stage, sha)
      for (const { context, state } of set.slice(echoed)) await post('status', status(sha, context, state))
      echoed = set.length
    }
    expect(runsOpened(stage)).toBe(1)
    expect(echoed).toBe(3)
  })
})
