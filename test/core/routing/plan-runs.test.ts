import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import type { Trigger } from '../../../src/core/adapter.ts'
import { runIdOf } from '../../../src/core/model/run.ts'
import { prepareRoute } from '../../../src/core/routing/match-routes.ts'
import { planRuns } from '../../../src/core/routing/plan-runs.ts'

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
  replyAddress: { to: 'somebody' },
  ...more,
})
const admitted = (source: string, more: Partial<Trigger>, help = false) =>
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

describe('what is to be run', () => {
  it('is a run for every route that matches, each with its own id', () => {
    const { result } = admitted('github', push('main'))
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
          replyAddress: { to: 'somebody' },
          createdAt: 7,
          plan: { task: 'analyze', route: 'github/analyze', params: { dataset: 'sales', depth: 3 } },
        },
        { run: runIdOf('github', 'key', 'github/clean'), plan: { task: 'clean', params: {} } },
      ],
    })
  })

  it('comes with a verdict for every route of the source, and of no other', () => {
    expect(admitted('github', push('dev')).verdicts).toEqual([
      { route: 'github/analyze', matched: false, because: 'branches: "dev" does not match "main"' },
      { route: 'github/clean', matched: true, because: 'every filter matched' },
    ])
  })

  it('is the same for the same delivery', () => {
    expect(JSON.stringify(admitted('github', push('main')))).toBe(JSON.stringify(admitted('github', push('main'))))
  })

  it('takes the payload’s own keys for parameters where the route sets none', () => {
    const rawParams = { kind: 'object', values: { dataset: 'sales', depth: 4 }, textual: false } as const
    expect(admitted('partner', { rawParams }).result).toMatchObject({
      kind: 'runs',
      runs: [{ plan: { params: { dataset: 'sales', depth: 4 } } }],
    })
  })
})

describe('what is not', () => {
  it.each<[string, string, Partial<Trigger>, string]>([
    ['no route of the source', 'nobody', {}, 'no route is for this source'],
    [
      'no route for the event',
      'github',
      { facts: { events: ['fork'] } },
      'no route matched push: github/analyze: event: "fork" is not "push"; github/clean: event: "fork" is not "push"',
    ],
    ['no route for the command', 'slack', command('/other', ''), 'no route takes /other'],
  ])('%s is ignored, and says why', (_, source, more, reason) => {
    expect(admitted(source, more).result).toEqual({ kind: 'ignored', reason })
  })

  it.each<[string, string, Partial<Trigger>, number, string, string[]]>([
    ['somebody who may not', 'slack', command('/analyze', 'sales', 'U2'), 403, 'analyze: this is not open to you', []],
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
      'what the route sets',
      'slack',
      command('/deep', 'sales depth=1'),
      422,
      'analyze: a parameter is wrong',
      ['depth: is set by the route; leave it out'],
    ],
    [
      'what cannot be worked out',
      'slack',
      command('/hard', ''),
      422,
      'analyze: a parameter could not be worked out',
      ['slack/analyze#3: with.depth: no such overload: dyn<string> - int'],
    ],
    [
      'too much',
      'slack',
      command('/analyze', `"${'x'.repeat(8100)}"`),
      422,
      'analyze: the parameters take ',
      ['dataset: takes 81'],
    ],
  ])('%s is refused', (_, source, more, status, title, problems) => {
    const { result } = admitted(source, more)
    expect(result).toMatchObject({ kind: 'refused', status, title: expect.stringContaining(title), task: 'analyze' })
    const told = result.kind === 'refused' ? result.problems.map(({ path, message }) => `${path}: ${message}`) : []
    expect(told.slice(0, Math.max(problems.length, 1))).toEqual(problems.map((text) => expect.stringContaining(text)))
  })

  it('one route that is wrong stops them all, so that nothing is half done', () => {
    expect(admitted('github', push('main', { not: 'text' })).result).toMatchObject({ kind: 'refused', status: 422 })
  })
})

describe('help', () => {
  it('is about what this sender may do, without what the route sets', () => {
    expect(admitted('slack', command('/deep', 'help'), true).result).toEqual({
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

  it('is refused to somebody who may not', () => {
    expect(admitted('slack', command('/analyze', 'help', 'U2'), true).result).toMatchObject({
      kind: 'refused',
      status: 403,
    })
  })
})
