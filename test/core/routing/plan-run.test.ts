import { describe, expect, it } from 'vitest'
import type { RouteConfig, TaskConfig } from '../../../src/core/model/config.ts'
import type { RawParams, Trigger } from '../../../src/core/model/trigger.ts'
import { type Delivery, planRun } from '../../../src/core/routing/plan-run.ts'
import { fingerprintOf } from '../../../src/core/routing/route-of-run.ts'
import { task } from './plan-fixtures.ts'
import { route, trigger } from './route-fixtures.ts'

const params: TaskConfig['params'] = {
  dataset: { type: 'string', env: 'DATASET', required: true },
  region: { type: 'string', env: 'REGION', required: true },
}
const typed = (text: string): RawParams => ({ kind: 'text', text })
const plan = (config: Partial<RouteConfig>, of: Partial<Trigger>, more: Partial<Delivery> = {}) =>
  planRun(route(config), task({ params }), {
    ...{ source: 'github', trigger: { ...trigger(), ...of }, deliveryKey: 'k', origin: 'https://o', now: 7 },
    ...{ help: false, ...more },
  })

describe('a planned run', () => {
  const rawParams = typed('dataset=sales region=eu')

  it('keeps the trace and the repository, if there are any', () => {
    const trace = { parent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
    expect(plan({}, { rawParams, facts: { repository: 'acme/site' } }, { trace })).toMatchObject({
      kind: 'run',
      run: { trace, repository: 'acme/site' },
    })
    const plain = plan({}, { rawParams })
    expect(plain).not.toHaveProperty('run.trace')
    expect(plain).not.toHaveProperty('run.repository')
  })

  it('passes the trace on to the container', () => {
    const trace = { parent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
    expect(plan({}, { rawParams }, { trace })).toMatchObject({
      run: { plan: { env: expect.arrayContaining([{ name: 'TRACEPARENT', value: trace.parent }]) } },
    })
  })

  it('keeps the fingerprint of its route, and the approval that it needs', () => {
    const approval = { from: ['U1'], expires: 60 }
    expect(plan({ approval }, { rawParams })).toMatchObject({
      run: { plan: { approval, routeIs: fingerprintOf(route({ approval }).config) } },
    })
  })

  it('ignores the keys of the payload if the route has a "with"', () => {
    const values = { dataset: 'evil', region: 'evil', other: 'x' }
    const given = { dataset: 'sales', region: 'eu' }
    expect(plan({ with: given }, { rawParams: { kind: 'object', values, textual: false } })).toMatchObject({
      run: { plan: { params: given } },
    })
  })

  it('takes what a person types even if the route has a "with"', () => {
    expect(plan({ with: { dataset: 'sales' } }, { rawParams: typed('region=eu') })).toMatchObject({
      run: { plan: { params: { dataset: 'sales', region: 'eu' } } },
    })
  })
})

it('an error of the plan that is not about its size is passed on', () => {
  const concurrency = { group: '${params.dataset - 1}', limit: 1, whenFull: 'reject' } as const
  const delivery = { source: 'github', trigger: { ...trigger(), rawParams: typed('dataset=sales region=eu') } }
  expect(() =>
    planRun(route(), task({ params, concurrency }), {
      ...{ ...delivery, deliveryKey: 'k', origin: 'https://o' },
      ...{ now: 7, help: false },
    }),
  ).toThrow(/no such overload/)
})

it.each<[Partial<Trigger>]>([[{ bodyHash: 'h' }], [{}]])(
  'keeps the hash of a body whose sender chose the key: %o',
  (more) => {
    const planned = plan({}, { rawParams: typed('dataset=sales region=eu'), ...more })
    expect(planned.kind === 'run' && planned.run.bodyHash).toBe(more.bodyHash)
  },
)

describe('a refused run', () => {
  it('says which parameters a form may ask for, if the only problem is that they are missing', () => {
    expect(plan({}, { rawParams: typed('dataset=sales') })).toEqual({
      kind: 'refused',
      status: 422,
      title: 'analyze: a parameter is wrong',
      problems: [{ path: 'region', message: expect.stringContaining('is missing') }],
      task: 'analyze',
      missing: { task: 'analyze', params },
    })
  })

  it('asks only for what the route does not set', () => {
    expect(plan({ with: { dataset: 'sales' } }, {})).toMatchObject({
      missing: { params: { region: params.region } },
    })
  })

  it.each<[string, Partial<RouteConfig>, RawParams]>([
    ['another parameter is wrong', {}, typed('dataset=sales other=1')],
    ['the route should have set it', { with: { dataset: '${event.absent}' } }, { kind: 'none' }],
  ])('asks for nothing if %s', (_, config, rawParams) => {
    const refused = plan(config, { rawParams })
    expect(refused).toMatchObject({ kind: 'refused', title: 'analyze: parameters are wrong' })
    expect(refused).not.toHaveProperty('missing')
  })

  it('names the route whose expression fails', () => {
    expect(plan({ with: { dataset: '${1 / int(event.zero)}' } }, { payload: { zero: 0 } })).toMatchObject({
      title: 'analyze: a parameter could not be computed',
      problems: [{ path: 'r', message: 'with.dataset: division by zero' }],
    })
  })
})
