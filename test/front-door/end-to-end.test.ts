/** README: a signed webhook from any sender runs a task once, with exactly its declared parameters, and the sender gets the result. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import push from '../../src/local/samples/github-push.json' with { type: 'json' }
import { configText, secrets } from '../support/config.ts'
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld({ config: configText, env: secrets })
})
afterEach(() => world.close())

const post = (path: string, signed: Delivery) => world.bridge.receive(urlEvent(path, signed.headers, signed.body))

const tasksOf = async (run: unknown) =>
  (await world.tasks()).filter(({ startedBy }) => startedBy === `taskhook/${String(run)}`)

/** Polls the status URL until the run has ended. @returns its body */
const waitForEnd = (statusUrl: unknown) =>
  eventually(async () => {
    const { pathname, search } = new URL(String(statusUrl))
    const status = bodyOf(await world.bridge.receive(urlEvent(pathname + search, {}, '', 'GET')))
    return ['queued', 'starting', 'running'].includes(String(status.status)) ? undefined : status
  })

const slackBody = (text: string, more: Record<string, string> = {}) =>
  new URLSearchParams({
    command: '/analyze',
    text,
    user_id: 'U123',
    user_name: 'ann',
    team_id: 'T1',
    channel_id: 'C1',
    channel_name: 'data',
    response_url: 'https://hooks.slack.com/commands/T1/1/secret-response-url',
    trigger_id: `1.2.${crypto.randomUUID()}`,
    ...more,
  }).toString()

describe('a signed POST', () => {
  it('runs the task once with exactly the declared variables, and its status goes to succeeded', async () => {
    const signed = standardDelivery(secrets.PARTNER, '{"dataset":"sales","depth":7,"note":"é✓"}')
    const answer = await post('/partner', signed)
    expect(answer.statusCode).toBe(202)
    const { run, task, status, statusUrl } = bodyOf(answer)
    expect({ task, status }).toEqual({ task: 'analyze', status: 'queued' })

    expect(await waitForEnd(statusUrl)).toMatchObject({ run, task: 'analyze', status: 'succeeded', exitCode: 0 })
    const [only, ...others] = await tasksOf(run)
    expect(others).toEqual([])
    expect(only?.overrides?.containerOverrides?.[0]).toMatchObject({
      name: 'app',
      environment: [
        { name: 'DATASET', value: 'sales' },
        { name: 'DEPTH', value: '7' },
        { name: 'NOTE', value: 'é✓' },
        { name: 'TASKHOOK_RUN_ID', value: run },
        { name: 'TASKHOOK_SOURCE', value: 'partner' },
        { name: 'TASKHOOK_EVENT', value: 'webhook' },
        { name: 'TASKHOOK_ACTOR', value: 'partner' },
        {
          name: 'TASKHOOK_PROGRESS_URL',
          value: `https://abc123.lambda-url.eu-west-1.on.aws/runs/${run}/progress`,
        },
        { name: 'TASKHOOK_TOKEN', value: expect.stringMatching(/^[\w-]{43}$/) },
      ],
    })
    const env = JSON.parse(world.output.find((line) => line.includes(String(run))) ?? '{}') as Record<string, string>
    expect(
      Object.keys(env)
        .filter((name) => !['PATH', 'HOME', 'LANG', 'TMPDIR'].includes(name))
        .sort(),
    ).toEqual(
      [
        'DATASET',
        'DEPTH',
        'NOTE',
        ...['ACTOR', 'EVENT', 'PROGRESS_URL', 'RUN_ID', 'SOURCE', 'TOKEN'].map((name) => `TASKHOOK_${name}`),
      ].sort(),
    )
  })

  it('delivered five times at once is one run, and all five answers name it', async () => {
    const signed = standardDelivery(secrets.PARTNER, '{"dataset":"five"}')
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('/partner', signed)))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 200, 202])
    const runs = new Set(answers.map((answer) => bodyOf(answer).run))
    expect(runs.size).toBe(1)
    await waitForEnd(bodyOf(answers[0] ?? { statusCode: 0, headers: {}, body: '{}' }).statusUrl)
    expect(await tasksOf([...runs][0])).toHaveLength(1)
  })

  it('whose task exits with 3 is failed with exit code 3', async () => {
    const answer = await post('/partner', standardDelivery(secrets.PARTNER, '{"dataset":"fails"}'))
    expect(await waitForEnd(bodyOf(answer).statusUrl)).toMatchObject({ status: 'failed', exitCode: 3 })
  })

  it('as a form is read as text', async () => {
    const signed = standardDelivery(secrets.PARTNER, 'dataset=form&depth=4')
    const headers = { ...signed.headers, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const answer = await post('/partner', { headers, body: signed.body })
    expect(bodyOf(answer)).toMatchObject({ params: { dataset: 'form', depth: 4 } })
  })

  it('without a timestamp or an id is a new run each time, unless it has an Idempotency-Key', async () => {
    const { createHmac } = await import('node:crypto')
    const body = '{"dataset":"again"}'
    const headers = {
      'content-type': 'application/json',
      'x-signature': createHmac('sha256', secrets.CUSTOM).update(body).digest('hex'),
    }
    const runs = await Promise.all([post('/custom', { headers, body }), post('/custom', { headers, body })])
    expect(new Set(runs.map((answer) => bodyOf(answer).run)).size).toBe(2)
    const named = { ...headers, 'idempotency-key': 'order-1' }
    const same = await Promise.all([
      post('/custom', { headers: named, body }),
      post('/custom', { headers: named, body }),
    ])
    expect(new Set(same.map((answer) => bodyOf(answer).run)).size).toBe(1)
  })
})

describe('a slash command', () => {
  it('gets a reply, and then the messages running and succeeded', async () => {
    const body = slackBody('dataset=people depth=2', { response_url: 'https://hooks.slack.com/commands/T1/2/told' })
    const answer = await post('/slack', slackDelivery(secrets.SLACK, body))
    expect(answer.statusCode).toBe(200)
    expect(bodyOf(answer)).toMatchObject({ response_type: 'ephemeral', text: 'analyze queued' })
    await eventually(
      () => world.inbox.messages.filter(({ url }) => url.pathname.endsWith('/told')).length === 2 || undefined,
    )
    const texts = world.inbox.messages
      .filter(({ url }) => url.pathname.endsWith('/told'))
      .map(({ body }) => (body as { text: string }).text)
    expect(texts[0]).toBe('analyze running')
    expect(texts[1]).toMatch(/^analyze succeeded in /)
  })

  it('takes a bare value for the one required parameter', async () => {
    const answer = await post('/slack', slackDelivery(secrets.SLACK, slackBody('sales')))
    expect(answer.body).toContain('dataset=sales depth=3')
  })

  it.each(['help', 'HELP', '-h'])('%s is answered with the declared parameters and starts nothing', async (text) => {
    const answer = await post('/slack', slackDelivery(secrets.SLACK, slackBody(text)))
    expect(answer.body).toContain('Which dataset')
    expect(answer.body).toContain('an integer from 1 to 10')
    const [last] = world.deliveryLines().slice(-1)
    expect(last).toMatchObject({ outcome: 'help' })
    expect(last?.runs).toBeUndefined()
  })

  it('whose task fails gets a message with the exit code', async () => {
    const body = slackBody('dataset=fails', { response_url: 'https://hooks.slack.com/commands/T1/3/fails' })
    await post('/slack', slackDelivery(secrets.SLACK, body))
    await eventually(() =>
      world.inbox.messages.find(
        ({ url, body }) => url.pathname.endsWith('/fails') && JSON.stringify(body).includes('exit code 3'),
      ),
    )
  })
})

describe('a push', () => {
  it('of the example of GitHub runs the task, and its commit gets the status pending, then success', async () => {
    const after = 'a'.repeat(40)
    const answer = await post('/github', githubDelivery(secrets.GITHUB, JSON.stringify({ ...push, after }), 'push'))
    expect(answer.statusCode).toBe(202)
    expect(await waitForEnd(bodyOf(answer).statusUrl)).toMatchObject({
      status: 'succeeded',
      params: { dataset: 'hello-world' },
    })
    const states = await eventually(() => {
      const found = world.inbox.messages.filter(
        ({ url }) => url.pathname === `/repos/Codertocat/Hello-World/statuses/${after}`,
      )
      const bodies = found.map(({ body }) => body as { state: string; description: string; target_url: string })
      return bodies.some(({ state }) => state === 'success') ? bodies : undefined
    })
    expect(states[0]?.state).toBe('pending')
    expect(states.at(-1)).toMatchObject({ state: 'success', target_url: bodyOf(answer).statusUrl })
    for (const { description } of states) expect(description.length).toBeLessThanOrEqual(140)
  })

  it('is read from a form, too', async () => {
    const form = new URLSearchParams({ payload: JSON.stringify({ ...push, after: 'b'.repeat(40) }) }).toString()
    const signed = githubDelivery(secrets.GITHUB, form, 'push')
    const answer = await post('/github', {
      ...signed,
      headers: { ...signed.headers, 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer.statusCode).toBe(202)
  })

  it('to another branch is ignored with the reason, and the log says why each route did not match', async () => {
    const body = JSON.stringify({ ...push, ref: 'refs/heads/other', after: 'c'.repeat(40) })
    const answer = await post('/github', githubDelivery(secrets.GITHUB, body, 'push'))
    expect(answer.statusCode).toBe(200)
    expect(bodyOf(answer)).toMatchObject({ status: 'ignored' })
    expect(String(bodyOf(answer).reason)).toContain('branches: "other" does not match')
    expect(world.deliveryLines().at(-1)).toMatchObject({
      outcome: 'ignored',
      routes: [
        { route: 'github/analyze', matched: false, because: expect.stringContaining('branches: "other"') as unknown },
        { route: 'github/analyze#2', matched: false, because: expect.stringContaining('event: "push"') as unknown },
      ],
    })
  })

  it('is not needed for an answer to a ping', async () => {
    const answer = await post(
      '/github',
      githubDelivery(secrets.GITHUB, '{"zen":"Keep it logically awesome.","hook_id":1}', 'ping'),
    )
    expect(bodyOf(answer)).toEqual({ status: 'pong', hook: 1 })
  })
})
