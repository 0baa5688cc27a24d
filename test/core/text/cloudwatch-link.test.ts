import { describe, expect, it } from 'vitest'
import { logConfigOf } from '../../../src/core/model/log-config.ts'
import { logUrlOf } from '../../../src/core/text/cloudwatch-link.ts'

const options = {
  'awslogs-group': '/ecs/analyze',
  'awslogs-region': 'eu-west-1',
  'awslogs-stream-prefix': 'ecs',
}

describe('where lines go', () => {
  it('is read from awslogs', () => {
    expect(logConfigOf({ logDriver: 'awslogs', options })).toEqual({
      region: 'eu-west-1',
      group: '/ecs/analyze',
      prefix: 'ecs',
    })
  })
  it.each<readonly [string, unknown]>([
    ['no configuration at all', undefined],
    ['one without a driver', { options }],
    ['another driver', { logDriver: 'awsfirelens', options }],
    ['no options', { logDriver: 'awslogs' }],
    ...Object.keys(options).map(
      (name) => [`no ${name}`, { logDriver: 'awslogs', options: { ...options, [name]: undefined } }] as const,
    ),
  ])('is not known with %s', (_name, config) => {
    expect(logConfigOf(config as Parameters<typeof logConfigOf>[0])).toBeUndefined()
  })
})

describe('the page in the console', () => {
  const id = '0123456789abcdef0123456789abcdef'
  const urlOf = (arn: string, group = '/ecs/analyze', prefix = 'ecs', region = 'eu-west-1') =>
    logUrlOf({ region, group, prefix }, 'app', arn)

  it('names group and stream as the console writes them', () => {
    expect(urlOf(`arn:aws:ecs:eu-west-1:123456789012:task/main/${id}`)).toBe(
      `https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fecs$252Fanalyze/log-events/ecs$252Fapp$252F${id}`,
    )
  })
  it('is found with a task ARN of the old form, which has no cluster', () => {
    expect(urlOf(`arn:aws:ecs:eu-west-1:123456789012:task/${id}`)).toMatch(new RegExp(`/ecs\\$252Fapp\\$252F${id}$`))
  })
  it.each([
    ['arn:aws-cn', 'cn-north-1', 'cn-north-1.console.amazonaws.cn'],
    ['arn:aws-us-gov', 'us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
    ['arn:aws-iso', 'us-iso-east-1', 'us-iso-east-1.console.aws.amazon.com'],
  ])('of %s is on its own host', (partition, region, host) => {
    const arn = `${partition}:ecs:${region}:123456789012:task/main/${id}`
    expect(new URL(urlOf(arn, '/ecs/a', 'ecs', region)).host).toBe(host)
  })
  it('is of the region that the lines go to, which need not be the task’s', () => {
    const url = new URL(urlOf(`arn:aws:ecs:eu-west-1:123456789012:task/main/${id}`, 'g', 'p', 'us-east-1'))
    expect(url.host).toBe('us-east-1.console.aws.amazon.com')
    expect(url.searchParams.get('region')).toBe('us-east-1')
  })
  it('can be read back, whatever a group or a prefix is called', () => {
    const [group, prefix] = ['/aws/a b#1_.-', 'a/b (c)|d']
    const url = urlOf(`arn:aws:ecs:eu-west-1:123456789012:task/main/${id}`, group, prefix)
    expect(url).not.toMatch(/[\s|<>%]/)
    const [, ...parts] = /log-group\/([^/]*)\/log-events\/([^/]*)$/.exec(url) ?? []
    expect(parts.map((part) => decodeURIComponent(decodeURIComponent(part.replaceAll('$', '%'))))).toEqual([
      group,
      `${prefix}/app/${id}`,
    ])
  })
})
