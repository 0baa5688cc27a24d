import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { signStandardWebhook } from '../../../src/core/http/standard-webhooks.ts'

it('signs like the example in the Standard Webhooks specification', () => {
  const payload = '{"event_type":"ping","data":{"success":true}}'
  const id = 'msg_loFOjxBNrRLzqYUf'
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': '1731705121',
    'webhook-signature': 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
  }
  expect(signStandardWebhook(payload, 'whsec_plJ3nmyCDGBKInavdOK15jsl', id, 1731705121)).toEqual(signed)
  expect(signStandardWebhook(payload, 'plJ3nmyCDGBKInavdOK15jsl', id, 1731705121)).toEqual(signed)
})

it('removes whsec_ only from the beginning of the secret: base64 may contain it', () => {
  const value = 'MDEyMzQ1whsec_Njc4OWFiY2RlZg=='
  const signature = createHmac('sha256', Buffer.from(value, 'base64')).update('m.1.{}').digest('base64')
  for (const secret of [value, `whsec_${value}`])
    expect(signStandardWebhook('{}', secret, 'm', 1)).toMatchObject({ 'webhook-signature': `v1,${signature}` })
})
