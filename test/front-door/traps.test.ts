/** Fourteen traps into which programs like this one have fallen, each with its number. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { accessDenied } from '../support/relay.ts'
import { startSecretsManager } from '../support/secrets-manager.ts'
import { mac, signSlack } from '../support/sign.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { pushTo, stageSecrets as secrets } from '../support/stage-deliveries.ts'
import { startWorld, type World } from '../support/world.ts'

const config = `
sources:
  github:  { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack:   { adapter: slack, signingSecret: "env:SLACK" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  analyze:
    cluster: main
    taskDefinition: analyze
    container: app
    subnets: [subnet-a]
    local: { command: [sh, -c, 'echo "note $NOTE"'] }
    params:
      note: { type: string, default: none }
routes:
  - { on: slack, command: /analyze, run: analyze }
  - { on: partner, run: analyze }
  - { on: github, event: push, run: analyze, with: { note: "\${event.note}" } }
  - { on: github, event: [status, check_run.rerequested, pull_request_review_comment.created], run: analyze, with: {} }
  - { on: github, event: issue_comment.created, if: "event.comment.body == '/analyze'", run: analyze, with: {} }
`

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config, env: secrets })
})
afterAll(() => stage.close())

/** What the log and the runs have grown by since the test began. */
let lines = 0
let opened = 0
beforeEach(async () => {
  for (const relay of [stage.dynamo, stage.sqs, stage.ecs]) relay.intercept()
  stage.beforeFetch()
  lines = stage.logs.length
  opened = runsMade()
})
const logged = () => stage.logs.slice(lines).join('')
const runsMade = () => stage.dynamo.callsOf('PutItem').length

const post = (path: string, delivery: Delivery) => stage.post(path, delivery)
const statusOf = async (path: string, delivery: Delivery) => (await post(path, delivery)).statusCode
const nothingOpened = () => expect(runsMade()).toBe(opened)

const json = (value: unknown) => JSON.stringify(value)
const slackForm = (text: string, more: Record<string, string> = {}) =>
  new URLSearchParams({
    command: '/analyze',
    text,
    user_id: 'U1',
    channel_id: 'C1',
    trigger_id: crypto.randomUUID(),
    ...more,
  }).toString()
const withType = ({ headers, body }: Delivery, type: string): Delivery => ({
  headers: { ...headers, 'content-type': type },
  body,
})
const partner = (body: string | Uint8Array, at = stage.now() / 1000) => standardDelivery(secrets.PARTNER, body, { at })
const slack = (body: string | Uint8Array, at = stage.now() / 1000) => slackDelivery(secrets.SLACK, body, at)
const github = (body: unknown, event: string) => githubDelivery(secrets.GITHUB, json(body), event)
const form = 'application/x-www-form-urlencoded'

const repository = { name: 'web', full_name: 'demo/web' }
const newSha = () => crypto.randomUUID().replaceAll('-', '').padEnd(40, '0')

/** Takes what is queued, starts it and delivers the events until it has ended. */
async function work(): Promise<string[]> {
  const bodies = await stage.takeMessages()
  await stage.bridge.start({ Records: bodies.map((body) => ({ messageId: body, body })) })
  const runs = bodies.map((body) => (JSON.parse(body) as { run: string }).run)
  for (const run of runs) await stage.settleToEnd(run)
  return runs
}
interface Status {
  readonly state: string
  readonly context: string
  readonly target_url: string
}
const statusesAt = (sha: string) =>
  stage.notifications.filter(({ url }) => url.pathname.endsWith(`/statuses/${sha}`)).map(({ body }) => body as Status)

describe('1: the signature is over the bytes as they came; decoding them as text first breaks it', () => {
  // Raw UTF-8 where senders would escape, an escape where they would not, spaces and an order of keys that no serialiser keeps.
  it.each([
    [
      '/github',
      () =>
        githubDelivery(
          secrets.GITHUB,
          ' {"zz":1 ,\\n"note": "h\u00e9\\u00e9 \u2713 \u{1f600}","ref":"refs/heads/main"}'.replace('\\n', '\n'),
          'push',
        ),
    ],
    ['/partner', () => partner('{ "note" : "h\u00e9\\u00e9 \u2713 \u{1f600}" }\r\n')],
    [
      '/slack',
      () => slack('command=/analyze&text=note="h\u00e9\u00e9 \u2713 \u{1f600}"&user_id=U1&channel_id=C1&trigger_id=1'),
    ],
  ] as const)('%s, as text and in base64', async (path, make) => {
    const { headers, body } = make()
    const event = urlEvent(path, headers, body)
    const base64 = { ...event, body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
    const text = { ...event, body: body.toString(), isBase64Encoded: false }
    for (const same of [base64, text]) expect((await stage.bridge.receive(same)).statusCode).toBeLessThan(300)
    const [run, ...others] = await work()
    expect(others).toEqual([])
    expect((await stage.runRecord(String(run))).plan.params).toEqual({ note: 'h\u00e9\u00e9 \u2713 \u{1f600}' })
    expect(stage.output.at(-1)).toBe('note h\u00e9\u00e9 \u2713 \u{1f600}')
  })
})

describe('2: no signature is 401 and a strange body 4xx, never 500; ping is 200', () => {
  it.each(['/github', '/slack', '/partner'])('%s without a signature', async (path) => {
    expect(await statusOf(path, { headers: { 'content-type': 'application/json' }, body: '{}' })).toBe(401)
    expect(await statusOf(path, { headers: {}, body: '' })).toBe(401)
    nothingOpened()
  })

  const bodies = [
    '{}',
    '[]',
    'null',
    '1',
    '"text"',
    'true',
    '[null]',
    '{"":{}}',
    '{"repository":null,"sender":[]}',
    '{"repository":{"full_name":7},"after":{},"ref":null,"commits":{"0":1}}',
  ]
  it.each(bodies)('%s, properly signed', async (body) => {
    for (const event of [
      'push',
      'pull_request',
      'status',
      'check_run',
      'issue_comment',
      'release',
      'create',
      'deployment',
    ])
      expect(await statusOf('/github', githubDelivery(secrets.GITHUB, body, event)), event).toBeLessThan(500)
    expect(await statusOf('/partner', partner(body))).toBeLessThan(500)
    expect(await statusOf('/slack', withType(slack(body), 'application/json'))).toBe(200)
    expect(await statusOf('/slack', slack(new URLSearchParams({ payload: body }).toString()))).toBe(200)
    expect(logged()).not.toContain('"level":"error"')
    await stage.takeMessages()
  })

  it('ping', async () => {
    const answer = await post('/github', github({ zen: 'Design for failure.', hook_id: 12 }, 'ping'))
    expect(answer.statusCode).toBe(200)
    expect(bodyOf(answer)).toEqual({ status: 'pong', hook: 12 })
  })
})

describe('3: a time in the future is as wrong as one in the past, and the time is signed', () => {
  it.each([-310, 310, 86_400, -86_400])('a clock that is %i s off', async (off) => {
    const at = stage.now() / 1000 + off
    expect(await statusOf('/partner', partner('{}', at))).toBe(401)
    expect(await statusOf('/slack', slack(slackForm(''), at))).toBe(401)
    nothingOpened()
  })

  it('an old delivery under a new time', async () => {
    stage.advance(600_000)
    const now = Math.floor(stage.now() / 1000)
    const old = partner('{}', now - 600)
    expect(await statusOf('/partner', { ...old, headers: { ...old.headers, 'webhook-timestamp': String(now) } })).toBe(
      401,
    )
    const command = slack(slackForm(''), now - 600)
    const fresh = { ...command.headers, 'x-slack-request-timestamp': String(now) }
    expect(await statusOf('/slack', { ...command, headers: fresh })).toBe(401)
    nothingOpened()
    expect(
      await statusOf('/slack', { ...command, headers: { ...fresh, ...signSlack(command.body, secrets.SLACK, now) } }),
    ).toBe(200)
    await stage.takeMessages()
  })
})

describe('4: first the proof, then everything else: no answer, no parser and no handshake before it', () => {
  const handshakes: [string, string, string, string][] = [
    ['/slack', form, 'ssl_check=1&token=x', ''],
    ['/slack', 'application/json', '{"type":"url_verification","challenge":"c"}', '{"challenge":"c"}'],
    ['/github', 'application/json', '{"zen":"z","hook_id":1}', '{"status":"pong","hook":1}'],
  ]
  const sign: Record<string, (body: string) => Delivery> = {
    '/slack': (body) => slack(body),
    '/github': (body) => githubDelivery(secrets.GITHUB, body, 'ping'),
    '/partner': (body) => partner(body),
  }
  it.each(handshakes)('%s answers %s %s only with a signature', async (path, type, body, words) => {
    const signed = withType(sign[path]?.(body) ?? { headers: {}, body }, type)
    expect(await statusOf(path, { ...signed, body: `${body} ` })).toBe(401)
    expect(await statusOf(path, { headers: { 'content-type': type, 'x-github-event': 'ping' }, body })).toBe(401)
    expect(await post(path, signed)).toMatchObject({ statusCode: 200, body: words })
  })

  it.each(['{"broken":', '%zz', '\u0000', ''])(
    'what cannot be read (%j) is 401 as long as nobody has signed it',
    async (body) => {
      for (const [path, make] of Object.entries(sign)) {
        const { headers } = make('something else')
        for (const type of ['application/json', form])
          expect(await statusOf(path, withType({ headers, body }, type))).toBe(401)
      }
      nothingOpened()
    },
  )
})

it.each([
  'application/x-www-form-urlencoded; charset=utf-8',
  'Application/X-WWW-Form-Urlencoded;charset=UTF-8',
  'application/x-www-form-urlencoded ; boundary=x; charset="utf-8"',
])('5: a form is a form with a charset behind it as well: %s', async (type) => {
  const answers = [
    await post('/partner', withType(partner('note=form'), type)),
    await post(
      '/github',
      withType(
        githubDelivery(
          secrets.GITHUB,
          new URLSearchParams({ payload: json({ ref: 'refs/heads/main', note: 'form', at: type }) }).toString(),
          'push',
        ),
        type,
      ),
    ),
    await post('/slack', withType(slack(slackForm('note=form')), type)),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 200])
  for (const run of (await stage.takeMessages()).map((body) => (JSON.parse(body) as { run: string }).run))
    expect((await stage.runRecord(run)).plan.params).toEqual({ note: 'form' })
  expect(runsMade()).toBe(opened + 3)
})

describe('6: nothing that helps a forger or shows a body is logged or answered', () => {
  it('not the signature that would have been right, nor the one that was sent', async () => {
    const at = Math.floor(stage.now() / 1000)
    const body = json({ note: 'body-of-the-forger' })
    const right = {
      github: mac({ key: secrets.GITHUB }, body),
      slack: mac({ key: secrets.SLACK }, `v0:${at}:`, body),
      partner: mac({ key: Buffer.from(secrets.PARTNER.slice(6), 'base64'), encoding: 'base64' }, `id.${at}.`, body),
    }
    const wrong = mac({ key: 'forged' }, body)
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-hub-signature-256': `sha256=${wrong}`,
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${wrong}`,
      'webhook-id': 'id',
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${Buffer.from(wrong, 'hex').toString('base64')}`,
    }
    let all = ''
    for (const path of Object.keys(right)) all += json(await post(`/${path}`, { headers, body }))
    all += logged()
    expect(all.match(/unauthorized/g)).toHaveLength(6)
    for (const secret of [
      ...Object.values(right),
      wrong,
      Buffer.from(wrong, 'hex').toString('base64'),
      'body-of-the-forger',
    ])
      expect(all).not.toContain(secret)
  })

  it('not a stack or the text of an error of ours', async () => {
    stage.dynamo.intercept(() => ({
      type: 'AccessDeniedException',
      message: 'User: arn:aws:sts::123456789012:assumed-role/x',
    }))
    const answer = await post('/partner', partner(json({ note: 'body-of-a-partner' })))
    expect(answer.statusCode).toBe(500)
    expect(bodyOf(answer)).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'taskhook failed; its log says why',
    })
    expect(logged()).toContain('assumed-role/x')
    expect(logged()).not.toMatch(/\\n\s+at |node_modules|\.ts:\d/)
    expect(logged()).not.toContain('body-of-a-partner')
  })
})

it('7: RunTask that answers 200 with failures has started nothing, and nobody is told that it has', async () => {
  const { sha, delivery } = pushTo('web')
  const run = await stage.accept('/github', delivery)
  stage.faults.inject({ kind: 'failure', reason: 'RESOURCE:ENI' })
  await stage.start(run)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: 'no on-demand capacity in 1 subnet' })
  expect(await stage.runRecord(run)).not.toHaveProperty('taskArn')
  expect(statusesAt(sha).map(({ state }) => state)).toEqual(['pending'])

  stage.faults.inject({ kind: 'failure', reason: 'MISSING' })
  await stage.start(run)
  expect(await stage.runRecord(run)).toMatchObject({
    status: 'failed-to-start',
    reason: 'no instance of the cluster fits',
  })
  expect(await stage.tasks(run)).toEqual([])
  expect(statusesAt(sha).map(({ state }) => state)).toEqual(['pending', 'error'])
})

describe('8: there is no good answer before the durable write', () => {
  const deliveries: [string, () => Delivery, number][] = [
    ['/github', () => pushTo('web').delivery, 500],
    ['/partner', () => partner('{}'), 500],
    // Slack shows any other status as an error of its own.
    ['/slack', () => slack(slackForm('')), 200],
  ]
  const sorry = 'Something went wrong on our side'

  it.each(deliveries)(
    '%s: the ledger cannot be written, so nothing is queued; the same delivery is fresh later',
    async (path, make, status) => {
      const delivery = make()
      stage.dynamo.intercept(({ action }) => (action === 'PutItem' ? accessDenied : undefined))
      const answer = await post(path, delivery)
      expect(answer.statusCode).toBe(status)
      if (path === '/slack') expect(answer.body).toContain(sorry)
      expect(await stage.takeMessages()).toEqual([])
      stage.dynamo.intercept()
      expect(await statusOf(path, delivery)).toBe(path === '/slack' ? 200 : 202)
      expect(await work()).toHaveLength(1)
    },
  )

  it.each(deliveries)(
    '%s: the queue cannot be written, so the run waits in the ledger for the sweep',
    async (path, make, status) => {
      const before = await stage.openRuns()
      stage.sqs.intercept(() => accessDenied)
      const answer = await post(path, make())
      expect(answer.statusCode).toBe(status)
      if (path === '/slack') expect(answer.body).toContain(sorry)
      const [run] = (await stage.openRuns()).filter((open) => !before.includes(open))
      expect(await stage.runRecord(String(run))).toMatchObject({ status: 'queued' })
      stage.sqs.intercept()
      stage.advance(121_000)
      await stage.bridge.settle({ 'detail-type': 'Scheduled Event' })
      expect(await work()).toContain(run)
      expect(await stage.runRecord(String(run))).toMatchObject({ status: 'succeeded' })
    },
  )
})

it.each<[string, Record<string, string>]>([
  ['note=x', {}],
  ['note=<!channel>', {}],
  ['', {}],
  ['help', {}],
  ['nonsense=1', {}],
  ['"', {}],
  ['note=x', { command: '/unknown' }],
  ['note=x', { user_id: '' }],
])('9: what Slack shows is ours, never empty and never "success": /analyze %s %j', async (text, more) => {
  const answer = await post('/slack', slack(slackForm(text, more)))
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json')
  const said = bodyOf(answer) as { response_type: string; text: string; blocks: unknown[] }
  expect(said.response_type).toBe('ephemeral')
  expect(said.text).toMatch(/^(analyze queued$|How to use |Nothing was started)/)
  expect(said.blocks.length).toBeGreaterThan(0)
  expect(answer.body).not.toMatch(/success|<!channel>/)
  await stage.takeMessages()
})

describe('10: a comment has no commit, so whoever tells of one has looked it up later than it was written', () => {
  const comment = (body: string) => ({
    action: 'created',
    comment: { id: Math.random(), body },
    issue: { number: 1, pull_request: { url: 'https://api.github.com/repos/demo/web/pulls/1' } },
    repository,
    sender: { login: 'mallory' },
  })
  it.each(['please look at this', '/analyze now', ' /analyze'])(
    'a comment that no route asks for starts nothing: %s',
    async (body) => {
      expect(bodyOf(await post('/github', github(comment(body), 'issue_comment')))).toMatchObject({ status: 'ignored' })
      nothingOpened()
      expect(await stage.takeMessages()).toEqual([])
    },
  )

  it('one that a route asks for runs, and no commit is told', async () => {
    const told = () => stage.notifications.filter(({ method }) => method !== 'GET').length
    const before = told()
    expect(await statusOf('/github', github(comment('/analyze'), 'issue_comment'))).toBe(202)
    const [run] = await work()
    expect(await stage.runRecord(String(run))).toMatchObject({ status: 'succeeded', replyAddress: null })
    // It is looked up whose the pull request is, and no more.
    expect(told()).toBe(before)
  })

  it('one on a line of a pull request is told at the commit that it was written for', async () => {
    const sha = newSha()
    const body = { ...comment('here'), pull_request: { head: { sha }, base: { ref: 'main' } } }
    expect(await statusOf('/github', github(body, 'pull_request_review_comment'))).toBe(202)
    await work()
    expect(statusesAt(sha).at(-1)).toMatchObject({ state: 'success' })
  })
})

describe('11: what has been completed is not opened again: a rerun is a new run with a status of its own', () => {
  const rerequested = (sha: string) => ({
    action: 'rerequested',
    check_run: { id: Math.random(), head_sha: sha },
    repository,
  })

  it('for the same commit', async () => {
    const sha = newSha()
    for (let time = 0; time < 2; time++) {
      expect(await statusOf('/github', github(rerequested(sha), 'check_run'))).toBe(202)
      await work()
    }
    expect(runsMade()).toBe(opened + 2)
    expect(statusesAt(sha).map(({ state }) => state)).toEqual([
      'pending',
      'pending',
      'success',
      'pending',
      'pending',
      'success',
    ])
    expect(new Set(statusesAt(sha).map(({ target_url }) => target_url)).size).toBe(2)
    // Nothing is changed that is there: each word is a new status.
    const calls = stage.notifications.filter(({ url }) => url.pathname.includes(sha))
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['POST']))
  })

  it('while a redelivery is the run that there was, and is told nothing', async () => {
    const sha = newSha()
    const delivery = github(rerequested(sha), 'check_run')
    expect(await statusOf('/github', delivery)).toBe(202)
    await work()
    const told = stage.notifications.length
    const again = { ...delivery, headers: { ...delivery.headers, 'x-github-delivery': crypto.randomUUID() } }
    const answer = await post('/github', again)
    expect(answer.statusCode).toBe(200)
    expect(bodyOf(answer)).toMatchObject({ status: 'succeeded' })
    expect(await work()).toEqual([])
    expect(stage.notifications).toHaveLength(told)
  })
})

describe('12: a secret is not kept for the life of the process', () => {
  const [first, second, third] = ['first', 'second', 'third'].map((name) => `${name}-secret-of-the-partner`)
  let manager: Awaited<ReturnType<typeof startSecretsManager>>
  let world: World
  let now = Date.now()
  beforeAll(async () => {
    manager = await startSecretsManager({ 'hook/partner': json({ signing: first, other: 'x' }), 'hook/key': 'a key' })
    world = await startWorld({
      config: config
        .replace('"env:PARTNER"', '"secretsmanager:hook/partner#signing"')
        .replace('standard-webhooks', 'github'),
      env: { ...secrets, AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url },
      poll: false,
      now: () => now,
    })
  })
  afterAll(async () => {
    await world.close()
    await manager.close()
  })
  const signedBy = async (secret: string | undefined) => {
    const { headers, body } = githubDelivery(String(secret), json({ note: crypto.randomUUID() }), 'push')
    return (await world.bridge.receive(urlEvent('/partner', headers, body))).statusCode
  }
  const asking = async (what: () => Promise<unknown>) => {
    const before = manager.calls()
    await what()
    return manager.calls() - before
  }

  it('it is asked for once, and kept for five minutes', async () => {
    expect(await asking(() => signedBy(first))).toBe(2)
    now += 299_000
    expect(await asking(() => signedBy(first))).toBe(0)
    now += 2_000
    expect(await asking(() => signedBy(first))).toBe(2)
  })

  it('after a rotation the new one counts at once, and the one before still does', async () => {
    now += 60_000
    manager.rotate('hook/partner', json({ signing: second }))
    expect(await signedBy(second)).toBe(202)
    expect(await signedBy(first)).toBe(202)
  })

  it('after the next one the oldest does not any more', async () => {
    manager.rotate('hook/partner', json({ signing: third }))
    now += 301_000
    expect(await signedBy(first)).toBe(401)
    expect(await signedBy(third)).toBe(202)
  })

  it('a flood of bad signatures is not a flood of calls', async () => {
    const flood = async () => {
      for (let forged = 0; forged < 20; forged++) await signedBy('forged')
    }
    // Current and previous, five times.
    expect(await asking(flood)).toBeLessThanOrEqual(10)
    expect(await asking(flood)).toBe(0)
    now += 31_000
    expect(await asking(flood)).toBe(2)
    expect(await signedBy(third)).toBe(202)
  })
})

it('13: a push of 5 MB is taken, and only an id goes through the queue', async () => {
  const commits = Array.from({ length: 2000 }, (_, at) => ({
    id: String(at),
    message: 'x'.repeat(2600),
    added: [`data/${at}`],
  }))
  const body = json({
    ref: 'refs/heads/main',
    after: newSha(),
    note: 'large',
    commits,
    repository,
    sender: { login: 'ann' },
  })
  expect(body.length).toBeGreaterThan(5 * 1024 * 1024)
  const answer = await post('/github', githubDelivery(secrets.GITHUB, body, 'push'))
  expect(answer.statusCode).toBe(202)
  const { run } = bodyOf(answer)
  const [message] = stage.sqs.callsOf('SendMessage').slice(-1)
  expect(message?.input.MessageBody).toBe(json({ verb: 'start', run }))
  // DynamoDB takes 400 KB, ECS 8,192 characters.
  const [put] = stage.dynamo.callsOf('PutItem').slice(-1)
  expect(json(put?.input).length).toBeLessThan(4000)
  expect(await work()).toEqual([run])
  expect(await stage.runRecord(String(run))).toMatchObject({ status: 'succeeded' })
})

describe('14: what we say ourselves starts nothing', () => {
  const status = (sha: string, context: string, state = 'success') => ({
    id: Math.random(),
    sha,
    state,
    context,
    repository,
  })

  it('a status of ours is ignored, one of somebody else is not', async () => {
    const answer = await post('/github', github(status(newSha(), 'taskhook/analyze'), 'status'))
    expect(bodyOf(answer)).toEqual({ status: 'ignored', reason: 'taskhook wrote the status' })
    nothingOpened()
    expect(await statusOf('/github', github(status(newSha(), 'ci/build'), 'status'))).toBe(202)
    await work()
  })

  it('there is no loop: every status that is set comes back as an event, as on GitHub', async () => {
    const sha = newSha()
    await post('/github', github(status(sha, 'ci/build'), 'status'))
    let echoed = 0
    for (let round = 0; round < 5; round++) {
      await work()
      const told = statusesAt(sha)
      for (const { context, state } of told.slice(echoed))
        await post('/github', github(status(sha, context, state), 'status'))
      echoed = told.length
    }
    expect(runsMade()).toBe(opened + 1)
    expect(echoed).toBe(3)
  })
})
