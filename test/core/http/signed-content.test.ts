import { describe, expect, it } from 'vitest'
import { Unauthorized } from '../../../src/core/errors.ts'
import { verifySignature } from '../../../src/core/http/signature.ts'
import type { SignatureScheme } from '../../../src/core/http/signature-scheme.ts'
import { requestOf } from '../../contract/request.ts'
import { mac } from '../../support/sign.ts'
import { body, idScheme, now, seconds, secret, timestampScheme } from './signature-examples.ts'

describe('a signed id that contains a delimiter of the template', () => {
  const verify = (template: string, id: string) => () => {
    const text = template.replace('{id}', id).replace('{timestamp}', String(seconds)).replace('{body}', body)
    const headers = { 'x-id': id, 'x-time': String(seconds), 'x-signature': `v1=${mac({ key: secret }, text)}` }
    return verifySignature({ ...idScheme, signed: template }, requestOf(body, headers), [secret], now)
  }

  it.each([
    ['{id}.{timestamp}.{body}', 'a', true],
    ['{id}.{timestamp}.{body}', 'a.b', false],
    ['{timestamp}.{id}', 'a', true],
    ['{timestamp}.{id}', 'a.b', false],
    ['{timestamp}.{id}:{body}', 'a', true],
    ['{timestamp}.{id}:{body}', 'a.b', false],
    ['{timestamp}.{id}:{body}', 'a:b', false],
    ['v0:{id}.{body}', 'a', true],
    ['v0:{id}.{body}', 'av0:', false],
    ['v0:{id}.{body}', 'a.b', false],
    ['{timestamp}.{id};', 'a', true],
    ['{timestamp}.{id};', 'a;', false],
    ['{id}', 'a.b', true],
    ['{id}{body}', 'a', false],
    ['{body}{id}', 'a', false],
    ['{timestamp}{id}.{body}', 'a', false],
  ])('%s with the id %j is accepted: %s', (template, id, accepted) => {
    if (accepted) expect(verify(template, id)().deliveryKey).toBe(`id:${id}`)
    else expect(verify(template, id)).toThrow(Unauthorized)
  })
})

it('a timestamp needs no delimiter, since it contains only digits', () => {
  const scheme: SignatureScheme = { ...timestampScheme, signed: '{timestamp}{body}' }
  const headers = { 'x-signature': `t=${seconds},v1=${mac({ key: secret }, String(seconds), body)}` }
  expect(verifySignature(scheme, requestOf(body, headers), [secret], now).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
})
