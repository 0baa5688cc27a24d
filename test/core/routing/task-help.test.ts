import { describe, expect, it } from 'vitest'
import { taskHelp } from '../../../src/core/routing/task-help.ts'
import { task } from './plan-fixtures.ts'
import { route } from './route-fixtures.ts'

describe('taskHelp', () => {
  const dataset = { type: 'string', env: 'DATASET', default: 'sales' } as const
  const token = { type: 'string', env: 'TOKEN', secret: true, default: 's3cret' } as const

  it('lists the parameters that the route does not set', () => {
    const params = { dataset, depth: { type: 'integer', env: 'DEPTH' } as const }
    expect(taskHelp(route({ with: { depth: 3 } }), task({ params }))).toStrictEqual({
      task: 'analyze',
      params: { dataset },
    })
  })

  it('has the description of the task', () => {
    expect(taskHelp(route(), task({ params: {}, description: 'Looks into it' }))).toEqual({
      task: 'analyze',
      description: 'Looks into it',
      params: {},
    })
  })

  it('does not show the default of a secret parameter', () => {
    expect(taskHelp(route(), task({ params: { dataset, token } })).params).toEqual({
      dataset,
      token: { type: 'string', env: 'TOKEN', secret: true },
    })
  })
})
