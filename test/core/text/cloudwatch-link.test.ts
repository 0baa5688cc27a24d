import { describe, expect, it } from 'vitest'
import { logUrlOf } from '../../../src/core/text/cloudwatch-link.ts'

describe('logUrlOf', () => {
  const id = '0123456789abcdef0123456789abcdef'
  const urlOf = (arn: string, group = '/ecs/analyze', prefix = 'ecs', region = 'eu-west-1') =>
    logUrlOf({ region, group, prefix }, 'app', arn)

  it('encodes group and stream as the console does', () => {
    expect(urlOf(`arn:aws:ecs:eu-west-1:123456789012:task/main/${id}`)).toBe(
      `https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fecs$252Fanalyze/log-events/ecs$252Fapp$252F${id}`,
    )
  })
  it('accepts a task ARN of the old form, without a cluster', () => {
    expect(urlOf(`arn:aws:ecs:eu-west-1:123456789012:task/${id}`)).toMatch(new RegExp(`/ecs\\$252Fapp\\$252F${id}$`))
  })
  it.each([
    ['arn:aws-cn', 'cn-north-1', 'cn-north-1.console.amazonaws.cn'],
    ['arn:aws-us-gov', 'us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
    ['arn:aws-iso', 'us-iso-east-1', 'us-iso-east-1.console.aws.amazon.com'],
  ])('of %s uses the host of that partition', (partition, region, host) => {
    const arn = `${partition}:ecs:${region}:123456789012:task/main/${id}`
    expect(new URL(urlOf(arn, '/ecs/a', 'ecs', region)).host).toBe(host)
  })
  it('uses the region of the log, which may differ from the region of the task', () => {
    const url = new URL(urlOf(`arn:aws:ecs:eu-west-1:123456789012:task/main/${id}`, 'g', 'p', 'us-east-1'))
    expect(url.host).toBe('us-east-1.console.aws.amazon.com')
    expect(url.searchParams.get('region')).toBe('us-east-1')
  })
  it('can be decoded, whatever the names of group and prefix', () => {
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
