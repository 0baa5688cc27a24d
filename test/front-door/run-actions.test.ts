/** Runs over HTTP: waited for, cancelled, repeated and listed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
beforeAll(async () => {
  world = await startWorld({ config, env: secrets })
})
afterAll(() => world?.close())

const ask = (url: string, method = 'POST', body = '', headers: Record<string, string> = {}) => {
  const { pathname, search } = new URL(url, 'https://abc.on.aws')
  return world.bridge.receive(
    urlEvent(pathname + search, { 'content-type': 'application/json', ...headers }, body, method),
  )
}
const view = async (url: string) => bodyOf(await ask(url, 'GET'))
const deliver = async (body: Record<string, unknown>) => {
  const { headers, body: text } = standardDelivery(secrets.PARTNER, JSON.stringify(body))
  const answer = await world.bridge.receive(urlEvent('/partner', headers, text))
  expect(answer.statusCode, answer.body).toBe(202)
  return bodyOf(answer) as { run: string; statusUrl: string }
}
const until = (url: string, ...statuses: string[]) =>
  eventually(async () => {
    const now = await view(url)
    return statuses.includes(String(now.status)) && now
  })
/** `POST …/runs/<id>/cancel?token=…` of `…/runs/<id>?token=…`. */
const at = (statusUrl: string, verb: string) => statusUrl.replace('?', `/${verb}?`)
const runOf = async (run: string) => (await world.tasks()).filter(({ startedBy }) => startedBy === `taskhook/${run}`)

describe('cancel', () => {
  it('stops the process within seconds, and says by whom', async () => {
    const { run, statusUrl } = await deliver({ dataset: 'long-1' })
    await until(statusUrl, 'running')
    const began = Date.now()
    const answer = await ask(at(statusUrl, 'cancel'), 'POST', '{"by":"Ann Lee"}')
    expect(answer.statusCode).toBe(202)
    expect(bodyOf(answer)).toMatchObject({ run, status: 'running' })
    expect(await until(statusUrl, 'cancelled')).toMatchObject({ reason: 'cancelled by Ann Lee' })
    expect(Date.now() - began).toBeLessThan(5_000)
    expect((await runOf(run)).map(({ lastStatus, stoppedReason }) => ({ lastStatus, stoppedReason }))).toEqual([
      { lastStatus: 'STOPPED', stoppedReason: 'taskhook: cancelled by Ann Lee' },
    ])
  })
  it('of a run that has ended changes nothing', async () => {
    const { statusUrl } = await deliver({ dataset: 'sales' })
    await until(statusUrl, 'failed')
    const answer = await ask(at(statusUrl, 'cancel'))
    expect(answer.statusCode).toBe(200)
    expect(bodyOf(answer)).toMatchObject({ status: 'failed', exitCode: 3 })
    expect(world.logs.at(-1)).toMatch(/"outcome":"controlled".*"status":200/)
    expect(await view(statusUrl)).toMatchObject({ status: 'failed' })
  })
  it('names the source where nobody is named, and lets no name break the reason', async () => {
    const first = await deliver({ dataset: 'long-2' })
    await until(first.statusUrl, 'running')
    await ask(at(first.statusUrl, 'cancel'))
    expect(await until(first.statusUrl, 'cancelled')).toMatchObject({ reason: 'cancelled by partner' })
    const second = await deliver({ dataset: 'long-3' })
    await until(second.statusUrl, 'running')
    await ask(at(second.statusUrl, 'cancel'), 'POST', JSON.stringify({ by: '<!channel>\n"x" https://evil/' }))
    expect(await until(second.statusUrl, 'cancelled')).toMatchObject({ reason: 'cancelled by channelx httpsevil' })
  })
})

describe('rerun', () => {
  it('is a new run with the same parameters, that names the old one', async () => {
    const { run, statusUrl } = await deliver({ dataset: 'people', token: 'w' })
    await until(statusUrl, 'failed')
    const answer = await ask(at(statusUrl, 'rerun'), 'POST', '{"by":"bob"}')
    expect(answer.statusCode).toBe(202)
    const again = bodyOf(answer) as { run: string; statusUrl: string }
    expect(again).toMatchObject({ task: 'quick', rerunOf: run, params: { dataset: 'people', token: 'w' } })
    expect(again.run).not.toBe(run)
    expect(await until(again.statusUrl, 'failed')).toMatchObject({ run: again.run, rerunOf: run, exitCode: 3 })
    await eventually(() => world.output.includes('quick people w by partner'))
    expect(await runOf(again.run)).toHaveLength(1)
  })
  it('of one Idempotency-Key is one run', async () => {
    const { statusUrl } = await deliver({ dataset: 'visits' })
    const wish = () => ask(at(statusUrl, 'rerun'), 'POST', '', { 'idempotency-key': 'once' })
    const [first, second] = [await wish(), await wish()]
    expect([first.statusCode, second.statusCode]).toEqual([202, 200])
    expect(bodyOf(second).run).toBe(bodyOf(first).run)
  })
  it('of a run that GitHub began answers where that one did', async () => {
    const sha = 'a'.repeat(40)
    const payload = {
      ref: 'refs/heads/main',
      after: sha,
      repository: { full_name: 'acme/site', name: 'site' },
      sender: { login: 'ann' },
    }
    const { headers, body } = githubDelivery(secrets.HUB, JSON.stringify(payload), 'push')
    const { run } = bodyOf(await world.bridge.receive(urlEvent('/github', headers, body))) as { run: string }
    const told = () =>
      world.inbox.messages
        .filter(({ service }) => service === 'github')
        .map(({ body }) => body as { state: string; target_url: string })
    const link = (
      await eventually(() => told().find(({ state, target_url }) => state === 'failure' && target_url.includes(run)))
    ).target_url
    // What stands on a public commit shows the run, and does no more.
    expect(await view(link)).toMatchObject({ status: 'failed' })
    for (const verb of ['cancel', 'rerun']) expect((await ask(at(link, verb))).statusCode).toBe(401)
  })
})

describe('waiting', () => {
  it('answers when the run moves on, and not before', async () => {
    const { statusUrl } = await deliver({ dataset: 'long-4' })
    await until(statusUrl, 'running')
    const waited = ask(`${statusUrl}&wait=20`, 'GET')
    await ask(at(statusUrl, 'cancel'))
    expect(bodyOf(await waited)).toMatchObject({ status: 'cancelled' })
  })
  it('gives up in time', async () => {
    const { statusUrl } = await deliver({ dataset: 'long-5' })
    await until(statusUrl, 'running')
    const began = Date.now()
    expect(bodyOf(await ask(`${statusUrl}&wait=2`, 'GET'))).toMatchObject({ status: 'running' })
    expect(Date.now() - began).toBeGreaterThan(1_800)
    expect(Date.now() - began).toBeLessThan(6_000)
    await ask(at(statusUrl, 'cancel'))
  })
})

describe('the list', () => {
  const list = (query: string, secret = secrets.PARTNER) =>
    ask(`/runs?${query}`, 'GET', '', standardDelivery(secret, '').headers as Record<string, string>)

  it('has the newest runs of a task that came from this source, newest first, each with its own link', async () => {
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
  it("has nothing of another source's", async () => {
    expect(bodyOf(await list('source=other&task=quick', secrets.OTHER)).runs).toEqual([])
  })
  it.each([
    ['no signature', () => ask('/runs?source=partner&task=quick', 'GET'), 401],
    ["another source's signature", () => list('source=partner&task=quick', secrets.OTHER), 401],
    [
      'a scheme whose signature of nothing is always the same',
      () => ask('/runs?source=plain&task=quick', 'GET', '', githubDelivery(secrets.HUB, '', 'x').headers),
      401,
    ],
    ['no source', () => list('task=quick'), 400],
    ['no task', () => list('source=partner'), 400],
    ['a task that is not there', () => list('source=partner&task=nothing'), 400],
    ['POST', () => ask('/runs?source=partner&task=quick'), 405],
  ])('with %s is refused', async (_name, asked, status) => {
    expect((await asked()).statusCode).toBe(status)
  })
})

describe('what acts on a run', () => {
  it.each(['cancel', 'rerun'])(
    '%s is refused without its token, with another run’s, with the status’s, and by GET',
    async (verb) => {
      const { statusUrl } = await deliver({ dataset: 'guarded' })
      const other = await deliver({ dataset: 'guarded too' })
      const withToken = (token: string) => ask(at(statusUrl.replace(/token=.*/, `token=${token}`), verb))
      const tokenOf = (url: string) => new URL(url).searchParams.get('token') ?? ''
      expect((await withToken('')).statusCode).toBe(401)
      expect((await withToken(tokenOf(other.statusUrl))).statusCode).toBe(401)
      expect((await ask(at(statusUrl, verb), 'GET')).statusCode).toBe(405)
      expect((await ask(at(statusUrl, verb), 'POST', '{"by":')).statusCode).toBe(400)
      expect((await ask(at(statusUrl, verb), 'POST', '{"by":3}')).statusCode).toBe(400)
    },
  )
})
