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
