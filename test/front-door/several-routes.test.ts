/** docs/config.md: each route that a delivery matches starts a run; `allow` limits who can start one, and `with` sets parameters. */
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

const secrets = {
  GITHUB: 'github-secret',
  SLACK: 'slack-secret',
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}
const task = (name: string, params: string) => `
  ${name}:
    description: What ${name} does
    cluster: main
    taskDefinition: ${name}
    container: app
    subnets: [subnet-a]
    local: { command: ["true"] }
    params: ${params}`
const config = `
sources:
  github:  { adapter: github, secret: "env:GITHUB" }
  slack:   { adapter: slack, signingSecret: "env:SLACK" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  ${task('build', '{ repository: { type: string, required: true } }')}
  ${task('scan', '{ branch: { type: string, required: true, pattern: "^[a-z]+$" } }')}
  ${task('deploy', '{ stage: { type: string, required: true, enum: [test, live] }, version: { type: string, required: true } }')}
  ${task('alert', '{ level: { type: integer, max: 3, required: true } }')}
routes:
  - { on: github, event: push, run: build, with: { repository: "\${event.repository.name}" } }
  - { on: github, event: push, run: scan, with: { branch: "\${event.ref.split('/')[2]}" } }
  - { on: github, event: issues.opened, run: build, with: { repository: "\${event.repository.name}" } }
  - { name: everybody, on: slack, command: /deploy, run: deploy, with: { stage: test } }
  - { name: some, on: slack, command: /deploy-live, run: deploy, with: { stage: live }, allow: { users: [U1, U2], channels: [C1] } }
  - { name: calm, on: partner, run: alert }
  - { name: loud, on: partner, run: scan, if: "body.level > 2", with: { branch: "\${body.where}" } }
`

let world: World
beforeEach(async () => {
  world = await startWorld({ config, env: secrets })
})
afterEach(() => world.close())

const push = (branch: string) => {
  const body = {
    ref: `refs/heads/${branch}`,
    after: crypto.randomUUID(),
    repository: { name: 'web', full_name: 'demo/web' },
  }
  const { headers, body: text } = githubDelivery(secrets.GITHUB, JSON.stringify(body), 'push')
  return world.bridge.receive(urlEvent('/github', headers, text))
}
const slack = async (command: string, text: string, who: Record<string, string> = {}) => {
  const form = { command, text, user_id: 'U1', channel_id: 'C1', trigger_id: crypto.randomUUID(), ...who }
  const { headers, body } = slackDelivery(secrets.SLACK, new URLSearchParams(form).toString())
  const answer = await world.bridge.receive(urlEvent('/slack', headers, body))
  expect(answer.statusCode).toBe(200)
  return { text: String(bodyOf(answer).text), body: answer.body }
}
/** Items of the table. */
const runCount = async () =>
  (await world.emulators.dynamo.send(new ScanCommand({ TableName: 'taskhook', Select: 'COUNT' }))).Count ?? 0
/** Counts the runs that it starts. */
const countRuns = async <T>(what: () => Promise<T>): Promise<{ runs: number; result: T }> => {
  const before = await runCount()
  const result = await what()
  return { runs: (await runCount()) - before, result }
}
const stoppedOf = (run: unknown) =>
  eventually(async () => {
    const [only] = (await world.tasks()).filter(({ startedBy }) => startedBy === `taskhook/${String(run)}`)
    return only?.lastStatus === 'STOPPED' && only
  })
const environmentOf = (found: Awaited<ReturnType<typeof stoppedOf>>) =>
  Object.fromEntries(
    (found.overrides?.containerOverrides?.[0]?.environment ?? []).map(({ name, value }) => [String(name), value]),
  )

describe('a delivery that matches two routes', () => {
  it('starts two runs, both in the answer, with a task each', async () => {
    const { runs, result } = await countRuns(() => push('main'))
    expect(runs).toBe(2)
    expect(result.statusCode).toBe(202)
    const answer = bodyOf(result) as { run: string; runs: { run: string; task: string; statusUrl: string }[] }
    expect(answer.runs.map(({ task }) => task)).toEqual(['build', 'scan'])
    expect(answer).toMatchObject(answer.runs[0] ?? {})
    const [build, scan] = await Promise.all(answer.runs.map(({ run }) => stoppedOf(run)))
    expect(build).toMatchObject({ taskDefinitionArn: expect.stringContaining('/build:') as unknown })
    expect(scan).toMatchObject({ taskDefinitionArn: expect.stringContaining('/scan:') as unknown })
    expect(new Set(answer.runs.map(({ statusUrl }) => statusUrl)).size).toBe(2)
  })

  it('is the same two runs if it is delivered again', async () => {
    const body = JSON.stringify({ ref: 'refs/heads/main', repository: { name: 'again', full_name: 'demo/again' } })
    const { headers } = githubDelivery(secrets.GITHUB, body, 'push')
    const event = urlEvent('/github', headers, body)
    const first = bodyOf(await world.bridge.receive(event))
    const { runs, result } = await countRuns(() => world.bridge.receive(event))
    expect(runs).toBe(0)
    expect(result.statusCode).toBe(200)
    const ids = (answer: Record<string, unknown>) => (answer.runs as { run: string }[]).map(({ run }) => run)
    expect(ids(bodyOf(result))).toEqual(ids(first))
  })

  it('starts none if a parameter of one is wrong, and says which', async () => {
    const { runs, result } = await countRuns(() => push('release-1'))
    expect(runs).toBe(0)
    expect(result.statusCode).toBe(422)
    expect(bodyOf(result)).toMatchObject({
      detail: 'scan: a parameter is wrong',
      problems: [{ path: 'branch', message: 'is "release-1", which does not match ^[a-z]+$' }],
    })
  })

  it('starts one if the condition of the other is false', async () => {
    const post = (body: unknown) => {
      const { headers, body: text } = standardDelivery(secrets.PARTNER, JSON.stringify(body))
      return world.bridge.receive(urlEvent('/partner', headers, text))
    }
    const calm = await countRuns(() => post({ level: 2 }))
    expect(calm.runs).toBe(1)
    expect(bodyOf(calm.result)).toMatchObject({ task: 'alert' })
    expect(bodyOf(calm.result)).not.toHaveProperty('runs')
    expect(world.deliveryLines().at(-1)?.routes).toEqual([
      { route: 'calm', matched: true, because: 'every filter matched' },
      { route: 'loud', matched: false, because: 'if: gives false' },
    ])
    // `where` is a parameter of one route only, and level 4 is too high: neither run starts.
    const both = await countRuns(() => post({ level: 4, where: 'X' }))
    expect(both.runs).toBe(0)
    expect((bodyOf(both.result).problems as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'branch',
      'level',
      'where',
    ])
  })
})

describe('allow', () => {
  it.each([
    ['a user who is not listed', { user_id: 'U3' }, 'this is not open to you'],
    ['a user whose name is an allowed id', { user_id: 'U9', user_name: 'U1' }, 'this is not open to you'],
    ['another channel', { channel_id: 'C2' }, 'this is not open in this channel'],
    ['a direct message', { channel_id: 'D1', channel_name: 'C1' }, 'this is not open in this channel'],
  ])('%s starts nothing, and the reply says why', async (_name, who, why) => {
    const { runs, result } = await countRuns(() => slack('/deploy-live', 'version=1', who))
    expect(runs).toBe(0)
    expect(result.text).toBe(`Nothing was started. deploy: ${why}`)
    expect(world.deliveryLines().at(-1)).toMatchObject({ outcome: 'refused', reason: `deploy: ${why}` })
  })

  it.each(['U1', 'U2'])('%s in C1 starts a run', async (user_id) => {
    const { runs, result } = await countRuns(() => slack('/deploy-live', 'version=1', { user_id }))
    expect(runs).toBe(1)
    expect(result.text).toBe('deploy queued')
  })

  it('shows its help only to people who can start it', async () => {
    const { result } = await countRuns(() => slack('/deploy-live', 'help', { user_id: 'U3' }))
    expect(result.text).toBe('Nothing was started. deploy: this is not open to you')
    expect(result.body).not.toContain('version')
  })
})

describe('with', () => {
  it('sets variables of the container', async () => {
    const { run } = await runOf(() => slack('/deploy', 'version=1.2'))
    expect(environmentOf(await stoppedOf(run))).toMatchObject({ STAGE: 'test', VERSION: '1.2' })
  })

  it.each(['version=1 stage=live', 'stage=test version=1', 'version=1 --stage=live'])(
    'refuses a parameter that it sets: %s',
    async (text) => {
      const { runs, result } = await countRuns(() => slack('/deploy', text))
      expect(runs).toBe(0)
      expect(result.body).toContain('*stage* is set by the route; leave it out')
    },
  )

  it('removes the parameters that it sets from the help', async () => {
    const { runs, result } = await countRuns(() => slack('/deploy', 'help'))
    expect(runs).toBe(0)
    expect(result.text).toBe('How to use /deploy')
    expect(result.body).toContain('What deploy does')
    expect(result.body).toContain('`/deploy version=…`')
    expect(result.body).not.toContain('stage')
  })

  it('gives a bare value to the one parameter that it does not set', async () => {
    const { run } = await runOf(() => slack('/deploy', '1.3'))
    expect(environmentOf(await stoppedOf(run))).toMatchObject({ STAGE: 'test', VERSION: '1.3' })
  })

  /** The run that a delivery started, by the log. */
  const runOf = async (what: () => Promise<unknown>) => {
    await what()
    const [run] = (world.deliveryLines().at(-1)?.runs ?? []) as string[]
    expect(run).toMatch(/^[0-9a-f]{20}$/)
    return { run }
  }
})
