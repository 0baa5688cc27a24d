import { describe, expect, it } from 'vitest'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import { computeParams } from '../../../src/core/routing/computed-params.ts'
import { route, trigger } from './route-fixtures.ts'

describe('computeParams', () => {
  const compute = (given: RouteConfig['with'], payload: unknown = {}) => ({
    ...computeParams(route(given === undefined ? {} : { with: given }), 'github', trigger({}, payload)),
  })

  it('evaluates texts and keeps other literals', () => {
    const given = { a: '${event.x}', b: 'v${event.x}', c: 3, d: true, e: 'plain', f: '${event.absent}' }
    expect(compute(given, { x: 1 })).toEqual({ a: 1, b: 'v1', c: 3, d: true, e: 'plain', f: undefined })
  })

  it('is empty if the route has no "with"', () => {
    expect(compute(undefined)).toEqual({})
  })

  it('names the parameter whose expression fails', () => {
    const call = () => compute({ a: '1', b: '${event.x - 1}' }, { x: 'text' })
    expect(call).toThrow(/^with\.b: no such overload/)
    expect(call).toThrow(expect.objectContaining({ cause: expect.any(Error) }))
  })

  it('reads nothing from a __proto__ key of the payload', () => {
    const payload = JSON.parse('{"__proto__": {"x": "evil"}}')
    expect(compute({ a: '${event.x}' }, payload)).toEqual({ a: undefined })
  })
})
