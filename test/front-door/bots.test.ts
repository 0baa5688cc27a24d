/** docs: a bot's comment or re-run starts a task only on routes that name the bot in `allow.bots`. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { commentPayload } from '../support/github/payloads.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { randomSha, stageSecrets } from '../support/stage-deliveries.ts'
import { githubEvent, runQueued } from './three-senders.ts'

const task = '{ cluster: c, taskDefinition: t, container: app, subnets: [s], local: { command: ["true"] } }'
const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
tasks: { analyze: ${task}, update: ${task}, checked: ${task} }
routes:
  - { on: github, command: /analyze, run: analyze }
  - { on: github, command: /update, run: update, allow: { bots: [renovate], users: [ann] } }
  - { on: github, event: push, run: analyze, name: pushed }
  - { on: github, event: push, run: update, name: trusted, branches: [trusted], allow: { bots: [renovate] } }
  - { on: github, event: check_run.rerequested, run: checked }
`
let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: stageSecrets })
})
afterEach(() => stage.close())

const repository = { full_name: 'acme/site', name: 'site' }
const renovate = { login: 'renovate[bot]', type: 'Bot' }
const other = { login: 'dependabot[bot]', type: 'Bot' }
const ann = { login: 'ann', type: 'User' }
let comments = 0
const comment = (text: string, { login, type }: typeof ann) =>
  stage.post(
    '/github',
    githubEvent('issue_comment', commentPayload(text, { id: ++comments, user: login, type, isPull: false })),
  )

describe('a command', () => {
  it('of a listed bot runs', async () => {
    expect((await comment('/update', renovate)).statusCode).toBe(202)
  })
  it('of a person who is listed runs as before', async () => {
    expect((await comment('/update', ann)).statusCode).toBe(202)
  })
  it.each([
    ['a bot that is not listed', '/update', other],
    ['a bot, on a route without bots', '/analyze', renovate],
    ['a bot that is not listed, about a run', '/update cancel 0123456789abcdef0123', other],
  ])('of %s is ignored, without an answer', async (_, text, who) => {
    expect(bodyOf(await comment(text, who))).toMatchObject({ status: 'ignored' })
    expect(stage.notifications).toEqual([])
  })
})

describe('a re-run of a check', () => {
  const rerun = (sender: typeof ann, check: object) =>
    stage.post('/github', githubEvent('check_run', { action: 'rerequested', check_run: check, repository, sender }))
  const foreign = () => ({ name: 'ci', head_sha: randomSha(), check_suite: { head_branch: 'main' } })
  const push = async (branch: string, sender: typeof ann) =>
    stage.post('/github', githubEvent('push', { ref: `refs/heads/${branch}`, after: randomSha(), repository, sender }))

  it('of another tool starts a route for a person, and not for a bot', async () => {
    expect(bodyOf(await rerun(renovate, foreign()))).toMatchObject({
      status: 'ignored',
      reason: expect.stringContaining('allow: the bot "renovate" caused it, and is not listed in bots'),
    })
    expect((await rerun(ann, foreign())).statusCode).toBe(202)
  })

  it('of taskhook starts a new run for a person, and not for a bot', async () => {
    const { run } = bodyOf(await push('main', renovate))
    await runQueued(stage)
    const own = { ...foreign(), name: 'taskhook/analyze', external_id: run }
    expect((await rerun(renovate, own)).statusCode).toBe(403)
    expect(bodyOf(await rerun(ann, own))).toMatchObject({ rerunOf: run })
  })

  it('of taskhook starts a new run for a bot that the route lists', async () => {
    const { runs } = bodyOf(await push('trusted', renovate)) as { runs: { run: string; task: string }[] }
    await runQueued(stage)
    const external_id = runs.find((each) => each.task === 'update')?.run
    const own = { ...foreign(), name: 'taskhook/update', external_id }
    expect((await rerun(other, own)).statusCode).toBe(403)
    expect(bodyOf(await rerun(renovate, own))).toMatchObject({ rerunOf: external_id })
  })
})
