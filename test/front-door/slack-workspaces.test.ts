/** docs/adapters/slack.md: an app may be installed in several workspaces. A run is used only from its own, and `allow.workspaces` limits a route. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { bodyOf } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets as secrets } from '../support/stage-deliveries.ts'

const config = `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK" }
tasks:
  job:
    cluster: main
    taskDefinition: job
    container: app
    subnets: [subnet-a]
    local: { command: ["true"] }
routes:
  - { on: slack, command: /job, run: job }
  - { on: slack, command: /deploy, run: job, name: deploy, approval: { from: [U2] } }
  - { on: slack, command: /here, run: job, name: here, allow: { workspaces: [T1, E9] } }
  - { on: slack, command: /both, run: job, name: both, allow: { users: [U1], workspaces: T1, channels: C1 } }
`

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config, env: secrets })
})
afterAll(() => stage.close())
beforeEach(async () => {
  await stage.takeMessages()
})

/** Undefined: the delivery names no workspace, as no delivery of Slack's does. */
interface Workspace {
  readonly team?: string | null
  readonly enterprise?: string
  readonly user?: string
}
const first: Workspace = { team: 'T1' }
const second: Workspace = { team: 'T2' }

interface Answer {
  readonly text: string
  readonly blocks: readonly { readonly elements?: readonly { readonly value?: string }[] }[]
}

let sent = 0
const post = async (form: Readonly<Record<string, string>>) => {
  const body = new URLSearchParams(form).toString()
  const reply = await stage.post('/slack', slackDelivery(secrets.SLACK, body, stage.now() / 1000))
  expect(reply.statusCode).toBe(200)
  return bodyOf(reply) as unknown as Answer
}

const type = (command: string, text: string, { team, enterprise, user = 'U1' }: Workspace, channel = 'C1') =>
  post({
    ...{ command, text, user_id: user, channel_id: channel, trigger_id: `${sent++}.2.3` },
    ...(typeof team === 'string' && { team_id: team }),
    ...(enterprise !== undefined && { enterprise_id: enterprise }),
  })

const click = (verb: string, run: string, { team = null, enterprise, user = 'U2' }: Workspace) =>
  post({
    payload: JSON.stringify({
      ...{ type: 'block_actions', user: { id: user }, trigger_id: `${sent++}.2.3`, channel: { id: 'C1' } },
      team: team === null ? null : { id: team },
      enterprise: enterprise === undefined ? null : { id: enterprise, name: 'Acme' },
      actions: [{ type: 'button', action_id: `taskhook:${verb}`, block_id: 'b', value: run }],
    }),
  })

const runIn = ({ blocks }: Answer): string =>
  blocks.flatMap(({ elements = [] }) => elements.flatMap(({ value }) => value ?? []))[0] ?? ''

/** A run that was requested with a command, whose message is out of the queue. */
async function startedFrom(workspace: Workspace, command = '/job'): Promise<string> {
  const run = runIn(await type(command, '', workspace))
  expect(run).not.toBe('')
  await stage.takeMessages()
  return run
}

const foreign = 'Nothing was done. This run was started in another workspace, and can be used only there'

describe('a run', () => {
  it.each(['cancel', 'rerun', 'show'])('of one workspace: %s from another one is refused', async (verb) => {
    const run = await startedFrom(first)
    expect((await click(verb, run, second)).text).toBe(foreign)
    expect((await click(verb, run, { team: null, enterprise: 'E1' })).text).toBe(foreign)
    expect((await click(verb, run, {})).text).toBe(foreign)
    if (verb !== 'show') expect((await type('/job', `${verb} ${run}`, second)).text).toBe(foreign)
    expect(await stage.takeMessages()).toEqual([])
    expect((await click(verb, run, first)).text).not.toContain('Nothing was done')
  })

  it.each(['approve', 'reject'])('that waits for approval: %s from another workspace is refused', async (verb) => {
    const run = await startedFrom(first, '/deploy')
    expect((await click(verb, run, second)).text).toBe(foreign)
    expect((await type('/deploy', `${verb} ${run}`, { ...second, user: 'U2' })).text).toBe(foreign)
    expect(await stage.takeMessages()).toEqual([])
    expect((await click(verb, run, first)).text).not.toContain('Nothing was done')
    expect(await stage.takeMessages()).toHaveLength(1)
  })

  it('of an organisation is used from each of its workspaces, if the request named only the organisation', async () => {
    const run = await startedFrom({ enterprise: 'E1' })
    expect((await click('show', run, { team: 'T1', enterprise: 'E1' })).text).not.toContain('Nothing was done')
    expect((await click('show', run, { team: null, enterprise: 'E1' })).text).not.toContain('Nothing was done')
    expect((await click('show', run, { team: 'T1' })).text).toBe(foreign)
  })

  it('that an earlier version stored, without a workspace, is used from everywhere', async () => {
    const run = await startedFrom({})
    expect((await stage.runRecord(run))?.workspace).toBeUndefined()
    expect((await click('cancel', run, second)).text).toContain('is being cancelled')
  })

  it('that repeats another one belongs to the workspace of the old one, else to that of the requester', async () => {
    const repeat = async (of: Workspace) => runIn(await click('rerun', await startedFrom(of), first))
    expect((await stage.runRecord(await repeat(first)))?.workspace).toBe('T1')
    expect((await stage.runRecord(await repeat({})))?.workspace).toBe('T1')
    const inOrganisation = await startedFrom({ enterprise: 'E1' })
    const rerun = runIn(await click('rerun', inOrganisation, { team: 'T1', enterprise: 'E1' }))
    expect((await stage.runRecord(rerun))?.workspace).toBe('E1')
  })

  it('is listed by "status" only in its own workspace', async () => {
    const run = await startedFrom({ team: 'T7' })
    expect(JSON.stringify(await type('/job', 'status', { team: 'T7' }))).toContain(run)
    expect(JSON.stringify(await type('/job', 'status', { team: 'T8' }))).not.toContain(run)
  })
})

describe('allow.workspaces', () => {
  it.each<[string, Workspace]>([
    ['a listed workspace', first],
    ['a workspace of a listed organisation', { team: 'T5', enterprise: 'E9' }],
    ['a listed organisation', { enterprise: 'E9' }],
  ])('starts a run for %s', async (_, workspace) => {
    expect((await type('/here', '', workspace)).text).toBe('job queued')
  })

  it.each<[string, Workspace]>([
    ['another workspace', second],
    ['another organisation', { team: 'T5', enterprise: 'E1' }],
    ['no workspace', {}],
  ])('starts nothing for %s', async (_, workspace) => {
    expect((await type('/here', '', workspace)).text).toBe(
      'Nothing was started. job: this is not open in this workspace',
    )
    expect(await stage.takeMessages()).toEqual([])
  })

  it.each<[string, Workspace, string, string]>([
    ['all of them', first, 'C1', 'job queued'],
    ['the user and the channel', second, 'C1', 'Nothing was started. job: this is not open in this workspace'],
    ['the user and the workspace', first, 'C2', 'Nothing was started. job: this is not open in this channel'],
    [
      'the workspace and the channel',
      { ...first, user: 'U9' },
      'C1',
      'Nothing was started. job: this is not open to you',
    ],
  ])('with users and channels: %s', async (_, workspace, channel, text) => {
    expect((await type('/both', '', workspace, channel)).text).toBe(text)
  })

  it('gives people of another workspace the same answer whether a run exists or not', async () => {
    const run = await startedFrom(first, '/here')
    const denied = 'Nothing was done. this is not open to you'
    expect((await type('/here', `cancel ${run}`, second)).text).toBe(denied)
    expect((await type('/here', `cancel ${'0'.repeat(20)}`, second)).text).toBe(denied)
  })
})
