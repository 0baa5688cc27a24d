import { describe, expect, it } from 'vitest'
import { markVerified } from '../../../src/core/http/verified-request.ts'
import { requestOf } from '../../contract/request.ts'

describe('markVerified', () => {
  const request = requestOf('{}', { 'x-a': '1' })

  it('takes the SHA-256 of signed bytes as the delivery key', () => {
    expect(markVerified(request, Buffer.from('abc')).deliveryKey).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it('takes a signed id as it is, and nothing if there is none', () => {
    expect(markVerified(request, 'abc').deliveryKey).toBe('abc')
    expect(markVerified(request, undefined).deliveryKey).toBeUndefined()
  })

  it('keeps all of the request', () => {
    expect(markVerified(request, 'abc')).toEqual({ ...request, deliveryKey: 'abc' })
  })
})
