import { describe, expect, it } from 'vitest'
import type { TaskConfig } from '../../../src/core/model/config.ts'
import { makePlan } from '../../../src/core/routing/make-plan.ts'
import { requestFor } from '../../../src/core/routing/run-task-input.ts'
import { context, params, run, task } from './plan-fixtures.ts'

describe('requestFor', () => {
  const request = (capacity: string, more: Partial<TaskConfig> = {}, subnets = ['subnet-a']) =>
    requestFor(makePlan(task(more), params, context), run, 'app', { capacity, subnets })

  it('is the whole input of RunTask except the client token', () => {
    expect(request('FARGATE')).toEqual({
      cluster: 'analytics',
      taskDefinition: 'analyze:7',
      count: 1,
      startedBy: `taskhook/${run}`,
      launchType: 'FARGATE',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-a'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' },
      },
      overrides: { containerOverrides: [{ name: 'app', environment: makePlan(task(), params, context).env }] },
      tags: [
        { key: 'taskhook:run', value: run },
        { key: 'taskhook:task', value: 'analyze' },
      ],
    })
  })

  it.each(['FARGATE_SPOT', 'my-provider'])(
    '%s is sent as a capacity provider strategy without a launch type',
    (capacity) => {
      const made = request(capacity)
      expect(made.capacityProviderStrategy).toEqual([{ capacityProvider: capacity, weight: 1 }])
      expect(made).not.toHaveProperty('launchType')
    },
  )

  it('FARGATE is sent as a launch type without a strategy', () => {
    expect(request('FARGATE')).not.toHaveProperty('capacityProviderStrategy')
  })

  it('contains only the optional settings that the task has', () => {
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
    const plain = requestFor(makePlan(bare, params, context), run, 'app', { capacity: 'FARGATE', subnets: ['a'] })
    expect(plain.networkConfiguration.awsvpcConfiguration).not.toHaveProperty('securityGroups')
    expect(plain).not.toHaveProperty('platformVersion')
    expect(Object.keys(plain.overrides)).toEqual(['containerOverrides'])
  })

  it('overrides a tag of the task with the name of our own', () => {
    expect(request('FARGATE', { tags: { 'taskhook:run': 'forged' } }).tags).toContainEqual({
      key: 'taskhook:run',
      value: run,
    })
  })

  it('has the same bytes for the same run, container and place', () => {
    expect(JSON.stringify(request('FARGATE'))).toBe(JSON.stringify(request('FARGATE')))
  })

  it('shares no list with the frozen config', () => {
    const frozen = Object.freeze(['subnet-a'])
    const made = requestFor(makePlan(task(), params, context), run, 'app', { capacity: 'FARGATE', subnets: frozen })
    expect(made.networkConfiguration.awsvpcConfiguration.subnets).not.toBe(frozen)
  })
})
