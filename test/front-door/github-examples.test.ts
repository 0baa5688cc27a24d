/** Every payload that GitHub gives as an example of its webhooks, 58 events: https://github.com/octokit/webhooks */
import { createRequire } from 'node:module'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
/** How many of the examples the route takes. Four of seven pushes delete a ref. */
const routed = {
  push: 3,
  'pull_request.opened': 4,
  'issues.opened': 4,
  'release.published': 3,
  // Of three: the third is of a fork.
  'workflow_run.completed': 2,
  'check_run.rerequested': 2,
  deployment: 4,
}
const running = Object.values(routed).reduce((sum, count) => sum + count)
const pings = 4

let world: World
beforeAll(async () => {
  world = await startWorld({ config, env: secrets })
})
afterAll(() => world.close())

const asJson = ({ event, payload }: Example) => githubDelivery(secrets.SECRET, JSON.stringify(payload), event)

/** What hooks send that were made by the REST API and not told otherwise. */
const asForm = ({ event, payload }: Example) => {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const { headers } = githubDelivery(secrets.SECRET, body, event)
  return { headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body }
}

/** Posts them all. @returns for each its status, and its run where it has one */
async function postAll(delivery: typeof asJson): Promise<{ status: number; run: unknown; said: unknown }[]> {
  const answers: { status: number; run: unknown; said: unknown }[] = []
  for (const example of examples) {
    const { headers, body } = delivery(example)
    const answer = await world.bridge.receive(urlEvent('/github', headers, body))
    const { run, status } = bodyOf(answer)
    answers.push({ status: answer.statusCode, run, said: status })
  }
  return answers
}
const runsOf = (answers: readonly { run: unknown }[]) => answers.flatMap(({ run }) => (run === undefined ? [] : [run]))
function count(answers: readonly { status: number; said: unknown }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, said } of answers) counts[`${status} ${said}`] = (counts[`${status} ${said}`] ?? 0) + 1
  return counts
}

it('are as many as this test counts on', () => {
  expect(events).toHaveLength(58)
  expect(examples).toHaveLength(329)
  expect(running).toBe(22)
})

it.each([
  ['JSON', asJson],
  ['a form', asForm],
])(
  'are all taken as %s: so many run, all others are ignored, and again they are the same runs',
  async (_, delivery) => {
    const ignored = { '200 ignored': examples.length - running - pings, '200 pong': pings }
    const first = await postAll(delivery)
    expect(count(first)).toEqual({ '202 queued': running, ...ignored })
    expect(new Set(runsOf(first)).size).toBe(running)

    const again = await postAll(delivery)
    expect(again.map(({ status }) => status)).toEqual(examples.map(() => 200))
    expect(again.map(({ run }) => run)).toEqual(first.map(({ run }) => run))
  },
)

it('ran by their event, by the deliveries of the log', () => {
  const accepted = world.deliveryLines().filter(({ outcome }) => outcome === 'accepted')
  const taken = Object.fromEntries(
    Object.keys(routed).map((name) => [
      name,
      accepted.filter(({ event }) => event === name || String(event).startsWith(`${name}.`)).length,
    ]),
  )
  expect(taken).toEqual(Object.fromEntries(Object.entries(routed).map(([name, times]) => [name, times * 2])))
})

it('are a task each and no more, and the commit is told how it went where there is one', async () => {
  const { Items = [] } = await world.emulators.dynamo.send(new ScanCommand({ TableName: 'taskhook' }))
  expect(Items).toHaveLength(2 * running)
  const tasks = await eventually(async () => {
    // One that stops between the list of those that run and of those that have stopped is in both.
    const seen = new Map((await world.tasks()).map((task) => [task.taskArn, task]))
    const stopped = [...seen.values()].filter(({ lastStatus }) => lastStatus === 'STOPPED')
    return stopped.length >= 2 * running && stopped
  }, 15_000)
  expect(tasks.map(({ startedBy }) => startedBy).sort()).toEqual(
    Items.map(({ run }) => `taskhook/${run?.S ?? ''}`).sort(),
  )
  expect(tasks.map(({ containers }) => containers?.[0]?.exitCode)).toEqual(tasks.map(() => 0))

  const told = (state: string) => world.inbox.messages.filter(({ body }) => (body as { state: string }).state === state)
  // Issues and releases are about no commit.
  const withCommit = running - routed['issues.opened'] - routed['release.published']
  // Where start and settle speak at once the true word may come twice; it must not be missing, and nothing false may come after it.
  await eventually(() => told('success').length >= 2 * withCommit)
  const links = new Set(told('success').map(({ body }) => (body as { target_url: string }).target_url))
  expect(links.size).toBe(2 * withCommit)
  for (const { url } of told('success'))
    expect(url.pathname).toMatch(/^\/repos\/[\w-]+\/[\w-]+\/statuses\/[0-9a-f]{40}$/)
})
