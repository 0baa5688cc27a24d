/** Valid deliveries that the fuzzed ones are derived from: GitHub's examples, Slack's requests, and a body for each other sender. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { SourceName } from './config.ts'
import type { RandomSource } from './random.ts'

/** Placed in bodies, headers and queries, which must not be logged. Short, since errors quote a few characters of invalid input. */
export const canary = 'c4n4ry9x'

export interface SeedDelivery {
  readonly source: SourceName
  readonly headers: Readonly<Record<string, string>>
  /** A form; otherwise JSON. */
  readonly form: boolean
  readonly body: Readonly<Record<string, unknown>>
}

const json = { 'content-type': 'application/json' }
const formType = { 'content-type': 'application/x-www-form-urlencoded' }
const fixture = (name: string): string => readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8')

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string
  readonly examples: readonly Readonly<Record<string, unknown>>[]
}[]

const github = (event: string, payload: Readonly<Record<string, unknown>>): SeedDelivery => ({
  source: 'github',
  headers: { ...json, 'x-github-event': event, 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' },
  form: false,
  body: { ...payload, canary },
})
const githubSeeds = [
  ...examples.flatMap(({ name, examples }) => examples.map((payload) => github(name, payload))),
  ...['push', 'issue_comment.created', 'pull_request.opened'].map((name) =>
    github(name.split('.', 1)[0] ?? '', JSON.parse(fixture(`github/${name}.json`))),
  ),
]

const slack = (body: Readonly<Record<string, unknown>>): SeedDelivery => ({
  source: 'slack',
  headers: formType,
  form: true,
  body: { token: canary, ...body },
})
const responseUrl = `https://hooks.slack.com/commands/T1/1/${canary}`
const command = {
  ...{ command: '/analyze', text: `dataset=sales note="${canary}"`, user_id: 'U1', user_name: 'ann', team_id: 'T1' },
  ...{ channel_id: 'C1', response_url: responseUrl, trigger_id: `1.2.${canary}`, api_app_id: 'A1' },
}
const button = {
  ...{ type: 'block_actions', user: { id: 'U1', username: 'ann' }, channel: { id: 'C1' }, team: { id: 'T1' } },
  ...{ response_url: responseUrl, trigger_id: `1.2.${canary}`, container: { type: 'message', is_ephemeral: true } },
  actions: [{ type: 'button', action_id: 'taskhook:cancel', block_id: 'b', value: '0123456789abcdef0123' }],
}
const slackSeeds = [
  slack(command),
  ...['help', 'list', 'cancel 0123456789abcdef0123', 'depth=99 dry=maybe', '"'].map((text) =>
    slack({ ...command, text }),
  ),
  slack({ payload: JSON.stringify(button) }),
  slack(Object.fromEntries(new URLSearchParams(fixture('slack/command.txt').trim()))),
  slack({ payload: JSON.stringify(JSON.parse(fixture('slack/view-submission.json'))) }),
  { ...slack({ type: 'event_callback', event: { type: 'app_mention', text: canary } }), headers: json, form: false },
]

const plain = (source: SourceName, body: SeedDelivery['body']): SeedDelivery => ({
  source,
  headers: json,
  form: false,
  body,
})
/** With a key that is not a parameter. */
const hmac = (source: SourceName, body: SeedDelivery['body']): SeedDelivery => plain(source, { ...body, canary })
const params = { dataset: 'sales', depth: 3, share: 0.5, dry: true, note: canary }
const others = [
  hmac('partner', { ...params, callbackUrl: `https://hooks.example.com/${canary}` }),
  hmac('shop', { type: 'invoice.paid', data: { object: { customer: 'sales', depth: 3 } } }),
  hmac('board', { webhookTimestamp: 0, type: 'Issue', data: { title: 'sales', labels: [{ name: 'data' }] } }),
  hmac('lab', { object_kind: 'push', project: { name: 'sales' }, commits: [{ message: canary }] }),
  hmac('own', params),
  { ...hmac('own', { dataset: 'sales', note: canary }), headers: formType, form: true },
]

/** Picks each kind of sender equally often. */
export const pickSeed = (random: RandomSource): SeedDelivery =>
  random.pick(random.pick([githubSeeds, slackSeeds, others]))

const push = JSON.parse(fixture('github/push.json')) as SeedDelivery['body']

/** A delivery that starts a run. */
export function makeValidSeed(random: RandomSource): SeedDelivery {
  const dataset = `valid-${random.integer(1e9)}`
  const repository = { ...(push.repository as object), name: dataset }
  const commit = { id: '0'.repeat(40), added: ['data/x'], modified: [], removed: [] }
  return random.pick([
    github('push', { ...push, ref: 'refs/heads/main', repository, commits: [commit], head_commit: commit }),
    slack({ ...command, text: `dataset=${dataset} note="${canary}"` }),
    plain('partner', { dataset, note: canary }),
    hmac('shop', { type: 'invoice.paid', data: { object: { customer: dataset, depth: 3 } } }),
    plain('own', { dataset }),
  ])
}
