/** README: GitHub webhooks of every event are accepted. These are all the examples that GitHub publishes: https://github.com/octokit/webhooks */
import { createRequire } from 'node:module'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { githubDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

interface Example {
  readonly event: string
  readonly payload: Readonly<Record<string, unknown>>
}
const events = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string
  readonly examples: readonly Example['payload'][]
}[]
const examples: readonly Example[] = events.flatMap(({ name: event, examples }) =>
  examples.map((payload) => ({ event, payload })),
)

const secrets = { SECRET: 'secret-of-the-examples', TOKEN: 'token-of-the-examples' }
const config = `
sources:
  github: { adapter: github, secret: "env:SECRET", token: "env:TOKEN" }
tasks:
  note:
    cluster: main
    taskDefinition: note
    container: app
    subnets: [subnet-a]
    local: { command: ["true"] }
    params:
      repository: { type: string, required: true }
      action: { type: string, required: true }
routes:
  - on: github
    event: [push, pull_request.opened, issues.opened, release.published, workflow_run.completed, check_run.rerequested, deployment]
    run: note
    with: { repository: "\${event.repository.full_name}", action: "\${has(event.action) ? event.action : 'none'}" }
`
/** How many of the examples the route matches. Four of seven pushes delete a ref. */
const routed = {
  push: 3,
  'pull_request.opened': 4,
  'issues.opened': 4,
  'release.published': 3,
  // Of three; the third is of a fork.
  'workflow_run.completed': 2,
  'check_run.rerequested': 2,
  // Of four; a workflow that names neither its trigger in the repository nor its head made the second.
  deployment: 3,
}
const matching = Object.values(routed).reduce((sum, count) => sum + count)
const pings = 4
/** A test posts hundreds of deliveries, which takes its time on a busy machine. */
const timeoutMs = 90_000

let world: World
beforeEach(async () => {
  world = await startWorld({ config, env: secrets })
})
afterEach(() => world.close())

const asJson = ({ event, payload }: Example) => githubDelivery(secrets.SECRET, JSON.stringify(payload), event)

/** Hooks that were created by the REST API send forms by default. */
const asForm = ({ event, payload }: Example) => {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const { headers } = githubDelivery(secrets.SECRET, body, event)
  return { headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body }
}

/** Posts all examples. @returns for each the status, and the run if there is one */
async function postAll(delivery: typeof asJson): Promise<{ status: number; run: unknown; answered: unknown }[]> {
  const answers: { status: number; run: unknown; answered: unknown }[] = []
  for (const example of examples) {
    const { headers, body } = delivery(example)
    const answer = await world.bridge.receive(urlEvent('/github', headers, body))
    const { run, status } = bodyOf(answer)
    answers.push({ status: answer.statusCode, run, answered: status })
  }
  return answers
}
const runsOf = (answers: readonly { run: unknown }[]) => answers.flatMap(({ run }) => (run === undefined ? [] : [run]))
function count(answers: readonly { status: number; answered: unknown }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, answered } of answers)
    counts[`${status} ${answered}`] = (counts[`${status} ${answered}`] ?? 0) + 1
  return counts
}

it('the package has the events and examples that these tests count', () => {
  expect(events).toHaveLength(58)
  expect(examples).toHaveLength(329)
  expect(matching).toBe(21)
})

it.each([
  ['JSON', asJson],
  ['a form', asForm],
])(
  'all examples are accepted as %s: some start runs, the others are ignored, and a redelivery is the same run',
  async (_, delivery) => {
    const ignored = { '200 ignored': examples.length - matching - pings, '200 pong': pings }
    const first = await postAll(delivery)
    expect(count(first)).toEqual({ '202 queued': matching, ...ignored })
    expect(new Set(runsOf(first)).size).toBe(matching)

    const again = await postAll(delivery)
    expect(again.map(({ status }) => status)).toEqual(examples.map(() => 200))
    expect(again.map(({ run }) => run)).toEqual(first.map(({ run }) => run))
  },
  timeoutMs,
)

it(
  'the log names the event of each run',
  async () => {
    await postAll(asJson)
    const accepted = world.deliveryLines().filter(({ outcome }) => outcome === 'accepted')
    const taken = Object.fromEntries(
      Object.keys(routed).map((name) => [
        name,
        accepted.filter(({ event }) => event === name || String(event).startsWith(`${name}.`)).length,
      ]),
    )
    expect(taken).toEqual(Object.fromEntries(Object.entries(routed).map(([name, times]) => [name, times])))
  },
  timeoutMs,
)

it(
  'each run has one task, and its commit, if there is one, gets the status success',
  async () => {
    await postAll(asJson)
    const { Items = [] } = await world.emulators.dynamo.send(new ScanCommand({ TableName: 'taskhook' }))
    expect(Items).toHaveLength(matching)
    const tasks = await eventually(async () => {
      const stopped = (await world.tasks()).filter(({ lastStatus }) => lastStatus === 'STOPPED')
      return stopped.length >= matching && stopped
    }, 60_000)
    expect(tasks.map(({ startedBy }) => startedBy).sort()).toEqual(
      Items.map(({ run }) => `taskhook/${run?.S ?? ''}`).sort(),
    )
    expect(tasks.map(({ containers }) => containers?.[0]?.exitCode)).toEqual(tasks.map(() => 0))

    const statuses = (state: string) =>
      world.inbox.messages.filter(({ body }) => (body as { state: string }).state === state)
    // Issues and releases have no commit.
    const withCommit = matching - routed['issues.opened'] - routed['release.published']
    // If `start` and `settle` notify at once, the end may be sent twice.
    const links = () => new Set(statuses('success').map(({ body }) => (body as { target_url: string }).target_url))
    await eventually(() => links().size >= withCommit)
    expect(links().size).toBe(withCommit)
    for (const { url } of statuses('success'))
      expect(url.pathname).toMatch(/^\/repos\/[\w-]+\/[\w-]+\/statuses\/[0-9a-f]{40}$/)
  },
  timeoutMs,
)
