/** Names, texts and URLs from outside must not forge a log line, a header or a message, or make taskhook call another host. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FunctionUrlResult } from '../../src/core/http/lambda-url.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { createTerminal } from '../../src/local/terminal/terminal.ts'
import { githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { createGitHub } from '../support/github/fake-github.ts'
import { startWorld, type World } from '../support/world.ts'

const secrets = {
  GITHUB: 'github-secret',
  TOKEN: 'ghp_token',
  SLACK: 'slack-secret',
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}
const config = `
sources:
  github:  { adapter: github, secret: "env:GITHUB", token: "env:TOKEN" }
  slack:   { adapter: slack, signingSecret: "env:SLACK" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  analyze:
    cluster: main
    taskDefinition: analyze
    container: app
    subnets: [subnet-a]
    local: { command: ["true"] }
    params:
      note: { type: string, default: none }
routes:
  - { on: github, event: push, run: analyze, with: { note: "\${event.ref}" } }
  - { on: github, command: /analyze, run: analyze, allow: { associations: [OWNER] } }
  - { on: slack, command: /analyze, run: analyze }
  - { on: partner, run: analyze }
`

/** Names that are valid for a branch or a parameter somewhere. */
const nasty = [
  '<!channel>',
  '<@U0BOSS>',
  '@everyone @org/team @ann',
  '[x](javascript:alert(1))',
  '![](http://evil.example/pixel.png)',
  '<img src=http://evil.example/x>',
  '`code`',
  'a|b|c',
  '<!-- hidden --> shown',
  '-->',
  '# heading',
  'x\r\nset-cookie: a=b',
  'x\n{"level":"error","msg":"forged"}',
  '\u001b[31mred\u001b[0m\u001b]0;title\u0007\u009b2J',
  '\u202eevil\u2066\u2028\u2029',
] as const

interface Sent {
  readonly url: URL
  readonly headers: Headers
  readonly body: string
}

let world: World
const sent: Sent[] = []
const hub = createGitHub()
beforeAll(async () => {
  world = await startWorld({
    config,
    env: secrets,
    async fetch(input, init) {
      const request = new Request(input, init)
      sent.push({ url: new URL(request.url), headers: request.headers, body: await request.clone().text() })
      return request.url.startsWith('https://api.github.com/') ? hub.fetch(request) : new Response('ok')
    },
  })
})
afterAll(() => world.close())

const evil = 'https://evil.example/fetched'
const pushOf = (name: string) => ({
  ref: `refs/heads/${name}`,
  after: crypto.randomUUID().replaceAll('-', '').padEnd(40, '0'),
  compare: evil,
  repository: {
    name: 'site',
    full_name: 'acme/site',
    ...Object.fromEntries(
      ['url', 'statuses_url', 'hooks_url', 'html_url', 'compare_url', 'git_url', 'clone_url', 'contents_url'].map(
        (key) => [key, evil],
      ),
    ),
  },
  sender: { login: name, url: evil, avatar_url: evil },
  head_commit: { id: 'x', message: name, url: evil },
})
const slackBody = (more: Readonly<Record<string, string>>) =>
  new URLSearchParams({
    command: '/analyze',
    user_id: 'U1',
    channel_id: 'C1',
    trigger_id: crypto.randomUUID(),
    ...more,
  }).toString()

const ended = (run: unknown) =>
  eventually(
    () => world.logs.some((line) => line.includes(String(run)) && line.includes('"succeeded"')) || undefined,
    60_000,
  )

describe('pushes with hostile branch names and logins', () => {
  const answers: FunctionUrlResult[] = []
  const calls: Sent[] = []
  beforeAll(async () => {
    const before = sent.length
    for (const name of nasty) {
      const { headers, body } = githubDelivery(secrets.GITHUB, JSON.stringify(pushOf(name)), 'push')
      answers.push(await world.bridge.receive(urlEvent('/github', { ...headers, 'x-github-delivery': name }, body)))
    }
    await Promise.all(answers.map((answer) => ended(bodyOf(answer).run)))
    await eventually(
      () => hub.statuses.filter(({ state }) => state === 'success').length >= nasty.length || undefined,
      60_000,
    )
    calls.push(...sent.slice(before))
  }, 120_000)

  it('are accepted, and answered with printable headers', () => {
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(nasty.map(() => 202))
    for (const { headers } of answers)
      for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/)
  })

  it('make taskhook call only the GitHub API, whatever URLs the payload contains', () => {
    expect(new Set(calls.map(({ url }) => url.origin))).toEqual(new Set(['https://api.github.com']))
    for (const { url } of calls) expect(url.pathname).toMatch(/^\/repos\/acme\/site\/statuses\/[0-9a-f]{40}$/)
  })

  it('are not in a header of a call, or in a commit status', () => {
    for (const { headers } of calls) for (const [name, value] of headers) expect(value, name).toMatch(/^[\x20-\x7e]*$/)
    for (const { description } of hub.statuses) expect(description).toMatch(/^[\w .,:]{1,140}$/)
  })

  it('are logged as one line for each entry, without control characters', () => {
    expect(world.logs.length).toBeGreaterThan(nasty.length)
    for (const line of world.logs) {
      expect(line.trimEnd()).not.toMatch(/[\r\n\p{Cc}\p{Bidi_Control}\u2028\u2029]/u)
      expect(JSON.parse(line)).toHaveProperty('time')
    }
    expect(world.logs.some((line) => line.includes('"msg":"forged"'))).toBe(false)
  })
})

it('a reply to a comment contains no mention, link, image or HTML from the comment', async () => {
  for (const name of nasty) {
    const text = name.replace(/[\r\n\u2028\u2029]+/g, ' ')
    const payload = {
      action: 'created',
      issue: { number: 7 },
      comment: {
        id: 99,
        body: `/analyze depth="${text}" ${text}`,
        author_association: 'OWNER',
        user: { login: 'ann', type: 'User' },
      },
      repository: { name: 'site', full_name: 'acme/site' },
      sender: { login: 'ann', type: 'User' },
    }
    const { headers, body } = githubDelivery(secrets.GITHUB, JSON.stringify(payload), 'issue_comment')
    const before = hub.comments.length
    await world.bridge.receive(urlEvent('/github', headers, body))
    const answers = hub.comments.slice(before)
    expect(answers).toHaveLength(1)
    // After the marker, as Markdown reads it: what is escaped is text.
    const [mark = '', ...rest] = String(answers[0]?.body).split('\n')
    expect(mark).toMatch(/^<!-- taskhook:- -->$/)
    const read = rest.join('\n').replace(/\\[\\`*_{}[\]<>()#|~]/g, '')
    expect(read).not.toMatch(/@\w|<|!\[|\]\(|`|\||\*\*[^*]*evil/)
  }
})

it.each([
  'https://evil.example/x',
  'http://hooks.slack.com/commands/x',
  'https://hooks.slack.com.evil.example/x',
  'https://hooks.slack.com@evil.example/x',
  'https://evil.example\\@hooks.slack.com/x',
  'https://user:pass@hooks.slack.com/x',
  'https://:pass@hooks.slack.com/x',
  'https://hooks.slack.com:8443/x',
  'https://hooks.slack.com./x',
  'https://xn--hooks-slack-com.example/x',
  'https://hooks.slаck.com/x',
  'https://hooks-slack.com/x',
  'https://169.254.169.254/latest/meta-data/',
  '//hooks.slack.com/x',
  'file:///etc/passwd',
  'https://hooks.slack.com%2eevil.example/x',
  'https://hooks.slack.com#@evil.example/',
])('a response_url of %s is posted to Slack, or not at all', async (response_url) => {
  const before = sent.length
  const { headers, body } = slackDelivery(secrets.SLACK, slackBody({ text: '', response_url }))
  const answer = await world.bridge.receive(urlEvent('/slack', headers, body))
  const [, run] = /run `([0-9a-f]{20})`/.exec(answer.body) ?? []
  await ended(run)
  // Waits for the last notification of this run.
  await eventually(async () => (await world.bridge.settle({ 'detail-type': 'Scheduled Event' })) === undefined)
  for (const { url } of sent.slice(before)) expect(url.origin).toBe('https://hooks.slack.com')
  if (!response_url.startsWith('https://hooks.slack.com#')) expect(sent.length).toBe(before)
})

it('an answer in Slack contains no mention or link from the command', async () => {
  for (const name of nasty) {
    const { headers, body } = slackDelivery(
      secrets.SLACK,
      slackBody({ text: `note="${name.replaceAll('"', '')}" ${name}` }),
    )
    const answer = await world.bridge.receive(urlEvent('/slack', headers, body))
    expect(answer.statusCode).toBe(200)
    const said = JSON.stringify(bodyOf(answer))
    expect(said).not.toMatch(/<!(channel|here|everyone)|<@U0BOSS>|<http:\/\/evil|<img/)
  }
})

describe('a hostile text in a log entry', () => {
  it.each(nasty)('%j stays on one line', (name) => {
    const lines: string[] = []
    const log = createLog('info', { write: (line) => void lines.push(line) })
    const error = new Error(name, { cause: new Error(name) })
    log.delivery({
      ...{ source: name, outcome: 'refused', status: 422, bytes: 1, ms: 1, event: name, delivery: name, actor: name },
      ...{ runs: [name], reason: name, routes: [{ route: name, matched: false, because: name }] },
    })
    log.run({ run: name, task: name, status: 'failed', taskArn: name, reason: name })
    log.warn(name, { run: name, source: name, error })
    log.error(name, { run: name, source: name, error })
    expect(lines).toHaveLength(4)
    for (const line of lines) {
      expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u)
      expect(Object.keys(JSON.parse(line) as object)).toContain('level')
    }
  })

  it.each(nasty)('%j sends no control character to the terminal of taskhook dev', (name) => {
    let text = ''
    const write = (more: string) => {
      text += more
    }
    const terminal = createTerminal({ write, color: false, labels: [name] })
    terminal.log.delivery({
      ...{ source: name, outcome: 'refused', status: 422, bytes: 1, ms: 1, event: name, delivery: name, actor: name },
      ...{ runs: [name], reason: name },
    })
    terminal.log.run({ run: name, task: name, status: 'failed', reason: name })
    terminal.log.error(name, { run: name, source: name, error: new Error(name) })
    terminal.output(undefined, name)
    terminal.progress(
      name,
      JSON.stringify({ message: name, outputs: { [name]: name }, links: [{ label: name, url: name }] }),
    )
    terminal.reply(name, JSON.stringify({ problems: [{ path: name, message: name }] }))
    terminal.reply(name, JSON.stringify({ response_type: 'ephemeral', text: name }))
    for (const service of ['slack', 'github', 'other'] as const)
      for (const body of [{ text: name }, { body: name }, { state: 'success', context: name, description: name }, name])
        terminal.message({ at: 0, service, method: 'POST', url: new URL('https://x.example/'), body })
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u)
    // Each line begins with a time, or with spaces in its place.
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(\d\d:\d\d:\d\d | {10})/)
  })
})

it('an answer to an hmac sender has no header from its request', async () => {
  for (const name of nasty) {
    const { headers, body } = standardDelivery(secrets.PARTNER, JSON.stringify({ note: name, [name]: name }))
    const answer = await world.bridge.receive(
      urlEvent('/partner', { ...headers, 'idempotency-key': name, 'x-request-id': name }, body),
    )
    expect(answer.statusCode).toBe(422)
    expect(answer.headers).toEqual({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  }
})
