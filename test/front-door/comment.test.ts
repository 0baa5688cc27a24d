/** Commands in comments, from the signed delivery to the answer that is edited: on pull requests and on issues. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { githubDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { createGitHub, type GitHub } from '../support/github/fake-github.ts'
import { commentPayload } from '../support/github/payloads.ts'
import { startWorld, type World } from '../support/world.ts'

const HUB = 'its-a-secret'
const config = `
sources:
  github: { adapter: github, secret: "env:HUB", token: "env:TOKEN" }
tasks:
  analyze:
    description: Looks into a data set
    cluster: c
    taskDefinition: analyze
    container: app
    subnets: [s]
    params:
      dataset: { type: string, pattern: "^[a-z]+$", required: true, description: Which one }
      depth: { type: integer, min: 1, max: 10, default: 3 }
      sha: { type: string }
    local: { command: [sh, -c, 'echo "ran $DATASET $DEPTH ${'$'}{SHA:-none} for $TASKHOOK_ACTOR"'] }
  long:
    cluster: c
    taskDefinition: long
    container: app
    subnets: [s]
    params: { dataset: { type: string } }
    local: { command: [sh, -c, 'sleep 60'] }
  noted:
    cluster: c
    taskDefinition: noted
    container: app
    subnets: [s]
    local: { command: ["true"] }
routes:
  - { on: github, command: /analyze, run: analyze, with: { sha: "\${event.pull_request.head.sha}" } }
  - { on: github, command: /long, run: long, allow: { users: [ann, bob], associations: [OWNER] } }
  - { on: github, command: /team, run: noted, allow: { teams: [acme/data] } }
  - { on: github, command: /docs, run: noted, paths: ["docs/**"], branches: [main] }
  - { on: github, command: /forks, run: noted, forks: true }
  - { on: github, event: pull_request.opened, run: noted, branches: [main] }
  - { on: github, event: issue_comment.created, run: noted, name: plain, allow: { associations: [OWNER, MEMBER] }, if: 'event.comment.body.startsWith("deploy")' }
`
const sha = '5b0c1f7d2e3a4b5c6d7e8f90a1b2c3d4e5f60718'

let world: World
let hub: GitHub
beforeAll(async () => {
  hub = createGitHub()
  world = await startWorld({ config, env: { HUB, TOKEN: 'github_pat_secret' }, fetch: hub.fetch })
})
afterAll(() => world?.close())
beforeEach(() => {
  hub.intercept()
  hub.pulls.clear()
  hub.pulls.set(7, { number: 7, sha, files: ['src/a.ts'] })
  hub.calls.length = 0
})

let ids = 1
const send = (payload: unknown, event = 'issue_comment') => {
  const { headers, body } = githubDelivery(HUB, JSON.stringify(payload), event)
  return world.bridge.receive(urlEvent('/github', headers, body))
}
async function comment(text: string, more: Parameters<typeof commentPayload>[1] = {}) {
  const id = ids++
  const before = (await world.tasks()).length
  const answer = await send(commentPayload(text, { id, ...more }))
  return { id, before, answer, body: bodyOf(answer) }
}
const reactionsTo = (id: number) => hub.reactions.filter((each) => each.comment === id).map(({ content }) => content)
const answersOf = (run: unknown) => hub.comments.filter(({ body }) => body.includes(`taskhook:${String(run)} `))
const ended = (run: unknown) =>
  eventually(() => answersOf(run).find(({ body }) => /succeeded|failed|cancelled|could not be started/.test(body)))
const started = async (before: number) => (await world.tasks()).length - before

describe('a command on a pull request', () => {
  it('runs once, gets 👀 and 🚀 and one answer that is edited, and the commit is told', async () => {
    const { id, answer, body } = await comment('/analyze sales depth=5\n\nplease')
    expect(answer.statusCode, answer.body).toBe(202)
    const said = await ended(body.run)
    expect(reactionsTo(id)).toEqual(['eyes', 'rocket'])
    expect(answersOf(body.run)).toHaveLength(1)
    expect(said).toMatchObject({ issue: 7, edits: expect.any(Number) })
    expect(said?.edits).toBeGreaterThan(0)
    expect(said?.body).toMatch(/✅ \*\*analyze\*\* succeeded/)
    expect(said?.body).toContain(`| Parameters | \`dataset=sales depth=5 sha=${sha}\` |`)
    expect(world.output.join('')).toContain(`ran sales 5 ${sha} for ann`)
    await eventually(() => hub.statuses.some((each) => each.sha === sha && each.state === 'success'))
    expect(new Set(hub.calls.map(({ token }) => token))).toEqual(new Set(['Bearer github_pat_secret']))
  })

  it('pins the commit that it was given for: what is pushed later is not what runs', async () => {
    const { body } = await comment('/analyze pinned')
    hub.pulls.set(7, { number: 7, sha: 'f'.repeat(40) })
    await ended(body.run)
    expect(world.output.join('')).toContain(`ran pinned 3 ${sha}`)
    expect(hub.statuses.map((each) => each.sha)).not.toContain('f'.repeat(40))
  })

  it('that comes twice is one run', async () => {
    const payload = commentPayload('/analyze twice', { id: ids++ })
    const [first, second] = [bodyOf(await send(payload)), bodyOf(await send(payload))]
    expect(second.run).toBe(first.run)
    await ended(first.run)
    expect(answersOf(first.run)).toHaveLength(1)
  })

  it('is not answered twice, though whoever wrote the answer died before he could tell', async () => {
    let lost = false
    hub.intercept((method, path) => {
      if (method !== 'POST' || !path.endsWith(`/statuses/${sha}`) || lost) return undefined
      lost = true
      return Response.json({ message: 'Server Error' }, { status: 502 })
    })
    const { body } = await comment('/analyze lost')
    await ended(body.run)
    expect(lost).toBe(true)
    expect(answersOf(body.run)).toHaveLength(1)
  })
})

describe('a command on an issue', () => {
  it('has no commit, asks for no pull request, and is answered all the same', async () => {
    const { id, body } = await comment('/analyze issue', { issue: 3, isPull: false })
    expect((await ended(body.run))?.issue).toBe(3)
    expect(reactionsTo(id)).toEqual(['eyes', 'rocket'])
    expect(world.output.join('')).toContain('ran issue 3 none for ann')
    expect(hub.calls.map(({ path }) => path).filter((path) => /pulls|statuses/.test(path))).toEqual([])
  })
})

describe('what is wrong', () => {
  it('is told under the comment, all at once, and starts nothing', async () => {
    const { id, answer, before } = await comment('/analyze Sales! depth=99 dpeth=1')
    expect(answer.statusCode).toBe(422)
    expect(reactionsTo(id)).toEqual(['confused'])
    const said = hub.comments.at(-1)?.body ?? ''
    expect(said).toContain('Nothing was started.')
    for (const part of ['**dataset**', '**depth**', '**dpeth**', 'did you mean']) expect(said).toContain(part)
    expect(await started(before)).toBe(0)
  })

  it('help, status and words for others', async () => {
    await comment('/analyze help')
    expect(hub.comments.at(-1)?.body).toContain('`/analyze dataset=… [depth=…]`')
    await comment('/analyze status')
    expect(hub.comments.at(-1)?.body).toMatch(/✅ \*\*analyze\*\* succeeded/)
    const before = hub.comments.length
    for (const other of [
      '/deploy now',
      '/deploy cancel 1',
      '/deploy help',
      'please /analyze sales',
      '/',
      '/analyzed x',
    ]) {
      const { id, answer } = await comment(other)
      expect(bodyOf(answer)).toMatchObject({ status: 'ignored' })
      expect(reactionsTo(id)).toEqual([])
    }
    expect(hub.comments).toHaveLength(before)
  })
})

describe('who may', () => {
  it.each([
    ['a stranger', { user: 'eve', association: 'NONE' }],
    ['somebody who once had a change merged', { user: 'eve', association: 'CONTRIBUTOR' }],
  ])('%s may not: 😕, no answer, and GitHub is asked nothing', async (_, who) => {
    const comments = hub.comments.length
    const { id, answer, before } = await comment('/analyze sales', who)
    expect(answer.statusCode).toBe(403)
    expect(reactionsTo(id)).toEqual(['confused'])
    expect(hub.comments).toHaveLength(comments)
    expect(hub.calls.filter(({ method }) => method === 'GET')).toEqual([])
    expect(await started(before)).toBe(0)
  })

  it('is asked of the team where a route names one', async () => {
    hub.teams.set('acme/data', ['ann'])
    expect((await comment('/team')).answer.statusCode).toBe(202)
    expect((await comment('/team', { user: 'bob' })).answer.statusCode).toBe(403)
    hub.intercept((_, path) => (path.includes('/teams/') ? Response.json({}, { status: 500 }) : undefined))
    expect((await comment('/team')).answer.statusCode).toBe(500)
  })

  it.each([
    ['a bot', { type: 'Bot', user: 'renovate[bot]' }],
    ['an App on behalf of a person', { comment: { performed_via_github_app: { id: 1 } } }],
    ['an edit', { action: 'edited' }],
  ])('a comment of %s starts nothing', async (_, more) => {
    const { answer, body } = await comment('/analyze sales', more)
    expect(bodyOf(answer)).toMatchObject({ status: 'ignored' })
    expect(body.run).toBeUndefined()
  })

  it('nor does our own answer, sent back to us', async () => {
    const own = hub.comments.find(({ body }) => body.includes('analyze'))?.body ?? ''
    expect(own).toContain('<!-- taskhook:')
    expect(bodyOf((await comment(`/analyze sales\n${own}`)).answer)).toMatchObject({ status: 'ignored' })
  })
})

describe('a fork', () => {
  it.each([
    ['of somebody else', 'eve/site'],
    ['that is gone', null],
  ])('%s starts nothing, and the person is told why', async (_, headRepository) => {
    hub.pulls.set(7, { number: 7, sha, headRepository })
    const { id, answer, before } = await comment('/analyze sales')
    expect(bodyOf(answer)).toMatchObject({ status: 'ignored', reason: expect.stringContaining('forks') })
    expect(reactionsTo(id)).toEqual(['confused'])
    expect(hub.comments.at(-1)?.body).toContain('fork')
    expect(await started(before)).toBe(0)
  })
  it('starts what says forks: true', async () => {
    hub.pulls.set(7, { number: 7, sha, headRepository: 'eve/site' })
    expect((await comment('/forks')).answer.statusCode).toBe(202)
  })
  it('opened as a pull request starts nothing either', async () => {
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
    expect(bodyOf(await send(opened('eve/site'), 'pull_request'))).toMatchObject({ status: 'ignored' })
    expect((await send(opened('acme/site'), 'pull_request')).statusCode).toBe(202)
  })
})

describe('words about a run', () => {
  it('cancel stops it within seconds, and its answer says by whom', async () => {
    const { body } = await comment('/long x')
    await eventually(() => answersOf(body.run).some((each) => each.body.includes('running')))
    const began = Date.now()
    const { id } = await comment(`/long cancel ${String(body.run)}`, { user: 'bob' })
    expect(reactionsTo(id)).toEqual(['+1'])
    expect((await ended(body.run))?.body).toContain('was cancelled by bob')
    await eventually(() => hub.statuses.some(({ description }) => description.startsWith('was cancelled by bob')))
    expect(Date.now() - began).toBeLessThan(5000)
  })
  it('of whoever may not: nothing', async () => {
    const { body } = await comment('/long x')
    await eventually(() => answersOf(body.run).some((each) => each.body.includes('running')))
    const { id, answer } = await comment(`/long cancel ${String(body.run)}`, { user: 'eve', association: 'MEMBER' })
    expect(answer.statusCode).toBe(403)
    expect(reactionsTo(id)).toEqual(['confused'])
    expect((await comment(`/long cancel ${String(body.run)}`)).answer.statusCode).toBe(200)
    await ended(body.run)
  })
  it('rerun is a new run that names the old one, and answers under the new comment', async () => {
    const first = await comment('/analyze again')
    await ended(first.body.run)
    const again = await comment(`/analyze rerun ${String(first.body.run)}`)
    const run = bodyOf(again.answer).run
    expect(bodyOf(again.answer)).toMatchObject({ rerunOf: first.body.run })
    expect((await ended(run))?.body).toContain(`| Rerun of | \`${String(first.body.run)}\` |`)
  })
})

describe('where GitHub does not answer', () => {
  it('which commit it is, nothing runs, and the delivery can be sent again', async () => {
    hub.intercept((method, path) =>
      method === 'GET' && path.endsWith('/pulls/7') ? Response.json({}, { status: 503 }) : undefined,
    )
    const payload = commentPayload('/analyze later', { id: ids++ })
    expect((await send(payload)).statusCode).toBe(500)
    hub.intercept()
    expect((await send(payload)).statusCode).toBe(202)
  })
})

describe('paths', () => {
  const because = () => JSON.stringify(world.deliveryLines().at(-1)?.routes)
  it('are those of the pull request, page by page', async () => {
    hub.pulls.set(7, {
      number: 7,
      sha,
      files: [...Array.from({ length: 250 }, (_, at) => `src/${at}.ts`), 'docs/a.md'],
    })
    expect((await comment('/docs')).answer.statusCode).toBe(202)
    expect(hub.calls.filter(({ path }) => path.endsWith('/files'))).toHaveLength(3)
    hub.pulls.set(7, { number: 7, sha, files: ['src/a.ts', 'src/b.ts'] })
    const { answer } = await comment('/docs')
    expect(bodyOf(answer)).toMatchObject({
      status: 'ignored',
      reason: expect.stringContaining('none of 2 changed files'),
    })
  })
  it('count a file where it was before, too', async () => {
    hub.pulls.set(7, { number: 7, sha, files: [{ filename: 'src/a.md', previous_filename: 'docs/a.md' }] })
    expect((await comment('/docs')).answer.statusCode).toBe(202)
  })
  it.each([
    ['are more than GitHub lists', { count: 3000 }],
    ['are fewer than GitHub counts', { count: 5, files: ['src/a.ts'] }],
  ])('that %s are not known: it runs, and the log says so', async (_, more) => {
    hub.pulls.set(7, { number: 7, sha, ...more })
    expect((await comment('/docs')).answer.statusCode).toBe(202)
    expect(because()).toContain('paths counts as matched')
  })
  it('that GitHub does not give are not known either', async () => {
    hub.intercept((_, path) => (path.endsWith('/files') ? Response.json({}, { status: 500 }) : undefined))
    expect((await comment('/docs')).answer.statusCode).toBe(202)
    expect(because()).toContain('paths counts as matched')
  })
})

describe('what an attacker found', () => {
  const elsewhere = (text: string, more: Parameters<typeof commentPayload>[1] = {}) => ({
    ...commentPayload(text, { id: ids++, user: 'mallory', association: 'OWNER', ...more }),
    repository: { full_name: 'mallory/own', name: 'own' },
  })
  it('a person of another repository neither stops, repeats nor sees a run', async () => {
    const { body } = await comment('/long secret')
    await eventually(() => answersOf(body.run).some((each) => each.body.includes('running')))
    for (const word of ['cancel', 'rerun'])
      expect((await send(elsewhere(`/long ${word} ${String(body.run)}`))).statusCode, word).toBe(404)
    const status = await send(elsewhere('/long status'))
    expect(status.body).not.toContain(String(body.run))
    expect((await comment(`/long cancel ${String(body.run)}`)).answer.statusCode).toBe(200)
    await ended(body.run)
  })

  it.each([
    '/analyze cancel see https://evil.example',
    '/analyze approve',
    '/analyze rerun 0123456789abcdef0123',
    '/docs',
  ])('a stranger who writes "%s" is not talked to', async (text) => {
    const before = hub.comments.length
    const { answer } = await comment(text, { user: 'eve', association: 'NONE' })
    expect(answer.statusCode).toBeLessThan(404)
    expect(hub.comments).toHaveLength(before)
    expect(hub.calls.filter(({ method }) => method === 'GET')).toEqual([])
  })

  it('a comment of nothing but spaces takes no time', async () => {
    const began = Date.now()
    await comment(`/x${' '.repeat(65_000)}b\u2028c`, { user: 'eve', association: 'NONE' })
    await comment(`/analyze cancel${' '.repeat(65_000)}b\nc`, { user: 'eve', association: 'NONE' })
    expect(Date.now() - began).toBeLessThan(1000)
  })

  it('a comment of thousands of words gets an answer that GitHub takes', async () => {
    const { answer } = await comment(`/analyze ${'a '.repeat(30_000)}`)
    expect(answer.statusCode).toBe(422)
    expect(answer.body.length).toBeLessThan(20_000)
    expect(hub.comments.at(-1)?.body.length).toBeLessThan(65_536)
  })

  it.each([
    ['the comment is deleted', /\/reactions$/, 404],
    ['the conversation is locked', /\/issues\/7\/comments$|\/reactions$/, 403],
  ])('the commit is told the end though %s', async (_, path, status) => {
    hub.pulls.set(7, { number: 7, sha: 'e'.repeat(40) })
    hub.intercept((method, at) => (method === 'POST' && path.test(at) ? Response.json({}, { status }) : undefined))
    await comment('/analyze gone')
    await eventually(() => hub.statuses.some(({ sha, state }) => sha === 'e'.repeat(40) && state === 'success'))
    hub.statuses.length = 0
  })

  it('an answer that somebody deleted is written anew', async () => {
    const { body } = await comment('/long deleted')
    const [first] = await eventually(() => answersOf(body.run).length > 0 && answersOf(body.run))
    hub.comments.splice(hub.comments.indexOf(first as (typeof hub.comments)[number]), 1)
    await comment(`/long cancel ${String(body.run)}`)
    expect((await ended(body.run))?.id).not.toBe(first?.id)
  })

  it('a comment that is no command may be of a fork, too', async () => {
    hub.pulls.set(7, { number: 7, sha, headRepository: 'eve/site' })
    expect(bodyOf((await comment('deploy now')).answer)).toMatchObject({
      status: 'ignored',
      reason: expect.stringContaining('forks'),
    })
    hub.pulls.set(7, { number: 7, sha })
    expect((await comment('deploy now')).answer.statusCode).toBe(202)
  })
})

it('no token is in the ledger or the log', async () => {
  const { ScanCommand } = await import('@aws-sdk/client-dynamodb')
  const { Items } = await world.emulators.dynamo.send(new ScanCommand({ TableName: 'taskhook' }))
  expect(JSON.stringify(Items) + world.logs.join('')).not.toContain('github_pat_secret')
})
