import { describe, expect, it } from 'vitest'
import { parseReference } from '../../../src/core/aws/secret-reference.ts'

describe('parseReference', () => {
  it.each([
    ['env:SECRET', { kind: 'env', name: 'SECRET' }],
    ['env:_x9', { kind: 'env', name: '_x9' }],
    ['secretsmanager:taskhook/github', { kind: 'secretsmanager', id: 'taskhook/github', key: undefined }],
    ['secretsmanager:taskhook/github#webhook', { kind: 'secretsmanager', id: 'taskhook/github', key: 'webhook' }],
    [
      'secretsmanager:arn:aws:secretsmanager:eu-west-1:1:secret:x-AbCdEf#k',
      { kind: 'secretsmanager', id: 'arn:aws:secretsmanager:eu-west-1:1:secret:x-AbCdEf', key: 'k' },
    ],
  ])('reads %s', (text, reference) => {
    expect(parseReference(text)).toEqual(reference)
  })

  it.each([
    '',
    'SECRET',
    'env:',
    'env:9x',
    'env:A B',
    'env:A\n',
    ' env:A',
    'secretsmanager:',
    'secretsmanager:#k',
    'secretsmanager:a#',
    'secretsmanager:a#b#c',
    'secretsmanager:a b',
    'ssm:x',
    'ghp_abcdefghijklmnopqrstuvwxyz',
  ])('rejects %j', (text) => {
    expect(parseReference(text)).toBeUndefined()
  })
})
