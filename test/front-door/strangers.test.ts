/** A person whom no list names learns nothing: no answer to a command, and no difference between an existing and a missing run. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { githubDelivery } from '../support/deliveries.ts'
import { bodyOf } from '../support/function-url.ts'
import { createGitHub, type GitHub } from '../support/github/fake-github.ts'
import { commentPayload } from '../support/github/payloads.ts'
import { createSlack, type Slack } from '../support/slack/fake-slack.ts'
import { ann, bob, eve, type Person } from '../support/slack/people.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'

const botToken = 'xoxb-token-of-the-strangers'
const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack: { adapter: slack, signingSecret: "env:SLACK", botToken: "env:SLACK_BOT" }
tasks:
  job: { cluster: c, taskDefinition: job, container: app, subnets: [s], local: { command: [sh, -c, 'sleep 60'] } }
routes:
  - { on: github, command: /deploy, run: job, allow: { users: [ann] }, approval: { from: [carol] } }
  - { on: github, command: /report, run: job, allow: { teams: [acme/data] }, approval: { from: [acme/leads, carol] } }
  - { on: github, command: /never, run: job, if: 'false', allow: { users: [ann] }, approval: { from: [carol, acme/leads] } }
  - { on: slack, command: /deploy, run: job, allow: { users: [U0ANN] }, approval: { from: [U0BOB] } }
  - { on: slack, command: /report, run: job, allow: { userGroups: [S0DATA] }, approval: { from: [S0LEADS, U0BOB] } }
`
const missing = '0123456789abcdef0123'
const verbs = ['cancel', 'rerun', 'approve', 'reject'] as const

let stage: Stage
let hub: GitHub
let slack: Slack
beforeAll(async () => {
  hub = createGitHub()
  slack = createSlack({ signingSecret: stageSecrets.SLACK, botToken, now: () => stage?.now() ?? Date.now() })
  const outside: typeof fetch = (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : String(input))
    return hostname === 'api.github.com' ? hub.fetch(input, init) : slack.fetch(input, init)
  }
  stage = await startStage({ config, env: { ...stageSecrets, SLACK_BOT: botToken }, fetch: outside })
})
afterAll(() => stage?.close())
beforeEach(() => {
  hub.intercept()
  hub.teams.clear()
  hub.teams.set('acme/data', ['ann'])
  hub.teams.set('acme/leads', ['lea'])
  slack.groups.set('S0DATA', [ann.id])
  slack.groups.set('S0LEADS', ['U0LEA'])
  hub.comments.length = 0
  hub.calls.length = 0
})

let ids = 1
async function comment(user: string, text: string) {
  const id = ids++
  const payload = commentPayload(text, { id, user, isPull: false, association: 'NONE' })
  const reply = await stage.post(
    '/github',
    githubDelivery(stageSecrets.GITHUB, JSON.stringify(payload), 'issue_comment'),
  )
  const reactions = hub.reactions.filter((each) => each.comment === id).map(({ content }) => content)
  return {
    status: reply.statusCode,
    body: bodyOf(reply),
    reactions,
    answers: hub.comments.splice(0).map(({ body }) => body),
  }
}
async function type(by: Person, command: string, text: string) {
  const reply = await stage.post('/slack', slack.typeCommand(command, text, by))
  return { status: reply.statusCode, body: bodyOf(reply) }
}

/** A run that waits for approval, and a way to act on it as somebody. */
const senders = [
  {
    name: 'a GitHub comment',
    begin: async (command: string) => String((await comment('ann', command)).body.run),
    act: (as: 'stranger' | 'approver', command: string, text: string) =>
      comment(as === 'stranger' ? 'mallory' : 'carol', `${command} ${text}`),
  },
  {
    name: 'a Slack command',
    begin: async (command: string) => {
      const { body } = await type(ann, command, '')
      return /[0-9a-f]{20}/.exec(JSON.stringify(body))?.[0] ?? ''
    },
    act: (as: 'stranger' | 'approver', command: string, text: string) =>
      type(as === 'stranger' ? eve : bob, command, text),
  },
]

describe.each(senders)('by $name', ({ begin, act }) => {
  describe.each(['/deploy', '/report'])('%s', (command) => {
    let run: string
    beforeAll(async () => {
      run = await begin(command)
      expect(run).toMatch(/^[0-9a-f]{20}$/)
      await stage.takeMessages()
    })

    it.each(verbs)('a stranger cannot tell an existing run from a missing one: %s', async (verb) => {
      const existing = await act('stranger', command, `${verb} ${run}`)
      expect(existing).toEqual(await act('stranger', command, `${verb} ${missing}`))
      expect(JSON.stringify(existing)).toContain('this is not open to you')
      expect(JSON.stringify(existing)).not.toContain('job')
      expect(await stage.takeMessages()).toEqual([])
    })

    it('a named approver can, and can approve', async () => {
      const unknown = await act('approver', command, `approve ${missing}`)
      expect(JSON.stringify(unknown)).toContain('There is no such run')
      const known = await act('approver', command, `approve ${run}`)
      expect(JSON.stringify(known)).toContain(run)
      expect((await stage.takeMessages()).map((body) => JSON.parse(body) as object)).toMatchObject([
        { verb: 'approve', run },
      ])
    })
  })
})

describe('a GitHub comment', () => {
  it('of a stranger gets a reaction and no text, whether the run exists or not', async () => {
    const { reactions, answers, status } = await comment('mallory', `/deploy cancel ${missing}`)
    expect([status, reactions, answers]).toEqual([403, ['confused'], []])
  })

  it('of a stranger is not answered if no route matches', async () => {
    expect(await comment('mallory', '/never')).toMatchObject({ status: 200, reactions: [], answers: [] })
  })

  it.each(['ann', 'carol', 'lea'])('of %s, whom a list names, is answered if no route matches', async (user) => {
    const { reactions, answers } = await comment(user, '/never')
    expect(reactions).toEqual(['confused'])
    expect(answers).toEqual([expect.stringContaining('Nothing was started')])
  })

  it('asks GitHub only about groups, and only if nothing else decides', async () => {
    const asked = () =>
      hub.calls
        .splice(0)
        .filter(({ path }) => path.includes('/teams/'))
        .map(({ path }) => path)
    await comment('mallory', `/deploy cancel ${missing}`)
    await comment('carol', `/report approve ${missing}`)
    expect(asked()).toEqual([])
    await comment('lea', `/report approve ${missing}`)
    expect(asked().sort()).toEqual(['/orgs/acme/teams/data/memberships/lea', '/orgs/acme/teams/leads/memberships/lea'])
  })

  it('is ignored without an answer if GitHub does not say who is in a team', async () => {
    hub.intercept((_, path) => (path.includes('/teams/') ? new Response(null, { status: 502 }) : undefined))
    const lines = stage.logs.length
    expect(await comment('mallory', '/never')).toMatchObject({ status: 200, reactions: [], answers: [] })
    expect(stage.logs.slice(lines).join('')).toContain('could not be asked who may use a command')
  })

  it('changes nothing if GitHub does not say who is in a team', async () => {
    hub.intercept((_, path) => (path.includes('/teams/') ? new Response(null, { status: 502 }) : undefined))
    const existing = await comment('mallory', `/report cancel ${missing}`)
    expect(existing).toMatchObject({ status: 500, answers: [expect.stringContaining('Nothing was done')] })
    expect(await stage.takeMessages()).toEqual([])
  })
})
