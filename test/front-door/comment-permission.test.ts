/** docs: a command in a comment runs only for people whom its route allows; strangers, bots, forks and other repositories get nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { commentPayload } from '../support/github/payloads.ts'
import { type CommentWorld, sha, startCommentWorld } from './comment-world.ts'

let on: CommentWorld
beforeEach(async () => {
  on = await startCommentWorld()
})
afterEach(() => on.world.close())

const expectNothingStarted = async () => expect(await on.world.tasks()).toEqual([])
const questionsToGitHub = () => on.hub.calls.filter(({ method }) => method === 'GET')

describe('a stranger', () => {
  it.each([
    ['without a role', { user: 'eve', association: 'NONE' }],
    ['who once had a change merged', { user: 'eve', association: 'CONTRIBUTOR' }],
  ])('%s gets 😕 and no answer, and GitHub is asked nothing', async (_, who) => {
    const { id, answer } = await on.comment('/analyze sales', who)
    expect(answer.statusCode).toBe(403)
    expect(on.reactionsTo(id)).toEqual(['confused'])
    expect(on.hub.comments).toEqual([])
    expect(questionsToGitHub()).toEqual([])
    await expectNothingStarted()
  })

  it.each([
    '/analyze cancel see https://evil.example',
    '/analyze approve',
    '/analyze rerun 0123456789abcdef0123',
    '/docs',
  ])('who writes %j gets no answer', async (text) => {
    const { answer } = await on.comment(text, { user: 'eve', association: 'NONE' })
    expect(answer.statusCode).toBeLessThan(404)
    expect(on.hub.comments).toEqual([])
    expect(questionsToGitHub()).toEqual([])
  })

  it('whom the route does not allow cannot cancel a run', async () => {
    const { body } = await on.commentAndWaitUntilRunning('x')
    const cancel = `/long cancel ${String(body.run)}`
    const { id, answer } = await on.comment(cancel, { user: 'eve', association: 'MEMBER' })
    expect(answer.statusCode).toBe(403)
    expect(on.reactionsTo(id)).toEqual(['confused'])
    expect((await on.comment(cancel)).answer.statusCode).toBe(200)
    await on.waitForEnd(body.run)
  })

  it('of another repository can neither cancel, rerun nor see a run', async () => {
    const { body } = await on.commentAndWaitUntilRunning('secret')
    const elsewhere = (text: string, id: number) => ({
      ...commentPayload(text, { id, user: 'mallory', association: 'OWNER' }),
      repository: { full_name: 'mallory/own', name: 'own' },
    })
    for (const [at, verb] of ['cancel', 'rerun'].entries())
      expect((await on.send(elsewhere(`/long ${verb} ${String(body.run)}`, 100 + at))).statusCode, verb).toBe(404)
    const status = await on.send(elsewhere('/long status', 110))
    expect(status.body).not.toContain(String(body.run))
    expect((await on.comment(`/long cancel ${String(body.run)}`)).answer.statusCode).toBe(200)
    await on.waitForEnd(body.run)
  })
})

it('membership in a team of the route is asked of GitHub, and an error there is an error of the delivery', async () => {
  on.hub.teams.set('acme/data', ['ann'])
  expect((await on.comment('/team')).answer.statusCode).toBe(202)
  expect((await on.comment('/team', { user: 'bob' })).answer.statusCode).toBe(403)
  on.hub.intercept((_, path) => (path.includes('/teams/') ? Response.json({}, { status: 500 }) : undefined))
  expect((await on.comment('/team')).answer.statusCode).toBe(500)
})

describe('a comment', () => {
  it.each([
    ['of a bot', { type: 'Bot', user: 'renovate[bot]' }],
    ['of an App on behalf of a person', { comment: { performed_via_github_app: { id: 1 } } }],
    ['that is edited', { action: 'edited' }],
  ])('%s starts nothing', async (_, more) => {
    const { body } = await on.comment('/analyze sales', more)
    expect(body).toMatchObject({ status: 'ignored' })
    expect(body.run).toBeUndefined()
  })

  it('that quotes our own answer starts nothing', async () => {
    const { run } = (await on.comment('/analyze sales')).body
    const own = (await on.waitForEnd(run)).body
    expect(own).toContain('<!-- taskhook:')
    expect((await on.comment(`/analyze sales\n${own}`)).body).toMatchObject({ status: 'ignored' })
  })
})

describe('a pull request from a fork', () => {
  it.each([
    ['of another owner', 'eve/site'],
    ['that was deleted', null],
  ])('%s starts nothing, and the person gets the reason', async (_, headRepository) => {
    on.hub.pulls.set(7, { number: 7, sha, headRepository })
    const { id, answer } = await on.comment('/analyze sales')
    expect(bodyOf(answer)).toMatchObject({ status: 'ignored', reason: expect.stringContaining('forks') })
    expect(on.reactionsTo(id)).toEqual(['confused'])
    expect(on.hub.comments.at(-1)?.body).toContain('fork')
    await expectNothingStarted()
  })

  it('starts a route with forks: true', async () => {
    on.hub.pulls.set(7, { number: 7, sha, headRepository: 'eve/site' })
    expect((await on.comment('/forks')).answer.statusCode).toBe(202)
  })

  it('starts no event route either', async () => {
    const opened = (from: string) => ({
      action: 'opened',
      number: 7,
      pull_request: {
        number: 7,
        head: { ref: 't', sha, repo: { full_name: from } },
        base: { ref: 'main', sha, repo: { full_name: 'acme/site' } },
      },
      repository: { full_name: 'acme/site', name: 'site' },
      sender: { login: 'eve' },
    })
    expect(bodyOf(await on.send(opened('eve/site'), 'pull_request'))).toMatchObject({ status: 'ignored' })
    expect((await on.send(opened('acme/site'), 'pull_request')).statusCode).toBe(202)
  })

  it('starts no event route by a comment either', async () => {
    on.hub.pulls.set(7, { number: 7, sha, headRepository: 'eve/site' })
    expect((await on.comment('deploy now')).body).toMatchObject({
      ...{ status: 'ignored', reason: expect.stringContaining('forks') },
    })
    on.hub.pulls.set(7, { number: 7, sha })
    expect((await on.comment('deploy now')).answer.statusCode).toBe(202)
  })
})

describe('a huge comment', () => {
  it('of nothing but spaces is read without backtracking', async () => {
    const began = Date.now()
    await on.comment(`/x${' '.repeat(65_000)}b\u2028c`, { user: 'eve', association: 'NONE' })
    await on.comment(`/analyze cancel${' '.repeat(65_000)}b\nc`, { user: 'eve', association: 'NONE' })
    // A regular expression that backtracks over 65,000 spaces takes minutes.
    expect(Date.now() - began).toBeLessThan(5000)
  })

  it('of thousands of words gets an answer within the limits of GitHub', async () => {
    const { answer } = await on.comment(`/analyze ${'a '.repeat(30_000)}`)
    expect(answer.statusCode).toBe(422)
    expect(answer.body.length).toBeLessThan(20_000)
    expect(on.hub.comments.at(-1)?.body.length).toBeLessThan(65_536)
  })
})
