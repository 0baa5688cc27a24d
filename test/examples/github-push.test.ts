import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { placeholderSecret } from '../../src/local/local-secrets.ts'
import { curl, type Dev, runOf, sign, startDev, taskhook, watch } from '../cli/process.ts'
import { eventually } from '../support/eventually.ts'

const config = 'examples/github-push/taskhook.yaml'

interface Push {
  readonly ref: string
  readonly after: string
  readonly head_commit: { readonly id: string }
  readonly commits: readonly Readonly<Record<string, unknown>>[]
}
const events = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string
  readonly examples: readonly Push[]
}[]
/** GitHub's own example payload of a push to a branch or of a tag. */
function example(prefix: string): Push {
  const pushes = events.filter(({ name }) => name === 'push').flatMap(({ examples }) => examples)
  const found = pushes.find(({ ref, head_commit }) => ref.startsWith(prefix) && head_commit !== null)
  if (found === undefined) throw new Error(`GitHub gives no example of a push to ${prefix}`)
  return found
}

let count = 0
const sha = (): string => (++count).toString(16).padStart(40, 'c')

/** A push that changes these files on an existing branch. */
function pushOf(branch: string, ...modified: readonly string[]) {
  const push = example('refs/heads/')
  const commits = push.commits.map((commit) => ({ ...commit, added: [], modified }))
  return { ...push, ref: `refs/heads/${branch}`, after: sha(), created: false, commits }
}

describe('examples/github-push', () => {
  let dev: Dev
  beforeAll(async () => {
    dev = await startDev(config)
  })
  afterAll(() => dev?.stop())

  const post = (payload: unknown, secret = placeholderSecret('secretsmanager:taskhook/github-webhook')) =>
    curl(`${dev.url}/github`, sign.github(secret, 'push', payload))

  it('runs the task for a push to main that changes data/, and reports the result to the commit', async () => {
    const push = pushOf('main', 'data/sales.csv', 'README.md')
    const answer = await post(push)
    expect(answer.status, answer.body).toBe(202)
    const { last } = await watch(runOf(answer).statusUrl)
    expect(last).toMatchObject({ task: 'refresh', status: 'succeeded', exitCode: 0 })
    expect(last).toHaveProperty('params', {
      repository: 'Codertocat/Hello-World',
      ref: 'refs/heads/main',
      commit: push.after,
      publish: false,
    })
    expect(dev.out()).toContain(`│ Codertocat/Hello-World at ${push.after.slice(0, 7)} (main)\n`)
    expect(dev.out()).toContain('│ rebuilt as a preview\n')
    await eventually(() => /^\S+ github {4}← ✅ taskhook\/refresh succeeded/m.test(dev.out()))
  })

  it('publishes the commit of a tag data-v…, annotated or not', async () => {
    const push = { ...example('refs/tags/'), ref: 'refs/tags/data-v7', after: sha(), deleted: false }
    const answer = await post(push)
    expect(answer.status, answer.body).toBe(202)
    const { last } = await watch(runOf(answer).statusUrl)
    expect(last).toHaveProperty('status', 'succeeded')
    expect(last).toHaveProperty('params', {
      repository: 'Codertocat/Hello-World',
      ref: 'refs/tags/data-v7',
      commit: push.head_commit.id,
      publish: true,
    })
    expect(dev.out()).toContain('│ rebuilt and published\n')
  })

  it.each([
    ['a push to main that changes nothing in data/', () => pushOf('main', 'src/index.ts')],
    ['a push to main that changes only data/README.md', () => pushOf('main', 'data/README.md')],
    ['a push to another branch', () => pushOf('next', 'data/sales.csv')],
    ['another tag', () => ({ ...example('refs/tags/'), ref: 'refs/tags/v7', after: sha(), deleted: false })],
  ])('ignores %s, and answers with the reason', async (_, make) => {
    const { status, body } = await post(make())
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({ status: 'ignored', reason: expect.stringContaining('no route matched') })
  })

  it('rejects a push that is signed with another secret', async () => {
    expect((await post(pushOf('main', 'data/sales.csv'), 'another')).status).toBe(401)
  })

  it('runs the task for push.json, as the README says', async () => {
    const args = ['send', config, 'github', '--data', '@examples/github-push/push.json', '--url', dev.url]
    const { code, stdout } = await taskhook(args)
    expect(code, stdout).toBe(0)
    expect(stdout).toMatch(/^202 Accepted\n/)
    expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({
      params: { repository: 'acme/figures', commit: '6113728f27ae82c7b1a177c8d03f9e96e0adf246', publish: false },
    })
  })
})
