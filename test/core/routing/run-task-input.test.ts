import { describe, expect, it } from 'vitest'
import { Unprocessable } from '../../../src/core/errors.ts'
import { progressTokenOf } from '../../../src/core/http/run-tokens.ts'
import type { TaskConfig } from '../../../src/core/model/config.ts'
import type { ParamValues } from '../../../src/core/model/param.ts'
import { nameOfGroup } from '../../../src/core/model/run.ts'
import {
  makePlan,
  maxOverridesBytes,
  type Origin,
  placesOf,
  progressEnv,
  requestFor,
} from '../../../src/core/routing/run-task-input.ts'

const task = (more: Partial<TaskConfig> = {}): TaskConfig => ({
  name: 'analyze',
  cluster: 'analytics',
  taskDefinition: 'analyze:7',
  container: 'app',
  subnets: ['subnet-a', 'subnet-b'],
  securityGroups: ['sg-1'],
  assignPublicIp: 'DISABLED',
  capacity: ['FARGATE_SPOT', 'FARGATE'],
  params: {
    dataset: { type: 'string', env: 'DATASET' },
    depth: { type: 'integer', env: 'DEPTH' },
    dry: { type: 'boolean', env: 'DRY_RUN' },
  },
  ...more,
})
const run = '0123456789abcdef0123'
const origin: Origin = { run, route: 'github/analyze', source: 'github', event: 'push', actor: 'ann' }
const params = { dry: false, depth: 3, dataset: 'sales' }

describe('makePlan', () => {
  it('gives the container declared parameters by their names, in the order of the declaration, then where it came from', () => {
    expect(makePlan(task(), params, origin).env).toEqual([
      { name: 'DATASET', value: 'sales' },
      { name: 'DEPTH', value: '3' },
      { name: 'DRY_RUN', value: 'false' },
      { name: 'TASKHOOK_RUN_ID', value: run },
      { name: 'TASKHOOK_SOURCE', value: 'github' },
      { name: 'TASKHOOK_EVENT', value: 'push' },
      { name: 'TASKHOOK_ACTOR', value: 'ann' },
    ])
  })

  it('leaves out what has no value, and what is not declared', () => {
    const names = makePlan(task(), { depth: 3, evil: 'x', __proto__: { dataset: 'inherited' } } as never, origin).env
    expect(names.map(({ name }) => name)).toEqual([
      'DEPTH',
      'TASKHOOK_RUN_ID',
      'TASKHOOK_SOURCE',
      'TASKHOOK_EVENT',
      'TASKHOOK_ACTOR',
    ])
  })

  it('keeps nothing of the task that a start does not need', () => {
    const plan = makePlan(task({ description: 'd', timeout: 60, local: { command: ['x'] } }), params, origin)
    expect(Object.keys(plan).sort()).toEqual(['container', 'env', 'params', 'route', 'settings', 'task', 'timeout'])
    expect(Object.keys(plan.settings)).not.toEqual(
      expect.arrayContaining(['params', 'local', 'description', 'timeout']),
    )
    expect(plan).toMatchObject({ task: 'analyze', route: 'github/analyze', container: 'app', timeout: 60, params })
  })

  it('is pure: the same input gives the same bytes, whatever the order in which parameters were given', () => {
    const reordered = { dataset: 'sales', depth: 3, dry: false }
    expect(JSON.stringify(makePlan(task(), params, origin).env)).toBe(
      JSON.stringify(makePlan(task(), reordered, origin).env),
    )
    expect(JSON.stringify(makePlan(task(), params, origin))).toBe(JSON.stringify(makePlan(task(), params, origin)))
  })

  it('survives being stored', () => {
    const plan = makePlan(task(), params, origin)
    const stored = JSON.parse(JSON.stringify(plan))
    const [place] = placesOf(plan)
    expect(place && requestFor(stored, run, 'app', place)).toEqual(place && requestFor(plan, run, 'app', place))
  })
})

describe('what a plan keeps of where it came from', () => {
  it('the route’s fingerprint and whose yes it waits for, where there are such', () => {
    const approval = { from: ['U1'], expires: 60 }
    expect(makePlan(task(), params, { ...origin, routeIs: 'f00d', approval })).toMatchObject({
      routeIs: 'f00d',
      approval,
    })
    const plain = makePlan(task(), params, { ...origin, routeIs: undefined, approval: undefined })
    expect(plain).not.toHaveProperty('routeIs')
    expect(plain).not.toHaveProperty('approval')
  })

  it('which parameters are secret', () => {
    const password = { type: 'string', env: 'PASSWORD', secret: true } as const
    const pin = { type: 'integer', env: 'PIN', secret: false } as const
    const declared = { ...task().params, password, pin }
    expect(makePlan(task({ params: declared }), params, origin).hidden).toEqual(['password'])
    expect(makePlan(task(), params, origin)).not.toHaveProperty('hidden')
  })
})

describe('the slot that a run needs', () => {
  const slotOf = (group: string, values: ParamValues = params) =>
    makePlan(task({ concurrency: { group, limit: 2, whenFull: 'reject' } }), values, origin).concurrency

  it('is of its group, by the parameters', () => {
    expect(slotOf('set ${params.dataset}')).toEqual({
      name: `analyze/${nameOfGroup('set sales')}`,
      label: 'set sales',
      limit: 2,
      whenFull: 'reject',
    })
    expect(makePlan(task(), params, origin)).not.toHaveProperty('concurrency')
  })

  it('is of the whole task where the group says nothing, or asks for what nobody gave', () => {
    const whole = { name: `analyze/${nameOfGroup('')}`, label: '' }
    expect(slotOf('')).toMatchObject(whole)
    expect(slotOf('${params.dataset}', { depth: 3 })).toMatchObject(whole)
  })

  it('has a short name, whatever the values are, and two long values are two groups', () => {
    const [one, other] = ['a', 'b'].map((end) => slotOf('${params.dataset}', { dataset: 'x'.repeat(5000) + end }))
    expect(one?.label).toBe('x'.repeat(60))
    expect(slotOf('${params.dataset}', { dataset: `${'x'.repeat(59)}😀😀` })?.label).toBe(`${'x'.repeat(59)}😀`)
    expect(one?.name).toHaveLength('analyze/'.length + 32)
    expect(one?.name).not.toBe(other?.name)
  })
})

describe('progressEnv', () => {
  it('tells the container where it reports, and by which token', () => {
    expect(progressEnv('https://abc.on.aws', run, 'token')).toEqual([
      { name: 'TASKHOOK_PROGRESS_URL', value: `https://abc.on.aws/runs/${run}/progress` },
      { name: 'TASKHOOK_TOKEN', value: 'token' },
    ])
  })
})

describe('the 8,192 that ECS takes for all overrides', () => {
  const sizeOf = (dataset: string, more: Partial<TaskConfig> = {}): number => {
    const plan = makePlan(task(more), { dataset }, origin)
    const [place] = placesOf(plan)
    // With the longest address for its reports that is reckoned with.
    const reports = progressEnv(`https://${'x'.repeat(120)}`, run, progressTokenOf(run, 'key'))
    const request = place && requestFor(plan, run, 'app', place, reports)
    return Buffer.byteLength(JSON.stringify(request?.overrides))
  }
  const room = maxOverridesBytes - sizeOf('')

  it('is used to the last byte', () => {
    expect(sizeOf('x'.repeat(room))).toBe(maxOverridesBytes)
  })

  it.each([
    ['one character more', 'x'.repeat(room + 1)],
    ['characters that JSON escapes', '"'.repeat(room / 2 + 1)],
    ['characters of more bytes', 'é'.repeat(room / 2 + 1)],
  ])('is not passed: %s', (_, dataset) => {
    expect(() => makePlan(task(), { dataset }, origin)).toThrow(Unprocessable)
  })

  describe('with the trace of its delivery', () => {
    const trace = { parent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
    const entry = { name: 'TRACEPARENT', value: trace.parent }
    const traced = (length: number) => makePlan(task(), { dataset: 'x'.repeat(length) }, { ...origin, trace }).env
    const takes = JSON.stringify(entry).length + 1

    it.each([
      ['it is passed on', 1],
      ['it is passed on, with the last byte', room - takes],
    ])('%s', (_, length) => expect(traced(length).at(-1)).toEqual(entry))

    it.each([
      ['for want of a byte', room - takes + 1],
      ['where nothing is left', room],
    ])('it is left out %s', (_, length) => expect(traced(length)).not.toContainEqual(entry))

    it('it is not what a run is refused for', () => expect(() => traced(room + 1)).toThrow(Unprocessable))
  })

  it('counts cpu and memory in', () => {
    expect(() => makePlan(task({ cpu: '256', memory: '512' }), { dataset: 'x'.repeat(room) }, origin)).toThrow(
      Unprocessable,
    )
  })

  it('expects the longest name of a container that is not known yet', () => {
    const { container: _, ...rest } = task()
    expect(() => makePlan(rest, { dataset: 'x'.repeat(room) }, origin)).toThrow(Unprocessable)
    expect(makePlan(rest, { dataset: 'x'.repeat(room - 252) }, origin).container).toBeUndefined()
  })

  it('says how much each part takes, the largest first, by the parameter’s name', () => {
    const plan = () => makePlan(task(), { dataset: 'x'.repeat(9000), depth: 3 }, origin)
    expect(plan).toThrow(/take 9\d{3} of the 8192 bytes/)
    expect(plan).toThrow(
      expect.objectContaining({
        code: 'unprocessable',
        problems: [
          {
            path: 'dataset',
            message: `takes ${9000 + JSON.stringify({ name: 'DATASET', value: '' }).length + 1} bytes`,
          },
          expect.objectContaining({ path: 'TASKHOOK_RUN_ID' }),
          expect.objectContaining({ path: 'TASKHOOK_SOURCE' }),
          expect.objectContaining({ path: 'TASKHOOK_EVENT' }),
          expect.objectContaining({ path: 'TASKHOOK_ACTOR' }),
          expect.objectContaining({ path: 'depth' }),
        ],
      }),
    )
  })
})

describe('placesOf', () => {
  it('tries each capacity in all subnets, then in each alone', () => {
    expect(placesOf(makePlan(task(), params, origin))).toEqual([
      { capacity: 'FARGATE_SPOT', subnets: ['subnet-a', 'subnet-b'] },
      { capacity: 'FARGATE_SPOT', subnets: ['subnet-a'] },
      { capacity: 'FARGATE_SPOT', subnets: ['subnet-b'] },
      { capacity: 'FARGATE', subnets: ['subnet-a', 'subnet-b'] },
      { capacity: 'FARGATE', subnets: ['subnet-a'] },
      { capacity: 'FARGATE', subnets: ['subnet-b'] },
    ])
  })

  it('does not try the only subnet twice', () => {
    expect(placesOf(makePlan(task({ subnets: ['subnet-a'], capacity: ['FARGATE'] }), params, origin))).toEqual([
      { capacity: 'FARGATE', subnets: ['subnet-a'] },
    ])
  })
})

describe('requestFor', () => {
  const request = (capacity: string, more: Partial<TaskConfig> = {}, subnets = ['subnet-a']) =>
    requestFor(makePlan(task(more), params, origin), run, 'app', { capacity, subnets })

  it('is the whole of RunTask’s input but the token', () => {
    expect(request('FARGATE')).toEqual({
      cluster: 'analytics',
      taskDefinition: 'analyze:7',
      count: 1,
      startedBy: `taskhook/${run}`,
      launchType: 'FARGATE',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-a'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' },
      },
      overrides: { containerOverrides: [{ name: 'app', environment: makePlan(task(), params, origin).env }] },
      tags: [
        { key: 'taskhook:run', value: run },
        { key: 'taskhook:task', value: 'analyze' },
      ],
    })
  })

  it.each(['FARGATE_SPOT', 'my-provider'])('%s goes out as a strategy, since it excludes a launch type', (capacity) => {
    const made = request(capacity)
    expect(made.capacityProviderStrategy).toEqual([{ capacityProvider: capacity, weight: 1 }])
    expect(made).not.toHaveProperty('launchType')
  })

  it('FARGATE goes out as a launch type and no strategy', () => {
    expect(request('FARGATE')).not.toHaveProperty('capacityProviderStrategy')
  })

  it('passes on what the task sets, and nothing that it does not', () => {
    const made = request('FARGATE', {
      platformVersion: '1.4.0',
      cpu: '256',
      memory: '512',
      tags: { team: 'data' },
      assignPublicIp: 'ENABLED',
    })
    expect(made.platformVersion).toBe('1.4.0')
    expect(made.overrides).toMatchObject({ cpu: '256', memory: '512' })
    expect(made.tags).toContainEqual({ key: 'team', value: 'data' })
    expect(made.networkConfiguration.awsvpcConfiguration.assignPublicIp).toBe('ENABLED')
    const { securityGroups: _, ...bare } = task()
    const plain = requestFor(makePlan(bare, params, origin), run, 'app', { capacity: 'FARGATE', subnets: ['a'] })
    expect(plain.networkConfiguration.awsvpcConfiguration).not.toHaveProperty('securityGroups')
    expect(plain).not.toHaveProperty('platformVersion')
    expect(Object.keys(plain.overrides)).toEqual(['containerOverrides'])
  })

  it('does not let a task’s tag stand in for our own', () => {
    expect(request('FARGATE', { tags: { 'taskhook:run': 'forged' } }).tags).toContainEqual({
      key: 'taskhook:run',
      value: run,
    })
  })

  it('is the same to the byte for the same run, container and place', () => {
    expect(JSON.stringify(request('FARGATE'))).toBe(JSON.stringify(request('FARGATE')))
  })

  it('shares no list with the frozen config', () => {
    const frozen = Object.freeze(['subnet-a'])
    const made = requestFor(makePlan(task(), params, origin), run, 'app', { capacity: 'FARGATE', subnets: frozen })
    expect(made.networkConfiguration.awsvpcConfiguration.subnets).not.toBe(frozen)
  })
})

it('how long it may wait to be started is in the plan, and not in what ECS is asked', () => {
  const made = makePlan(task({ startWithin: 600 }), params, origin)
  expect(made.startWithin).toBe(600)
  expect(made.settings).not.toHaveProperty('startWithin')
  expect(makePlan(task(), params, origin)).not.toHaveProperty('startWithin')
})
