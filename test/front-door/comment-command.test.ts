/** docs: a command in a comment runs a task once, for the commit that it was written for, and one answer is edited to the end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { bodyOf } from '../support/function-url.ts'
import { commentPayload } from '../support/github/payloads.ts'
import { type CommentWorld, sha, startCommentWorld, TOKEN } from './comment-world.ts'

let on: CommentWorld
beforeEach(async () => {
  on = await startCommentWorld()
})
afterEach(() => on.world.close())

describe('a command on a pull request', () => {
  it('runs once, gets the reactions 👀 and 🚀, one answer that is edited, and a commit status', async () => {
    const { id, answer, body } = await on.comment('/analyze sales depth=5\n\nplease')
    expect(answer.statusCode, answer.body).toBe(202)
    const end = await on.waitForEnd(body.run)
    expect(on.reactionsTo(id)).toEqual(['eyes', 'rocket'])
    expect(on.answersOf(body.run)).toHaveLength(1)
    expect(end.issue).toBe(7)
    expect(end.edits).toBeGreaterThan(0)
    expect(end.body).toMatch(/✅ \*\*analyze\*\* succeeded/)
    expect(end.body).toContain(`| Parameters | \`dataset=sales depth=5 sha=${sha}\` |`)
    expect(on.world.output.join('')).toContain(`ran sales 5 ${sha} for ann`)
    await eventually(() => on.hub.statuses.some((status) => status.sha === sha && status.state === 'success'))
    expect(new Set(on.hub.calls.map(({ token }) => token))).toEqual(new Set([`Bearer ${TOKEN}`]))
  })

  it('runs for the commit at the time of the comment, not for one that is pushed later', async () => {
    const { body } = await on.comment('/analyze pinned')
    on.hub.pulls.set(7, { number: 7, sha: 'f'.repeat(40) })
    await on.waitForEnd(body.run)
    expect(on.world.output.join('')).toContain(`ran pinned 3 ${sha}`)
    expect(on.hub.statuses.map((status) => status.sha)).not.toContain('f'.repeat(40))
  })

  it('that is delivered twice is one run', async () => {
    const payload = commentPayload('/analyze twice', { id: 42 })
    const [first, second] = [bodyOf(await on.send(payload)), bodyOf(await on.send(payload))]
    expect(second.run).toBe(first.run)
    await on.waitForEnd(first.run)
    expect(on.answersOf(first.run)).toHaveLength(1)
  })

  it('has one answer, even if the notification failed after the answer was written', async () => {
    let failed = false
    on.hub.intercept((method, path) => {
      if (method !== 'POST' || !path.endsWith(`/statuses/${sha}`) || failed) return undefined
      failed = true
      return Response.json({ message: 'Server Error' }, { status: 502 })
    })
    const { body } = await on.comment('/analyze lost')
    await on.waitForEnd(body.run)
    expect(failed).toBe(true)
    expect(on.answersOf(body.run)).toHaveLength(1)
  })

  it('can be delivered again if GitHub did not say which commit it is for', async () => {
    on.hub.intercept((method, path) =>
      method === 'GET' && path.endsWith('/pulls/7') ? Response.json({}, { status: 503 }) : undefined,
    )
    const payload = commentPayload('/analyze later', { id: 42 })
    expect((await on.send(payload)).statusCode).toBe(500)
    on.hub.intercept()
    expect((await on.send(payload)).statusCode).toBe(202)
  })
})

it('a command on an issue is answered there, without a commit', async () => {
  const { id, body } = await on.comment('/analyze issue', { issue: 3, isPull: false })
  expect((await on.waitForEnd(body.run)).issue).toBe(3)
  expect(on.reactionsTo(id)).toEqual(['eyes', 'rocket'])
  expect(on.world.output.join('')).toContain('ran issue 3 none for ann')
  expect(on.hub.calls.map(({ path }) => path).filter((path) => /pulls|statuses/.test(path))).toEqual([])
})

describe('a command that starts nothing', () => {
  it('is answered with every wrong parameter at once', async () => {
    const { id, answer } = await on.comment('/analyze Sales! depth=99 dpeth=1')
    expect(answer.statusCode).toBe(422)
    expect(on.reactionsTo(id)).toEqual(['confused'])
    const reply = on.hub.comments.at(-1)?.body ?? ''
    expect(reply).toContain('Nothing was started.')
    for (const part of ['**dataset**', '**depth**', '**dpeth**', 'did you mean']) expect(reply).toContain(part)
    expect(await on.world.tasks()).toEqual([])
  })

  it('is answered if it asks for help', async () => {
    await on.comment('/analyze help')
    expect(on.hub.comments.at(-1)?.body).toContain('`/analyze dataset=… [depth=…]`')
  })

  it('is answered if it asks for the last runs', async () => {
    await on.waitForEnd((await on.comment('/analyze sales')).body.run)
    await on.comment('/analyze status')
    expect(on.hub.comments.at(-1)?.body).toMatch(/✅ \*\*analyze\*\* succeeded/)
  })

  it.each(['/deploy now', '/deploy cancel 1', '/deploy help', 'please /analyze sales', '/', '/analyzed x'])(
    'is not answered if it is no command of ours: %s',
    async (text) => {
      const { id, answer } = await on.comment(text)
      expect(bodyOf(answer)).toMatchObject({ status: 'ignored' })
      expect(on.reactionsTo(id)).toEqual([])
      expect(on.hub.comments).toEqual([])
    },
  )
})

describe('a command about a run', () => {
  it('cancel stops the task, and the answer and the commit status say by whom', async () => {
    const { body } = await on.commentAndWaitUntilRunning('x')
    const { id } = await on.comment(`/long cancel ${String(body.run)}`, { user: 'bob' })
    expect(on.reactionsTo(id)).toEqual(['+1'])
    expect((await on.waitForEnd(body.run)).body).toContain('was cancelled by bob')
    await eventually(() => on.hub.statuses.some(({ description }) => description.startsWith('was cancelled by bob')))
  })

  it('rerun is a new run that names the old one, and is answered for the new comment', async () => {
    const first = await on.comment('/analyze again')
    await on.waitForEnd(first.body.run)
    const again = await on.comment(`/analyze rerun ${String(first.body.run)}`)
    expect(again.body).toMatchObject({ rerunOf: first.body.run })
    expect((await on.waitForEnd(again.body.run)).body).toContain(`| Rerun of | \`${String(first.body.run)}\` |`)
  })
})

describe('the end of a run', () => {
  it.each([
    ['the comment was deleted', /\/reactions$/, 404],
    ['the conversation was locked', /\/issues\/7\/comments$|\/reactions$/, 403],
  ])('is a commit status even if %s', async (_, path, status) => {
    on.hub.intercept((method, at) => (method === 'POST' && path.test(at) ? Response.json({}, { status }) : undefined))
    await on.comment('/analyze gone')
    await eventually(() => on.hub.statuses.some((each) => each.sha === sha && each.state === 'success'))
  })

  it('is a new answer if the first was deleted', async () => {
    const { body } = await on.commentAndWaitUntilRunning('deleted')
    const [first] = on.hub.comments.splice(0)
    await on.comment(`/long cancel ${String(body.run)}`)
    expect((await on.waitForEnd(body.run)).id).not.toBe(first?.id)
  })
})

it('the token is in no item and no log line', async () => {
  await on.waitForEnd((await on.comment('/analyze sales')).body.run)
  const { ScanCommand } = await import('@aws-sdk/client-dynamodb')
  const { Items = [] } = await on.world.emulators.dynamo.send(new ScanCommand({ TableName: 'taskhook' }))
  expect(Items).toHaveLength(1)
  expect(on.world.logs.length).toBeGreaterThan(0)
  expect(JSON.stringify(Items) + on.world.logs.join('')).not.toContain(TOKEN)
})
