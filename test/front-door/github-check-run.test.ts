/** docs: with a GitHub App, a run is one check run from start to conclusion, with buttons. Installation tokens are requested and never stored. */
import { createVerify, generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { githubDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const HUB = 'its-a-secret'
const config = `
sources:
  github: { adapter: github, secret: "env:HUB", appId: 4711, privateKey: "env:APP_KEY", token: "env:TOKEN" }
tasks:
  quick:
    cluster: c
    taskDefinition: quick
    container: app
    subnets: [s]
    params: { name: { type: string } }
    local: { command: [sh, -c, 'exit 3'] }
  long:
    cluster: c
    taskDefinition: long
    container: app
    subnets: [s]
    local: { command: [sh, -c, 'sleep 60'] }
routes:
  - { on: github, event: push, branches: [main], run: quick, with: { name: "\${event.repository.name}" } }
  - { on: github, event: push, branches: [long], run: long, allow: { users: [ann, bob] } }
`

interface Call {
  readonly id: number
  readonly method: string
  readonly path: string
  readonly authorization: string
  readonly body: Record<string, unknown>
}
const calls: Call[] = []
let checks = 100

/** GitHub's REST API as far as an App speaks it here. https://docs.github.com/en/rest/checks/runs */
const github: typeof fetch = async (input, init) => {
  const request = new Request(input, init)
  const path = new URL(request.url).pathname
  const id = request.method === 'POST' ? checks++ : Number(path.split('/').at(-1))
  const authorization = request.headers.get('authorization') ?? ''
  calls.push({ id, method: request.method, path, authorization, body: JSON.parse((await request.text()) || '{}') })
  if (/^\/app\/installations\/\d+\/access_tokens$/.test(path))
    return isSignedByApp(authorization)
      ? Response.json(
          {
            token: 'ghs_installation',
            expires_at: new Date(Date.now() + 3_600_000).toISOString(),
            permissions: { checks: 'write' },
          },
          { status: 201 },
        )
      : Response.json({ message: 'A JSON web token could not be decoded' }, { status: 401 })
  return Response.json({ id }, { status: request.method === 'POST' ? 201 : 200 })
}

function isSignedByApp(authorization: string): boolean {
  const [head = '', claims = '', signature = ''] = authorization.replace(/^bearer /i, '').split('.')
  const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: unknown }
  return (
    String(iss) === '4711' &&
    createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url')
  )
}

let world: World
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
beforeEach(async () => {
  calls.length = 0
  world = await startWorld({ config, env: { HUB, APP_KEY: pem, TOKEN: 'ghp_token' }, fetch: github })
})
afterEach(() => world?.close())

const repository = { full_name: 'acme/site', name: 'site' }
const send = (event: string, payload: Record<string, unknown>, secret = HUB) => {
  const { headers, body } = githubDelivery(secret, JSON.stringify(payload), event)
  return world.bridge.receive(urlEvent('/github', headers, body))
}
let pushes = 0
async function push(branch: string, installation: number | null = 77, name = 'site') {
  const after = String(++pushes).padStart(40, '0')
  const answer = await send('push', {
    ...{ ref: `refs/heads/${branch}`, after, repository: { ...repository, name }, sender: { login: 'ann' } },
    ...(installation !== null && { installation: { id: installation } }),
  })
  expect(answer.statusCode, answer.body).toBe(202)
  return { after, run: String(bodyOf(answer).run), statusUrl: String(bodyOf(answer).statusUrl) }
}
/** The requests about the check run of a run, oldest first. */
const requestsFor = (run: string): Call[] => {
  const first = calls.filter(({ path, body }) => path.endsWith('/check-runs') && body.external_id === run)
  // However many functions notify at the same time, it is one check run.
  expect(first.length).toBeLessThanOrEqual(1)
  const later = calls.filter(({ method, path }) => method === 'PATCH' && path.endsWith(`/check-runs/${first[0]?.id}`))
  return [...first, ...later]
}
const summaryOf = (requests: readonly Call[]): string =>
  (requests.at(-1) as unknown as { body: { output: { summary: string } } }).body.output.summary
const waitUntilConcluded = (run: string) =>
  eventually(() => {
    const requests = requestsFor(run)
    return requests.at(-1)?.body.status === 'completed' && requests
  })
const waitUntilRunning = (run: string) => eventually(() => requestsFor(run).at(-1)?.body.status === 'in_progress')
const button = (action: string, run: string, sender: string, more: Record<string, unknown> = {}) => ({
  action,
  ...more,
  check_run: {
    name: 'taskhook/long',
    external_id: run,
    head_sha: '1'.repeat(40),
    check_suite: { head_branch: 'long' },
  },
  repository,
  sender: { login: sender },
  installation: { id: 77 },
})

describe('a push', () => {
  it('gets one check run, from in progress to failure, with parameters, exit code and links', async () => {
    const { after, run, statusUrl } = await push('main')
    const requests = await waitUntilConcluded(run)
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/repos/acme/site/check-runs',
      body: { name: 'taskhook/quick', head_sha: after, external_id: run, details_url: statusUrl },
    })
    expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer ghs_installation']))
    expect(requests.at(-1)?.body).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
      started_at: expect.any(String),
      completed_at: expect.any(String),
      output: { title: expect.stringMatching(/^quick failed with exit code 3 after /) },
      actions: [{ label: 'Run again', identifier: 'rerun' }],
    })
    const summary = summaryOf(requests)
    for (const part of ['| Parameters | `name=site` |', '| Exit code | 3 |', `| Run | \`${run}\` |`])
      expect(summary).toContain(part)
    // Without the AWS account: anyone may be able to read it.
    expect(summary).toMatch(/\| ECS task \| `[0-9a-f]{32}` \|/)
    expect(summary).not.toContain('arn:')
    for (const { body } of requests)
      for (const { label, description, identifier } of body.actions as {
        label: string
        description: string
        identifier: string
      }[])
        expect([label.length <= 20, description.length <= 40, identifier.length <= 20]).toEqual([true, true, true])
  })

  it('requests the token of the installation once, signed by the App', async () => {
    for (let time = 0; time < 2; time++) await waitUntilConcluded((await push('main')).run)
    const asked = calls.filter(({ path }) => path.includes('/access_tokens'))
    expect(asked.length).toBe(1)
    expect(asked[0]?.path).toBe('/app/installations/77/access_tokens')
  })

  it('leaves no token and no key in the table or the log', async () => {
    const { run } = await push('main')
    await waitUntilConcluded(run)
    const { Items } = await world.emulators.dynamo.send(
      new (await import('@aws-sdk/client-dynamodb')).ScanCommand({ TableName: 'taskhook' }),
    )
    for (const secret of ['ghs_installation', 'ghp_token', 'PRIVATE KEY']) {
      expect(JSON.stringify(Items)).not.toContain(secret)
      expect(world.logs.join('')).not.toContain(secret)
    }
  })

  it('of a webhook without an installation gets a commit status, with the token of the source', async () => {
    const { after } = await push('main', null)
    const requests = await eventually(() => {
      const all = calls.filter(({ path }) => path === `/repos/acme/site/statuses/${after}`)
      return all.some(({ body }) => body.state === 'failure') && all
    })
    expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer ghp_token']))
  })

  it('shows parameters as text, without Markdown', async () => {
    const { run } = await push('main', 77, '`|<!channel>|`\n# hi')
    const summary = summaryOf(await waitUntilConcluded(run))
    expect(summary).toContain('| Parameters |')
    expect(summary.split('\n').every((line) => line.startsWith('| '))).toBe(true)
    expect(summary).not.toMatch(/`[^`|]*\|[^`|]*`/)
  })
})

describe('a button of a check run', () => {
  it('Cancel stops the task, and the check run says by whom', async () => {
    const { run } = await push('long')
    await waitUntilRunning(run)
    expect(
      (await send('check_run', button('requested_action', run, 'bob', { requested_action: { identifier: 'cancel' } })))
        .statusCode,
    ).toBe(200)
    expect((await waitUntilConcluded(run)).at(-1)?.body).toMatchObject({
      conclusion: 'cancelled',
      output: { title: expect.stringMatching(/^long was cancelled by bob after /) },
    })
  })

  it.each([
    ['Run again', 'requested_action', { requested_action: { identifier: 'rerun' } }],
    ['Re-run of GitHub', 'rerequested', {}],
  ])('%s starts a new run, whose own check run names the old one', async (_name, action, more) => {
    const { run } = await push('long')
    await waitUntilRunning(run)
    const answer = await send('check_run', button(action, run, 'ann', more))
    const again = String(bodyOf(answer).run)
    expect(bodyOf(answer)).toMatchObject({ rerunOf: run })
    await waitUntilRunning(again)
    expect(requestsFor(again)[0]?.body).toMatchObject({ head_sha: '1'.repeat(40), external_id: again })
    expect(summaryOf(requestsFor(again))).toContain(`| Rerun of | \`${run}\` |`)
    for (const each of [run, again])
      await send('check_run', button('requested_action', each, 'ann', { requested_action: { identifier: 'cancel' } }))
    await waitUntilConcluded(again)
  })

  it.each([
    [
      'clicked by a person whom the route does not allow',
      (run: string) =>
        send('check_run', button('requested_action', run, 'eve', { requested_action: { identifier: 'cancel' } })),
      403,
    ],
    [
      'with a request that GitHub did not sign',
      (run: string) =>
        send(
          'check_run',
          button('requested_action', run, 'ann', { requested_action: { identifier: 'cancel' } }),
          'other',
        ),
      401,
    ],
    ['of a run that does not exist', () => send('check_run', button('rerequested', '0'.repeat(20), 'ann')), 404],
    [
      'that does not exist',
      (run: string) =>
        send('check_run', button('requested_action', run, 'ann', { requested_action: { identifier: 'delete' } })),
      200,
    ],
    [
      'that is no button, but the end of our own check run',
      (run: string) => send('check_run', button('completed', run, 'ann')),
      200,
    ],
  ])('%s changes nothing', async (_name, press, status) => {
    const { run } = await push('long')
    await waitUntilRunning(run)
    const before = (await world.tasks()).length
    expect((await press(run)).statusCode).toBe(status)
    expect(await world.tasks()).toHaveLength(before)
    expect(requestsFor(run).at(-1)?.body.status).toBe('in_progress')
    await send('check_run', button('requested_action', run, 'ann', { requested_action: { identifier: 'cancel' } }))
    await waitUntilConcluded(run)
  })
})
