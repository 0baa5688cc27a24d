/** docs: with a GitHub App, check runs can be rerun all at once, approved, cancelled, and show the progress that a container reports. */
import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { githubDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { createGitHub, type GitHub } from '../support/github/fake-github.ts'
import { commentPayload } from '../support/github/payloads.ts'
import { startWorld, type World } from '../support/world.ts'
import { waitUntilQueueIsEmpty } from '../support/world-queue.ts'

const HUB = 'its-a-secret'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const config = `
sources:
  github: { adapter: github, secret: "env:HUB", appId: 4711, privateKey: "env:APP_KEY" }
tasks:
  quick:
    cluster: c
    taskDefinition: quick
    container: app
    subnets: [s]
    params: { branch: { type: string }, pin: { type: string, secret: true, default: "hunter2" } }
    local: { command: [sh, -c, 'true'] }
  long:
    cluster: c
    taskDefinition: long
    container: app
    subnets: [s]
    params: { pin: { type: string, secret: true, default: "hunter2" } }
    local: { command: [sh, -c, 'sleep 60'] }
routes:
  - { on: github, event: push, branches: [main, other], run: quick, with: { branch: "\${event.ref}" } }
  - { on: github, event: push, branches: [long], run: long }
  - { on: github, event: push, branches: [deploy], run: quick, approval: { from: [bob, acme/leads], expires: 1h } }
  - { on: github, command: /long, run: long }
  - { on: github, command: /deploy, run: quick, approval: { from: [bob] } }
  - { on: github, event: pull_request.synchronize, paths: ["docs/**"], run: quick }
`

let world: World
let hub: GitHub
let advancedMs = 0
beforeEach(async () => {
  hub = createGitHub()
  advancedMs = 0
  const APP_KEY = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  world = await startWorld({ config, env: { HUB, APP_KEY }, fetch: hub.fetch, now: () => Date.now() + advancedMs })
})
afterEach(() => world?.close())

const repository = { full_name: 'acme/site', name: 'site' }
const installation = { id: 77 }
const send = (event: string, payload: unknown) => {
  const { headers, body } = githubDelivery(HUB, JSON.stringify(payload), event)
  return world.bridge.receive(urlEvent('/github', headers, body))
}
let pushes = 0
async function push(branch: string, sender = 'ann') {
  const after = String(++pushes).padStart(40, '0')
  const answer = await send('push', {
    ...{ ref: `refs/heads/${branch}`, after, repository, installation, sender: { login: sender } },
  })
  expect(answer.statusCode, answer.body).toBe(202)
  return { after, run: String(bodyOf(answer).run), statusUrl: String(bodyOf(answer).statusUrl) }
}
const checkOf = (run: unknown) => hub.checkRuns.find(({ external_id }) => external_id === run)
const newest = (run: unknown) => checkOf(run)?.updates.at(-1) as Record<string, unknown> | undefined
const title = (run: unknown) => (newest(run)?.output as { title?: string } | undefined)?.title ?? ''
const summary = (run: unknown) => (newest(run)?.output as { summary?: string } | undefined)?.summary ?? ''
const buttons = (run: unknown) =>
  (newest(run)?.actions as { identifier: string }[] | undefined)?.map((a) => a.identifier)
const press = (run: string, identifier: string, login: string) =>
  send('check_run', {
    action: 'requested_action',
    requested_action: { identifier },
    check_run: {
      name: 'taskhook/quick',
      external_id: run,
      head_sha: '1'.repeat(40),
      check_suite: { head_branch: 'x' },
    },
    ...{ repository, installation, sender: { login } },
  })
const tasksOf = async (run: string) => (await world.tasks()).filter(({ startedBy }) => startedBy === `taskhook/${run}`)
const concluded = (run: unknown) => eventually(() => newest(run)?.status === 'completed')

describe('Re-run all checks', () => {
  it('reruns each run of the suite once for each request; `start` asks GitHub which they are', async () => {
    const runs = [await push('main'), await push('other')]
    await Promise.all(runs.map(({ run }) => concluded(run)))
    const suite = (id: number, app = 4711) =>
      send('check_suite', {
        action: 'rerequested',
        check_suite: { id, head_branch: 'main', head_sha: '2'.repeat(40), app: { id: app } },
        ...{ repository, installation, sender: { login: 'bob' } },
      })
    expect(bodyOf(await suite(1))).toEqual({ status: 'accepted' })
    const again = (run: string) =>
      hub.checkRuns.filter((check) => JSON.stringify(check.updates[0]).includes(`| Rerun of | \`${run}\``))
    for (const { run } of runs) {
      const [check] = await eventually(() => again(run).length > 0 && again(run))
      await concluded(check?.external_id)
      expect(check).toMatchObject({ head_sha: '2'.repeat(40) })
    }
    // The same request again, and a suite of another App.
    await suite(1)
    expect(bodyOf(await suite(1, 9))).toMatchObject({ status: 'ignored' })
    await eventually(() => hub.calls.filter(({ path }) => path.endsWith('/check-suites/1/check-runs')).length === 2)
    await waitUntilQueueIsEmpty(world)
    for (const { run } of runs) expect(again(run)).toHaveLength(1)
  })
})

describe('the changed paths of a pull request', () => {
  const synchronize = (sha: string, files: string[]) => {
    hub.pulls.set(8, { number: 8, sha, files })
    return send('pull_request', {
      action: 'synchronize',
      number: 8,
      pull_request: {
        ...{ number: 8, changed_files: files.length },
        head: { ref: 't', sha, repo: repository },
        base: { ref: 'main', sha: '9'.repeat(40), repo: repository },
      },
      ...{ repository, installation, sender: { login: 'ann' } },
    })
  }
  it('are read with the token of the installation', async () => {
    expect(bodyOf(await synchronize('a'.repeat(40), ['src/x.ts']))).toMatchObject({ status: 'ignored' })
    expect((await synchronize('b'.repeat(40), ['src/x.ts', 'docs/y.md'])).statusCode).toBe(202)
    expect(hub.calls.filter(({ path }) => path.endsWith('/pulls/8/files')).map(({ token }) => token)).toEqual([
      'Bearer ghs_installation',
      'Bearer ghs_installation',
    ])
  })
})

describe('an approval', () => {
  const waiting = async (sender?: string) => {
    const made = await push('deploy', sender)
    await eventually(() => buttons(made.run)?.includes('approve'))
    return made
  }
  it('is given on the check run: Approve starts the run once, and the check run says who approved it', async () => {
    const { run } = await waiting()
    expect(newest(run)).toMatchObject({ status: 'queued' })
    expect(title(run)).toBe('quick waits for approval')
    expect(summary(run)).toMatch(/\| Waiting for \| `bob` or `acme\/leads`, until /)
    expect(await tasksOf(run)).toEqual([])

    expect((await press(run, 'approve', 'ann')).statusCode, 'the requester').toBe(403)
    expect((await press(run, 'approve', 'eve')).statusCode, 'a stranger').toBe(403)
    expect(await tasksOf(run)).toEqual([])
    expect((await press(run, 'approve', 'bob')).statusCode).toBe(200)
    await concluded(run)
    expect((await press(run, 'approve', 'bob')).statusCode, 'twice').toBe(422)
    expect(summary(run)).toContain('| Approved by | `bob` |')
    expect(await tasksOf(run)).toHaveLength(1)
  })
  it('can be given by a member of a team', async () => {
    hub.teams.set('acme/leads', ['zoe'])
    const { run } = await waiting()
    expect((await press(run, 'approve', 'zoe')).statusCode).toBe(200)
    await concluded(run)
  })
  it('cannot be given by the requester, even if named as an approver', async () => {
    const { run } = await waiting('Bob')
    expect((await press(run, 'approve', 'bob')).statusCode).toBe(403)
    expect((await press(run, 'cancel', 'bob')).statusCode).toBe(200)
    await concluded(run)
    expect(title(run)).toBe('quick was cancelled by bob')
  })
  it('can be refused: Reject cancels the run', async () => {
    const { run } = await waiting()
    expect((await press(run, 'reject', 'bob')).statusCode).toBe(200)
    await concluded(run)
    expect(newest(run)).toMatchObject({ conclusion: 'cancelled' })
    expect(title(run)).toBe('quick was rejected by bob')
    expect(await tasksOf(run)).toEqual([])
  })
  it('cannot be given after its time: the run is cancelled', async () => {
    const { run } = await waiting()
    advancedMs += 3_601_000
    expect((await press(run, 'approve', 'bob')).statusCode).toBe(422)
    await world.bridge.settle({ 'detail-type': 'Scheduled Event' })
    await concluded(run)
    expect(title(run)).toBe('quick was cancelled: it was not approved in time')
    expect(await tasksOf(run)).toEqual([])
  })
  it('is given by a comment if the run was requested by one', async () => {
    hub.pulls.set(7, { number: 7, sha: 'c'.repeat(40) })
    const say = (text: string, user: string, id: number) =>
      send('issue_comment', commentPayload(text, { id, user, installation: 77 }))
    const run = String(bodyOf(await say('/deploy', 'ann', 1)).run)
    const answer = () => hub.comments.find(({ body }) => body.includes(run))?.body ?? ''
    await eventually(() => answer().includes(`\`/deploy approve ${run}\` or \`/deploy reject ${run}\``))
    expect((await say(`/deploy approve ${run}`, 'ann', 2)).statusCode).toBe(403)
    expect((await say(`/deploy approve ${run}`, 'bob', 3)).statusCode).toBe(200)
    await eventually(() => answer().includes('✅ **quick** succeeded'))
    expect(answer()).toContain('| Approved by | `bob` |')
    // The commit has a check run as well.
    await concluded(run)
    expect(checkOf(run)).toMatchObject({ head_sha: 'c'.repeat(40) })
  })
})

describe('Cancel', () => {
  it.each([
    ['the button of the check run', (run: string) => press(run, 'cancel', 'bob')],
    [
      'a comment',
      (run: string) =>
        send('issue_comment', commentPayload(`/long cancel ${run}`, { id: 90, user: 'bob', installation: 77 })),
    ],
  ])('by %s stops the task, and check run, comment and status page say by whom', async (_, cancel) => {
    hub.pulls.set(7, { number: 7, sha: 'd'.repeat(40) })
    const asked = await send(
      'issue_comment',
      commentPayload('/long', { id: 80 + hub.comments.length, installation: 77 }),
    )
    const { run, statusUrl } = bodyOf(asked) as { run: string; statusUrl: string }
    await eventually(() => newest(run)?.status === 'in_progress')
    expect((await cancel(run)).statusCode).toBe(200)
    await eventually(async () => (await tasksOf(run)).every(({ lastStatus }) => lastStatus === 'STOPPED'))
    await concluded(run)

    expect(newest(run)).toMatchObject({ conclusion: 'cancelled' })
    expect(title(run)).toMatch(/^long was cancelled by bob after /)
    await eventually(() =>
      hub.comments.find(({ body }) => body.includes(run))?.body.includes('was cancelled by bob after'),
    )
    const { pathname, search } = new URL(statusUrl)
    const status = await world.bridge.receive(urlEvent(pathname + search, {}, '', 'GET'))
    expect(bodyOf(status)).toMatchObject({ status: 'cancelled', reason: 'cancelled by bob' })
    // The check run was concluded once.
    expect(checkOf(run)?.updates.filter(({ conclusion }) => conclusion !== undefined)).toHaveLength(1)
  })
})

describe('the progress that a container reports', () => {
  it('is shown in the check run, without secrets, and its outputs stay after the end', async () => {
    const { run } = await push('long')
    const [task] = await eventually(async () => (await tasksOf(run)).length > 0 && (await tasksOf(run)))
    const env = task?.overrides?.containerOverrides?.[0]?.environment ?? []
    const token = env.find(({ name }) => name === 'TASKHOOK_TOKEN')?.value
    await eventually(() => newest(run)?.status === 'in_progress')
    const report = {
      percent: 40,
      message: 'reading with hunter2 | `x`',
      outputs: { rows: '1200' },
      links: [{ label: 'Report](https://evil.example)', url: 'https://example.com/a(b)?c=1|2' }],
    }
    const path = `/runs/${run}/progress`
    const answer = await world.bridge.receive(
      urlEvent(path, { authorization: `Bearer ${token}` }, JSON.stringify(report)),
    )
    expect(answer.statusCode, answer.body).toBe(202)
    await eventually(() => summary(run).includes('40 %'), 15_000)
    expect(title(run)).toContain('long running, 40 %: reading with (hidden)')
    expect(summary(run)).toContain("| Progress | `40 %: reading with (hidden) ' 'x'` |")
    expect(summary(run)).toContain('| `rows` | `1200` |')
    expect(summary(run)).toContain('(https://example.com/a%28b%29?c=1%7C2)')
    expect(summary(run)).not.toContain('](https://evil.example)')
    expect(summary(run)).not.toContain('hunter2')
    expect(JSON.stringify(hub.checkRuns)).not.toContain('hunter2')
    expect((await press(run, 'cancel', 'ann')).statusCode).toBe(200)
    await concluded(run)
    expect(summary(run)).toContain('| `rows` | `1200` |')
  })
})
