import { describe, expect, it } from 'vitest'
import { Unprocessable } from '../../../src/core/errors.ts'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import type { Trigger } from '../../../src/core/model/trigger.ts'
import { planRunsInTime } from '../../../src/core/routing/plan-in-time.ts'
import { task } from './plan-fixtures.ts'
import { route, trigger } from './route-fixtures.ts'

/** Takes n² steps, but iterates, so it is not known to be cheap. */
const slow = 'event.a.all(x, event.a.all(y, x == y))'
const items = (count: number) => trigger({}, { a: Array.from({ length: count }, () => 'x') })
const plan = (config: Partial<RouteConfig>, of: Trigger = trigger()) =>
  planRunsInTime(
    [route(config), route({ id: 'other', on: 'slack', if: slow })],
    new Map([['analyze', task()]]),
    {
      ...{ source: 'github', trigger: of, deliveryKey: 'k', origin: 'https://o' },
      ...{ now: 0, help: false },
    },
    100,
  ).result

/** Whether the route was matched by a script that Node can stop. */
function isUnderBudget(config: Partial<RouteConfig>): boolean {
  let stack = ''
  const asked = {
    ...trigger(),
    get facts() {
      stack ||= new Error('matched').stack ?? ''
      return {}
    },
  }
  plan(config, asked)
  return stack.includes('runInContext')
}

describe('planRunsInTime', () => {
  it('needs the budget only for routes of the source that may be expensive', () => {
    expect(isUnderBudget({ if: slow })).toBe(true)
    expect(isUnderBudget({ if: 'source == "github"' })).toBe(false)
  })

  it('plans routes that are cheap to match', () => {
    expect(plan({})).toMatchObject({ kind: 'runs', runs: [{ plan: { task: 'analyze' } }] })
  })

  it('plans routes that may be expensive, if they are done in time', () => {
    expect(plan({ if: slow }, items(2))).toMatchObject({ kind: 'runs' })
  })

  it('throws an Unprocessable after 500 ms', () => {
    expect(() => plan({ if: slow }, items(20_000))).toThrow(Unprocessable)
    expect(() => plan({ if: slow }, items(20_000))).toThrow(expect.objectContaining({ problems: [] }))
    expect(() => plan({ if: slow }, items(20_000))).toThrow(
      /^matching the routes took longer than 500 ms, so nothing was started\. Send a smaller payload/,
    )
  })

  it('passes on other errors', () => {
    expect(() => plan({ run: 'gone', if: slow }, items(1))).toThrow('route r runs gone, which is not in the config')
  })
})
