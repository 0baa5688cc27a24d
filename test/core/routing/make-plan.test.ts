import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../src/core/model/param.ts'
import { nameOfGroup } from '../../../src/core/model/run.ts'
import { makePlan } from '../../../src/core/routing/make-plan.ts'
import { placesOf } from '../../../src/core/routing/places.ts'
import { requestFor } from '../../../src/core/routing/run-task-input.ts'
import { context, params, run, task } from './plan-fixtures.ts'

describe('makePlan', () => {
  it('gives the container the declared parameters in the order of their declaration, then the origin', () => {
    expect(makePlan(task(), params, context).env).toEqual([
      { name: 'DATASET', value: 'sales' },
      { name: 'DEPTH', value: '3' },
      { name: 'DRY_RUN', value: 'false' },
      { name: 'TASKHOOK_RUN_ID', value: run },
      { name: 'TASKHOOK_SOURCE', value: 'github' },
      { name: 'TASKHOOK_EVENT', value: 'push' },
      { name: 'TASKHOOK_ACTOR', value: 'ann' },
    ])
  })

  it('omits parameters without a value or a declaration', () => {
    const names = makePlan(task(), { depth: 3, evil: 'x', __proto__: { dataset: 'inherited' } } as never, context).env
    expect(names.map(({ name }) => name)).toEqual([
      'DEPTH',
      'TASKHOOK_RUN_ID',
      'TASKHOOK_SOURCE',
      'TASKHOOK_EVENT',
      'TASKHOOK_ACTOR',
    ])
  })

  it('keeps only what a start needs of the task', () => {
    const plan = makePlan(task({ description: 'd', timeout: 60, local: { command: ['x'] } }), params, context)
    expect(Object.keys(plan).sort()).toEqual(['container', 'env', 'params', 'route', 'settings', 'task', 'timeout'])
    expect(Object.keys(plan.settings)).not.toEqual(
      expect.arrayContaining(['params', 'local', 'description', 'timeout']),
    )
    expect(plan).toMatchObject({ task: 'analyze', route: 'github/analyze', container: 'app', timeout: 60, params })
  })

  it('gives the same bytes for the same input, whatever the order of the parameters', () => {
    const reordered = { dataset: 'sales', depth: 3, dry: false }
    expect(JSON.stringify(makePlan(task(), params, context).env)).toBe(
      JSON.stringify(makePlan(task(), reordered, context).env),
    )
    expect(JSON.stringify(makePlan(task(), params, context))).toBe(JSON.stringify(makePlan(task(), params, context)))
  })

  it('is the same after it was stored', () => {
    const plan = makePlan(task(), params, context)
    const stored = JSON.parse(JSON.stringify(plan))
    const [place] = placesOf(plan)
    expect(place && requestFor(stored, run, 'app', place)).toEqual(place && requestFor(plan, run, 'app', place))
  })
})

describe('a plan', () => {
  it('keeps the route’s fingerprint and its approval, if there are any', () => {
    const approval = { from: ['U1'], expires: 60 }
    expect(makePlan(task(), params, { ...context, routeFingerprint: 'f00d', approval })).toMatchObject({
      routeIs: 'f00d',
      approval,
    })
    const plain = makePlan(task(), params, { ...context, routeFingerprint: undefined, approval: undefined })
    expect(plain).not.toHaveProperty('routeIs')
    expect(plain).not.toHaveProperty('approval')
  })

  it('lists the secret parameters', () => {
    const password = { type: 'string', env: 'PASSWORD', secret: true } as const
    const pin = { type: 'integer', env: 'PIN', secret: false } as const
    const declared = { ...task().params, password, pin }
    expect(makePlan(task({ params: declared }), params, context).hidden).toEqual(['password'])
    expect(makePlan(task(), params, context)).not.toHaveProperty('hidden')
  })
})

it('startWithin is part of the plan but not of its settings', () => {
  const made = makePlan(task({ startWithin: 600 }), params, context)
  expect(made.startWithin).toBe(600)
  expect(made.settings).not.toHaveProperty('startWithin')
  expect(makePlan(task(), params, context)).not.toHaveProperty('startWithin')
})

describe('the concurrency slot of a run', () => {
  const slotOf = (group: string, values: ParamValues = params) =>
    makePlan(task({ concurrency: { group, limit: 2, whenFull: 'reject' } }), values, context).concurrency

  it('belongs to the group that the parameters name', () => {
    expect(slotOf('set ${params.dataset}')).toEqual({
      name: `analyze/${nameOfGroup('set sales')}`,
      label: 'set sales',
      limit: 2,
      whenFull: 'reject',
    })
    expect(makePlan(task(), params, context)).not.toHaveProperty('concurrency')
  })

  it('belongs to the whole task if the group is empty or its parameter was not given', () => {
    const whole = { name: `analyze/${nameOfGroup('')}`, label: '' }
    expect(slotOf('')).toMatchObject(whole)
    expect(slotOf('${params.dataset}', { depth: 3 })).toMatchObject(whole)
  })

  it('has a short name even for long values, and differs for different ones', () => {
    const [one, other] = ['a', 'b'].map((end) => slotOf('${params.dataset}', { dataset: 'x'.repeat(5000) + end }))
    expect(one?.label).toBe('x'.repeat(60))
    expect(slotOf('${params.dataset}', { dataset: `${'x'.repeat(59)}😀😀` })?.label).toBe(`${'x'.repeat(59)}😀`)
    expect(one?.name).toHaveLength('analyze/'.length + 32)
    expect(one?.name).not.toBe(other?.name)
  })
})
