import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import { runIdOf } from '../../../src/core/model/run.ts'
import type { Facts, Trigger } from '../../../src/core/model/trigger.ts'
import { planRuns } from '../../../src/core/routing/plan-runs.ts'
import { prepareRoute } from '../../../src/core/routing/prepare-route.ts'

const config = compileConfig(
  `
sources:
  github: { adapter: github, secret: "env:G" }
  slack: { adapter: slack, signingSecret: "env:S" }
  partner: { adapter: hmac, scheme: stripe, secret: "env:P" }
tasks:
  analyze:
    cluster: c
    taskDefinition: analyze
    subnets: [a]
    description: Looks into it
    params:
      dataset: { type: string, required: true }
      depth: { type: integer, max: 10, default: 3 }
  clean: { cluster: c, taskDefinition: clean, subnets: [a] }
routes:
  - { on: github, event: push, branches: [main], run: analyze, with: { dataset: "\${event.name}" } }
  - { on: github, event: push, run: clean }
  - { on: slack, command: /analyze, run: analyze, allow: { users: [U1] } }
  - { on: slack, command: /deep, run: analyze, with: { depth: 10 } }
  - { on: slack, command: /hard, run: analyze, with: { dataset: "x", depth: "\${event.text - 1}" } }
  - { on: partner, run: analyze }
  - { on: slack, command: /both, run: analyze }
  - { on: slack, command: /both, run: clean }
`,
  builtinSpecs,
)
const routes = config.routes.map(prepareRoute)
const tasks = new Map(Object.entries(config.tasks))
const trigger = (more: Partial<Trigger>): Trigger => ({
  event: 'push',
  deliveryId: 'd1',
  actor: 'ann',
  facts: {},
  rawParams: { kind: 'none' },
  payload: {},
  replyAddress: { to: 'channel' },
  ...more,
})
const planned = (source: string, more: Partial<Trigger>, help = false) =>
  planRuns(routes, tasks, { source, trigger: trigger(more), deliveryKey: 'key', origin: 'https://o', now: 7, help })
const push = (branch: string, name: unknown = 'sales') => ({
  facts: { events: ['push'], branch },
  payload: { name },
})
const command = (name: string, text: string, user = 'U1'): Partial<Trigger> => ({
  event: name,
  facts: { command: name, user },
  rawParams: { kind: 'text', text },
  payload: { text },
})

describe('code that the person may not have seen', () => {
  const seeing = (seen: Facts['seen'], user = 'U1') => {
    const typed = command('/analyze', 'dataset=x', user)
    return { ...typed, facts: { ...typed.facts, ...(seen !== undefined && { seen }) } }
  }
  it.each<[Facts['seen'], string]>([
    ['changed-later', 'analyze: new commits were pushed after your comment; comment again'],
    ['unknown', 'analyze: it is not known when the newest commit was pushed'],
  ])('does not run: %s', (seen, words) => {
    expect(planned('slack', seeing(seen)).result).toMatchObject({
      ...{ kind: 'refused', status: 422, title: expect.stringContaining(words), problems: [], task: 'analyze' },
    })
  })
  it.each<[Facts['seen']]>([['yes'], [undefined]])('is none if it was seen: %s', (seen) => {
    expect(planned('slack', seeing(seen)).result.kind).toBe('runs')
  })
  it('does not matter to a person who asks for help, or who may not use the route', () => {
    expect(planned('slack', seeing('unknown'), true).result.kind).toBe('help')
    expect(planned('slack', seeing('unknown', 'U2')).result).toMatchObject({ kind: 'refused', status: 403 })
  })
})

describe('runs', () => {
  it('are planned for every route that matches, each with its own id', () => {
    const { result } = planned('github', push('main'))
    expect(result).toMatchObject({
      kind: 'runs',
      runs: [
        {
          run: runIdOf('github', 'key', 'github/analyze'),
          source: 'github',
          event: 'push',
          deliveryId: 'd1',
          actor: 'ann',
          origin: 'https://o',
          replyAddress: { to: 'channel' },
          createdAt: 7,
          plan: { task: 'analyze', route: 'github/analyze', params: { dataset: 'sales', depth: 3 } },
        },
        { run: runIdOf('github', 'key', 'github/clean'), plan: { task: 'clean', params: {} } },
      ],
    })
  })

  it('come with a verdict for every route of the source, and of no other', () => {
    expect(planned('github', push('dev')).verdicts).toEqual([
      { route: 'github/analyze', matched: false, because: 'branches: "dev" does not match "main"' },
      { route: 'github/clean', matched: true, because: 'every filter matched' },
    ])
  })

  it('are the same for the same delivery', () => {
    expect(JSON.stringify(planned('github', push('main')))).toBe(JSON.stringify(planned('github', push('main'))))
  })

  it('use the keys of the payload as parameters if the route has no "with"', () => {
    const rawParams = { kind: 'object', values: { dataset: 'sales', depth: 4 }, textual: false } as const
    expect(planned('partner', { rawParams }).result).toMatchObject({
      kind: 'runs',
      runs: [{ plan: { params: { dataset: 'sales', depth: 4 } } }],
    })
  })
})

describe('a delivery that starts nothing', () => {
  it.each<[string, string, Partial<Trigger>, string]>([
    ['no route of the source', 'unknown', {}, 'this source has no route'],
    [
      'no route for the event',
      'github',
      { facts: { events: ['fork'] } },
      'no route matched push: github/analyze: event: "fork" is not "push"; github/clean: event: "fork" is not "push"',
    ],
    ['no route for the command', 'slack', command('/other', ''), 'no route takes /other'],
  ])('is ignored with a reason: %s', (_, source, more, reason) => {
    expect(planned(source, more).result).toEqual({ kind: 'ignored', reason })
  })

  it.each<[string, string, Partial<Trigger>, number, string, string[]]>([
    [
      'a person who is not allowed',
      'slack',
      command('/analyze', 'sales', 'U2'),
      403,
      'analyze: this is not open to you',
      [],
    ],
    [
      'one wrong parameter',
      'slack',
      command('/analyze', 'sales depth=99'),
      422,
      'analyze: a parameter is wrong',
      ['depth: is 99; the largest is 10'],
    ],
    [
      'two wrong parameters',
      'slack',
      command('/analyze', 'depth=99 x=1'),
      422,
      'analyze: parameters are wrong',
      [
        'x: is not a parameter; the task takes dataset, depth',
        'dataset: is missing: text',
        'depth: is 99; the largest is 10',
      ],
    ],
    [
      'a parameter that the route sets',
      'slack',
      command('/deep', 'sales depth=1'),
      422,
      'analyze: a parameter is wrong',
      ['depth: is set by the route; leave it out'],
    ],
    [
      'an expression that fails',
      'slack',
      command('/hard', ''),
      422,
      'analyze: a parameter could not be computed',
      ['slack/analyze#3: with.depth: no such overload: dyn<string> - int'],
    ],
    [
      'more than the overrides can hold',
      'slack',
      command('/analyze', `"${'x'.repeat(8100)}"`),
      422,
      'analyze: the parameters take ',
      ['dataset: takes 81'],
    ],
  ])('is refused: %s', (_, source, more, status, title, problems) => {
    const { result } = planned(source, more)
    expect(result).toMatchObject({ kind: 'refused', status, title: expect.stringContaining(title), task: 'analyze' })
    const shown = result.kind === 'refused' ? result.problems.map(({ path, message }) => `${path}: ${message}`) : []
    expect(shown.slice(0, Math.max(problems.length, 1))).toEqual(problems.map((text) => expect.stringContaining(text)))
  })

  it('has no run at all if one of several routes has a problem', () => {
    expect(planned('github', push('main', { not: 'text' })).result).toMatchObject({ kind: 'refused', status: 422 })
  })
})

describe('a form for missing parameters', () => {
  it('asks for those of the task, if one route matches', () => {
    expect(planned('slack', command('/analyze', '')).result).toMatchObject({
      kind: 'refused',
      missing: { task: 'analyze', params: config.tasks.analyze?.params },
    })
  })

  it.each([
    ['something else is wrong', command('/analyze', 'sales depth=99')],
    ['several routes match, since its values would go to all of them', command('/both', '')],
  ])('is not shown if %s', (_, more) => {
    const { result } = planned('slack', more)
    expect(result.kind).toBe('refused')
    expect(result).not.toHaveProperty('missing')
  })
})

describe('help', () => {
  it('is about the command, else about the event', () => {
    const asked = { ...command('/deep', 'help'), event: 'mention' }
    expect(planned('slack', asked, true).result).toMatchObject({ kind: 'help', command: '/deep' })
    expect(planned('partner', { event: 'webhook' }, true).result).toMatchObject({ kind: 'help', command: 'webhook' })
  })

  it('lists the parameters that this person may give, without those that the route sets', () => {
    expect(planned('slack', command('/deep', 'help'), true).result).toEqual({
      kind: 'help',
      command: '/deep',
      tasks: [
        {
          task: 'analyze',
          description: 'Looks into it',
          params: { dataset: { type: 'string', required: true, env: 'DATASET' } },
        },
      ],
    })
  })

  it('is refused for a person who is not allowed', () => {
    expect(planned('slack', command('/analyze', 'help', 'U2'), true).result).toMatchObject({
      kind: 'refused',
      status: 403,
    })
  })
})
