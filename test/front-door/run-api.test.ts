/** docs: over HTTP, runs can be waited for, cancelled, rerun and listed, each with its own token or signature. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { githubDelivery, standardDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

const secrets = {
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  OTHER: 'whsec_b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXI=',
  HUB: 'its-a-secret',
}
const config = `
sources:
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
  other: { adapter: hmac, scheme: standard-webhooks, secret: "env:OTHER" }
  plain: { adapter: hmac, scheme: github, secret: "env:HUB" }
  github: { adapter: github, secret: "env:HUB", token: "env:HUB" }
tasks:
  long:
    cluster: c
    taskDefinition: long
    container: app
    subnets: [s]
    params: { dataset: { type: string } }
    local: { command: [sh, -c, 'echo "began $DATASET"; sleep 60'] }
  quick:
    cluster: c
    taskDefinition: quick
    container: app
    subnets: [s]
    params: { dataset: { type: string }, token: { type: string, env: WORD } }
    local: { command: [sh, -c, 'echo "quick $DATASET $WORD by $TASKHOOK_ACTOR"; exit 3'] }
routes:
  - { on: partner, run: long, if: "body.dataset.startsWith('long')" }
  - { on: partner, run: quick, if: "!body.dataset.startsWith('long')" }
  - { on: other, run: quick }
  - { on: github, event: push, run: quick, with: { dataset: hub } }
`

let world: World
beforeEach(async () => {
  world = await startWorld({ config, env: secrets })
})
afterEach(() => world?.close())

const request = (url: string, method = 'POST', body = '', headers: Record<string, string> = {}) => {
  const { pathname, search } = new URL(url, 'https://abc.on.aws')
  return world.bridge.receive(
    urlEvent(pathname + search, { 'content-type': 'application/json', ...headers }, body, method),
  )
}
const view = async (url: string) => bodyOf(await request(url, 'GET'))
const deliver = async (body: Record<string, unknown>) => {
  const { headers, body: text } = standardDelivery(secrets.PARTNER, JSON.stringify(body))
  const answer = await world.bridge.receive(urlEvent('/partner', headers, text))
  expect(answer.statusCode, answer.body).toBe(202)
  return bodyOf(answer) as { run: string; statusUrl: string }
}
const waitFor = (url: string, ...statuses: string[]) =>
  eventually(async () => {
    const now = await view(url)
    return statuses.includes(String(now.status)) && now
  })
/** `POST …/runs/<id>/cancel?token=…` of `…/runs/<id>?token=…`. */
const urlOf = (statusUrl: string, verb: string) => statusUrl.replace('?', `/${verb}?`)
const tasksOf = async (run: string) => (await world.tasks()).filter(({ startedBy }) => startedBy === `taskhook/${run}`)

describe('cancel', () => {
  it('stops the task, and the run says by whom', async () => {
    const { run, statusUrl } = await deliver({ dataset: 'long-1' })
    await waitFor(statusUrl, 'running')
    const answer = await request(urlOf(statusUrl, 'cancel'), 'POST', '{"by":"Ann Lee"}')
    expect(answer.statusCode).toBe(202)
    expect(bodyOf(answer)).toMatchObject({ run, status: 'running' })
    expect(await waitFor(statusUrl, 'cancelled')).toMatchObject({ reason: 'cancelled by Ann Lee' })
    expect((await tasksOf(run)).map(({ lastStatus, stoppedReason }) => ({ lastStatus, stoppedReason }))).toEqual([
      { lastStatus: 'STOPPED', stoppedReason: 'taskhook: cancelled by Ann Lee' },
    ])
  })
  it('of a run that has ended changes nothing', async () => {
    const { statusUrl } = await deliver({ dataset: 'sales' })
    await waitFor(statusUrl, 'failed')
    const answer = await request(urlOf(statusUrl, 'cancel'))
    expect(answer.statusCode).toBe(200)
    expect(bodyOf(answer)).toMatchObject({ status: 'failed', exitCode: 3 })
    expect(world.logs.at(-1)).toMatch(/"outcome":"controlled".*"status":200/)
    expect(await view(statusUrl)).toMatchObject({ status: 'failed' })
  })
  it('names the source if the request names no person, and removes markup from a name', async () => {
    const first = await deliver({ dataset: 'long-2' })
    await waitFor(first.statusUrl, 'running')
    await request(urlOf(first.statusUrl, 'cancel'))
    expect(await waitFor(first.statusUrl, 'cancelled')).toMatchObject({ reason: 'cancelled by partner' })
    const second = await deliver({ dataset: 'long-3' })
    await waitFor(second.statusUrl, 'running')
    await request(urlOf(second.statusUrl, 'cancel'), 'POST', JSON.stringify({ by: '<!channel>\n"x" https://evil/' }))
    expect(await waitFor(second.statusUrl, 'cancelled')).toMatchObject({ reason: 'cancelled by channelx httpsevil' })
  })
})

describe('rerun', () => {
  it('starts a new run with the same parameters, which names the old one', async () => {
    const { run, statusUrl } = await deliver({ dataset: 'people', token: 'w' })
    await waitFor(statusUrl, 'failed')
    const answer = await request(urlOf(statusUrl, 'rerun'), 'POST', '{"by":"bob"}')
    expect(answer.statusCode).toBe(202)
    const again = bodyOf(answer) as { run: string; statusUrl: string }
    expect(again).toMatchObject({ task: 'quick', rerunOf: run, params: { dataset: 'people', token: 'w' } })
    expect(again.run).not.toBe(run)
    expect(await waitFor(again.statusUrl, 'failed')).toMatchObject({ run: again.run, rerunOf: run, exitCode: 3 })
    await eventually(() => world.output.includes('quick people w by partner'))
    expect(await tasksOf(again.run)).toHaveLength(1)
  })
  it('with the same Idempotency-Key is one run', async () => {
    const { statusUrl } = await deliver({ dataset: 'visits' })
    const rerun = () => request(urlOf(statusUrl, 'rerun'), 'POST', '', { 'idempotency-key': 'once' })
    const [first, second] = [await rerun(), await rerun()]
    expect([first.statusCode, second.statusCode]).toEqual([202, 200])
    expect(bodyOf(second).run).toBe(bodyOf(first).run)
  })
  it('is not possible with the link of a commit status, which only reads', async () => {
    const sha = 'a'.repeat(40)
    const payload = {
      ref: 'refs/heads/main',
      after: sha,
      repository: { full_name: 'acme/site', name: 'site' },
      sender: { login: 'ann' },
    }
    const { headers, body } = githubDelivery(secrets.HUB, JSON.stringify(payload), 'push')
    const { run } = bodyOf(await world.bridge.receive(urlEvent('/github', headers, body))) as { run: string }
    const statuses = () =>
      world.inbox.messages
        .filter(({ service }) => service === 'github')
        .map(({ body }) => body as { state: string; target_url: string })
    const link = (
      await eventually(() =>
        statuses().find(({ state, target_url }) => state === 'failure' && target_url.includes(run)),
      )
    ).target_url
    // Everyone can read the status of a public commit.
    expect(await view(link)).toMatchObject({ status: 'failed' })
    for (const verb of ['cancel', 'rerun']) expect((await request(urlOf(link, verb))).statusCode).toBe(401)
  })
})

describe('GET with ?wait', () => {
  it('answers when the status changes, and not before', async () => {
    const { statusUrl } = await deliver({ dataset: 'long-4' })
    await waitFor(statusUrl, 'running')
    const waited = request(`${statusUrl}&wait=20`, 'GET')
    await request(urlOf(statusUrl, 'cancel'))
    expect(bodyOf(await waited)).toMatchObject({ status: 'cancelled' })
  })
  it('answers with the present status when the time is over', async () => {
    const { statusUrl } = await deliver({ dataset: 'long-5' })
    await waitFor(statusUrl, 'running')
    const began = Date.now()
    expect(bodyOf(await request(`${statusUrl}&wait=2`, 'GET'))).toMatchObject({ status: 'running' })
    expect(Date.now() - began).toBeGreaterThan(1_800)
    expect(Date.now() - began).toBeLessThan(6_000)
    await request(urlOf(statusUrl, 'cancel'))
  })
})

describe('the list of runs', () => {
  const list = (query: string, secret = secrets.PARTNER) =>
    request(`/runs?${query}`, 'GET', '', standardDelivery(secret, '').headers as Record<string, string>)

  it('has the runs of a task that this source started, newest first, each with its own link', async () => {
    for (const dataset of ['a', 'b', 'c']) await deliver({ dataset })
    const { run } = await deliver({ dataset: 'newest' })
    const answer = await list('source=partner&task=quick')
    expect(answer.statusCode, answer.body).toBe(200)
    const runs = bodyOf(answer).runs as { run: string; createdAt: string; statusUrl: string; task: string }[]
    expect(runs[0]?.run).toBe(run)
    expect(runs.length).toBeGreaterThan(3)
    expect(runs.map(({ createdAt }) => createdAt)).toEqual(
      runs
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    )
    expect(new Set(runs.map(({ task }) => task))).toEqual(new Set(['quick']))
    expect(await view(runs[0]?.statusUrl ?? '')).toMatchObject({ run })
  })
  it('has no runs of another source', async () => {
    await deliver({ dataset: 'sales' })
    expect(bodyOf(await list('source=other&task=quick', secrets.OTHER)).runs).toEqual([])
  })
  it.each([
    ['no signature', () => request('/runs?source=partner&task=quick', 'GET'), 401],
    ["another source's signature", () => list('source=partner&task=quick', secrets.OTHER), 401],
    [
      'a scheme that signs neither a timestamp nor an id',
      () => request('/runs?source=plain&task=quick', 'GET', '', githubDelivery(secrets.HUB, '', 'x').headers),
      401,
    ],
    ['no source', () => list('task=quick'), 400],
    ['no task', () => list('source=partner'), 400],
    ['a task that does not exist', () => list('source=partner&task=nothing'), 400],
    ['POST', () => request('/runs?source=partner&task=quick'), 405],
  ])('with %s is refused', async (_name, asked, status) => {
    expect((await asked()).statusCode).toBe(status)
  })
})

describe('an action on a run', () => {
  it.each(['cancel', 'rerun'])(
    '%s is refused without a token, with the token of another run, by GET, and with a wrong body',
    async (verb) => {
      const { statusUrl } = await deliver({ dataset: 'guarded' })
      const other = await deliver({ dataset: 'guarded too' })
      const withToken = (token: string) => request(urlOf(statusUrl.replace(/token=.*/, `token=${token}`), verb))
      const tokenOf = (url: string) => new URL(url).searchParams.get('token') ?? ''
      expect((await withToken('')).statusCode).toBe(401)
      expect((await withToken(tokenOf(other.statusUrl))).statusCode).toBe(401)
      expect((await request(urlOf(statusUrl, verb), 'GET')).statusCode).toBe(405)
      expect((await request(urlOf(statusUrl, verb), 'POST', '{"by":')).statusCode).toBe(400)
      expect((await request(urlOf(statusUrl, verb), 'POST', '{"by":3}')).statusCode).toBe(400)
    },
  )
})
