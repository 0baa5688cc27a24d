import { describe, expect, it } from 'vitest'
import { logConfigOf } from '../../../src/core/model/log-config.ts'

const options = {
  'awslogs-group': '/ecs/analyze',
  'awslogs-region': 'eu-west-1',
  'awslogs-stream-prefix': 'ecs',
}

describe('logConfigOf', () => {
  it('reads the options of awslogs', () => {
    expect(logConfigOf({ logDriver: 'awslogs', options })).toEqual({
      region: 'eu-west-1',
      group: '/ecs/analyze',
      prefix: 'ecs',
    })
  })
  it.each<readonly [string, unknown]>([
    ['no configuration', undefined],
    ['one without a driver', { options }],
    ['another driver', { logDriver: 'awsfirelens', options }],
    ['no options', { logDriver: 'awslogs' }],
    ...Object.keys(options).map(
      (name) => [`no ${name}`, { logDriver: 'awslogs', options: { ...options, [name]: undefined } }] as const,
    ),
  ])('is undefined with %s', (_name, config) => {
    expect(logConfigOf(config as Parameters<typeof logConfigOf>[0])).toBeUndefined()
  })
})
