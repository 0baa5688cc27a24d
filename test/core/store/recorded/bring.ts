/** Steps that bring a stage into a state: deliveries of each sender, queue messages, events, and functions that die. */
import { type Delivery, githubDelivery, standardDelivery } from '../../../support/deliveries.ts'
import { eventually } from '../../../support/eventually.ts'
import { bodyOf, urlEvent } from '../../../support/function-url.ts'
import { commentPayload } from '../../../support/github/payloads.ts'
import { accessDenied, type Call } from '../../../support/relay.ts'
import { createSlack, type Slack } from '../../../support/slack/fake-slack.ts'
import { ann, type Person } from '../../../support/slack/people.ts'
import type { Stage } from '../../../support/stage.ts'
import { type ShopTask, secrets } from './deployment.ts'
import type { Subject } from './state.ts'

interface Order {
  readonly dataset?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly callbackUrl?: string
}

/** Posts to the HMAC source `shop`, which has a callback. */
export async function orderTask(on: Stage, task: ShopTask, { dataset = 'sales', headers, ...more }: Order = {}) {
  const body = JSON.stringify({ task, dataset, pin: '246813', ...more })
  const signed = standardDelivery(secrets.PARTNER, body, { at: on.now() / 1000 })
  return subjectOf(await on.post('/shop', { ...signed, headers: { ...signed.headers, ...headers } }))
}

const repository = { full_name: 'acme/site', name: 'site' }
const commit = 'a'.repeat(40)
const github = (event: string, payload: object): Delivery =>
  githubDelivery(secrets.GITHUB, JSON.stringify({ repository, sender: { login: 'ann' }, ...payload }), event)

/** @param installation of the GitHub App; undefined: the sender is notified by a commit status */
export async function push(on: Stage, branch: string, installation?: number): Promise<Subject> {
  const app = installation === undefined ? {} : { installation: { id: installation } }
  return subjectOf(await on.post('/github', github('push', { ref: `refs/heads/${branch}`, after: commit, ...app })))
}

export async function comment(on: Stage, text: string): Promise<Subject> {
  const payload = commentPayload(text, { id: 90, issue: 7, isPull: false, installation: 77 })
  return subjectOf(await on.post('/github', github('issue_comment', payload)))
}

/** *Re-run all checks* of a commit. */
export const rerunAllChecks = (on: Stage) =>
  on.post(
    '/github',
    github('check_suite', {
      action: 'rerequested',
      check_suite: { id: 5, head_branch: 'quick', head_sha: commit, app: { id: 4711 } },
      installation: { id: 77 },
    }),
  )

/** Makes Slack's requests; what is sent to Slack goes to the stage's inbox. */
const slackFor = (on: Stage): Slack => createSlack({ signingSecret: secrets.SLACK, now: on.now })

export async function typeCommand(on: Stage, command: string, text = '', by: Person = ann, source = 'slack') {
  const answer = await on.post(`/${source}`, slackFor(on).typeCommand(command, text, by))
  const [, run = ''] = /"value":"([0-9a-f]{20})"/.exec(answer.body) ?? []
  return { run }
}

/** Runs a task with a form: the command opens it, and a person submits it. */
export async function submitForm(on: Stage): Promise<Subject> {
  const slack = slackFor(on)
  await on.post('/slack', slack.typeCommand('/ask', ''))
  const [deferred = '{}'] = await on.takeMessages()
  const { what } = JSON.parse(deferred) as { what: { view: Parameters<Slack['submitForm']>[0]['view'] } }
  await on.post('/slack', slack.submitForm({ view: what.view, command: '/ask', user: ann.id }, { dataset: 'sales' }))
  const [start = '{}'] = await on.takeMessages()
  return { run: (JSON.parse(start) as { run: string }).run }
}

function subjectOf(answer: Awaited<ReturnType<Stage['post']>>): Subject {
  const { run, statusUrl } = bodyOf(answer)
  if (answer.statusCode !== 202 || typeof run !== 'string') throw new Error(`not accepted: ${answer.body}`)
  const { pathname, search } = new URL(String(statusUrl))
  return { run, statusPath: pathname + search }
}

export async function act(on: Stage, { statusPath = '' }: Subject, verb: 'cancel' | 'rerun'): Promise<Subject> {
  return subjectOf(await on.bridge.receive(urlEvent(statusPath.replace('?', `/${verb}?`), {})))
}

/** The run's container reports its progress over HTTP. */
export async function reportProgress(on: Stage, run: string, percent: number): Promise<void> {
  const [task] = await on.tasks(run)
  const { environment = [] } = task?.overrides?.containerOverrides?.[0] ?? {}
  const token = environment.find(({ name }) => name === 'TASKHOOK_TOKEN')?.value
  const links = [{ label: 'Report', url: 'https://example.com/r' }]
  const report = JSON.stringify({ percent, message: `at ${percent}`, outputs: { rows: '1200' }, links })
  on.advance(1000)
  const answer = await on.bridge.receive(
    urlEvent(`/runs/${run}/progress`, { authorization: `Bearer ${token}` }, report),
  )
  if (answer.statusCode !== 202) throw new Error(`not accepted: ${answer.body}`)
}

/** Delivers each message that the queue holds, once. */
export async function deliverQueue(on: Stage): Promise<void> {
  for (const body of await on.takeMessages()) await on.bridge.start({ Records: [{ messageId: 'm', body }] })
}

/** Starts a run, and settles the first `count` events of its task. */
export async function startAndSettle(on: Stage, { run }: Subject, count: number): Promise<void> {
  await on.takeMessages()
  await on.start(run)
  for (const event of (await on.waitForEvents(run, count)).slice(0, count)) await on.bridge.settle(event)
}

export async function stopTask(on: Stage, run: string): Promise<void> {
  const [task] = await on.tasks(run)
  await on.stopTask(String(task?.taskArn))
  await stopped(on, run)
}

/** Waits until ECS has sent the last event of the run's task. */
export const stopped = (on: Stage, run: string) =>
  eventually(() => on.eventsOf(run).at(-1)?.detail?.lastStatus === 'STOPPED' && on.eventsOf(run))

/** From now on every request to a sender fails. */
export const senderIsDown = (on: Stage): void =>
  on.beforeFetch(async () => {
    throw new TypeError('fetch failed')
  })

/** Runs a function that dies at the first request to the table that `at` describes: nothing after that takes effect. */
export async function dieAt(on: Stage, at: (call: Call) => boolean, work: () => Promise<unknown>): Promise<void> {
  let dead = false
  on.dynamo.intercept((call) => {
    dead ||= at(call)
    return dead ? accessDenied : undefined
  })
  await work().catch(() => {})
  on.dynamo.intercept()
  if (!dead) throw new Error('the function did not die')
}

/** A write of this attribute. */
export const writes =
  (attribute: string) =>
  ({ action, input }: Call): boolean =>
    action === 'UpdateItem' && String(input.UpdateExpression).includes(`#${attribute} =`)
