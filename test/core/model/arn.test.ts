import { describe, expect, it } from 'vitest'
import { arnOf } from '../../../src/core/model/arn.ts'

describe('arnOf', () => {
  it('splits an ARN; the resource may contain colons', () => {
    expect(arnOf('arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/a:7')).toEqual({
      partition: 'aws-cn',
      service: 'ecs',
      region: 'cn-north-1',
      account: '123456789012',
      resource: 'task-definition/a:7',
    })
  })

  it('accepts an empty region and account', () => {
    expect(arnOf('arn:aws:iam::123456789012:role/x')).toMatchObject({ region: '', account: '123456789012' })
    expect(arnOf('arn:aws:s3:::bucket')).toMatchObject({ region: '', account: '', resource: 'bucket' })
  })

  it.each([
    'analytics',
    '',
    'arn:',
    'arn:aws:ecs:eu-west-1:1',
    'arn:aws:ecs:eu-west-1:1:',
    'arn::ecs:r:1:x',
    'arn:aws::r:1:x',
    'urn:aws:ecs:r:1:x',
    ' arn:a:b:c:d:e',
  ])('is undefined for %j', (text) => expect(arnOf(text)).toBeUndefined())
})
