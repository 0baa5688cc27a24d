/** docs: a command on a pull request runs the commit that its author saw. If the head was pushed after the comment, nothing runs. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { commentedAt, repositoryName } from '../support/github/payloads.ts'
import { type CommentWorld, sha, startCommentWorld } from './comment-world.ts'

let on: CommentWorld
beforeEach(async () => {
  on = await startCommentWorld()
})
afterEach(() => on.world.close())

const pull = (more: object = {}) => on.hub.pulls.set(7, { number: 7, sha, ...more })
const activityCalls = () => on.hub.calls.filter(({ path }) => path.endsWith('/activity')).map(({ path }) => path)
const activity = (after: string, timestamp: string, activity_type = 'push') =>
  on.hub.activities.push({ ref: 'refs/heads/topic', after, timestamp, activity_type })
const [before, later] = ['2026-11-30T11:59:59Z', '2026-11-30T12:00:01Z']

async function expectRefused(words: string, text = '/analyze sales') {
  const { id, answer, body } = await on.comment(text)
  expect(answer.statusCode, answer.body).toBe(422)
  expect(body.run).toBeUndefined()
  expect(on.reactionsTo(id)).toEqual(['confused'])
  expect(on.hub.comments.at(-1)?.body).toContain(`Nothing was started. analyze: ${words}`)
  expect(await on.world.tasks()).toEqual([])
}
const pushedLater = 'new commits were pushed after your comment; comment again'
const unknown = 'it is not known when the newest commit was pushed'

it('a head that was pushed before the comment runs, after one question to GitHub', async () => {
  pull({ pushedAt: before })
  expect((await on.comment('/analyze sales')).answer.statusCode).toBe(202)
  expect(activityCalls()).toEqual([`/repos/${repositoryName}/activity`])
})

it.each([
  ['after the comment', later],
  ['in the same second', commentedAt],
])('a head that was pushed %s does not run, and the person gets the reason', async (_, pushedAt) => {
  pull({ pushedAt })
  await expectRefused(pushedLater)
})

it('a new comment on the same head runs', async () => {
  pull({ pushedAt: later })
  await expectRefused(pushedLater)
  const again = await on.comment('/analyze sales', { comment: { created_at: '2026-11-30T12:05:00Z' } })
  expect(again.answer.statusCode).toBe(202)
})

it('a head that was reset to an older commit after the comment does not run', async () => {
  activity(sha, later, 'force_push')
  activity('b'.repeat(40), before)
  await expectRefused(pushedLater)
})

it('a head that the list of activities does not show yet does not run', async () => {
  activity('b'.repeat(40), before)
  await expectRefused(unknown)
})

it('a branch that was deleted after the comment keeps its head', async () => {
  activity('0'.repeat(40), later, 'branch_deletion')
  pull({ pushedAt: before })
  expect((await on.comment('/analyze sales')).answer.statusCode).toBe(202)
})

it.each([403, 404])('a repository whose activity the token may not read (%i) runs nothing', async (status) => {
  on.hub.intercept((_, path) => (path.endsWith('/activity') ? Response.json({}, { status }) : undefined))
  await expectRefused(unknown)
})

it('a comment without a time runs nothing', async () => {
  const { answer } = await on.comment('/analyze sales', { comment: { created_at: 'soon' } })
  expect(answer.statusCode).toBe(422)
})

it('a failure of GitHub is one of the delivery, which can be sent again', async () => {
  on.hub.intercept((_, path) => (path.endsWith('/activity') ? Response.json({}, { status: 503 }) : undefined))
  expect((await on.comment('/analyze sales')).answer.statusCode).toBe(500)
})

it('the head of a fork is looked up in the fork', async () => {
  pull({ headRepository: 'eve/site', pushedAt: before })
  expect((await on.comment('/forks')).answer.statusCode).toBe(202)
  pull({ headRepository: 'eve/site', pushedAt: later })
  expect((await on.comment('/forks')).answer.statusCode).toBe(422)
  expect(activityCalls()).toEqual(['/repos/eve/site/activity', '/repos/eve/site/activity'])
})

it('the head of a fork that was deleted does not run', async () => {
  pull({ headRepository: null })
  expect((await on.comment('/forks')).answer.statusCode).toBe(422)
})

it.each([
  ['help', '/analyze help', {}],
  ['the last runs', '/analyze status', {}],
  ['a command on an issue', '/analyze sales', { isPull: false }],
  ['a comment without a command', 'deploy now', {}],
])('%s asks GitHub for no activity', async (_, text, more) => {
  pull({ pushedAt: later })
  expect((await on.comment(text, more)).answer.statusCode).toBeLessThan(300)
  expect(activityCalls()).toEqual([])
})

it('a person who may not use the command learns nothing, and GitHub is not asked', async () => {
  pull({ pushedAt: later })
  expect((await on.comment('/analyze sales', { user: 'eve', association: 'NONE' })).answer.statusCode).toBe(403)
  expect(activityCalls()).toEqual([])
})
