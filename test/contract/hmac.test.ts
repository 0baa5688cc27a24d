import { hmac } from '../../src/adapters/hmac/index.ts'
import type { Json } from '../../src/core/adapter.ts'
import { mac, signBody, signStandard, signStripe } from '../support/sign.ts'
import { type Contract, describeAdapter, type Recording } from './suite.ts'

const adapter = (options: Record<string, Json>) =>
  hmac({ name: 'partner', adapter: 'hmac', secret: ['env:S'], tokens: {}, options })
const json = { 'content-type': 'application/json' }
const recordings: Contract['recordings'] = [
  {
    name: 'JSON',
    body: '{"type":"report.ready","dataset":"sales","note":"déploiement ✅"}',
    headers: { ...json, 'x-request-id': 'r1' },
  },
  { name: 'a list', body: '[1,2]', headers: json },
  {
    name: 'a form',
    body: 'dataset=sales&depth=3',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  },
]
const unreadable: Recording[] = [
  { name: 'broken JSON', body: '{"a":', headers: json },
  { name: 'an empty body', body: ' ', headers: json },
  { name: 'a broken escape', body: 'a=%zz', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  { name: 'bytes that are not UTF-8', body: Uint8Array.from([0x22, 0xff, 0x22]), headers: json },
]
const secrets = {
  current: 'the-current-secret-of-the-sender',
  previous: 'the-previous-secret',
  wrong: 'another-secret',
}
const whsec = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`
const common = { recordings, unreadable, secrets }

describeAdapter('hmac, standard-webhooks', {
  ...common,
  adapter: adapter({ scheme: 'standard-webhooks' }),
  secrets: { current: whsec('current'), previous: whsec('previous'), wrong: whsec('wrong') },
  sign: ({ body, name }, secret, seconds) => signStandard(body, secret, `msg_${name.replaceAll(' ', '_')}`, seconds),
  authHeaders: ['webhook-signature', 'webhook-id', 'webhook-timestamp'],
  tolerance: 300,
  deliveryKeyFrom: 'signed-data',
})

describeAdapter('hmac, stripe', {
  ...common,
  adapter: adapter({ scheme: 'stripe' }),
  sign: ({ body }, secret, seconds) => signStripe(body, secret, seconds),
  authHeaders: ['stripe-signature'],
  tolerance: 300,
  signatureList: true,
  deliveryKeyFrom: 'signed-data',
})

describeAdapter('hmac, shopify', {
  ...common,
  adapter: adapter({ scheme: 'shopify' }),
  sign: ({ body }, secret) => signBody(body, 'x-shopify-hmac-sha256', '', { key: secret, encoding: 'base64' }),
  authHeaders: ['x-shopify-hmac-sha256'],
  deliveryKeyFrom: 'idempotency-key',
})

describeAdapter('hmac, pagerduty', {
  ...common,
  adapter: adapter({ scheme: 'pagerduty' }),
  sign: ({ body }, secret) => signBody(body, 'x-pagerduty-signature', 'v1=', { key: secret }),
  authHeaders: ['x-pagerduty-signature'],
  signatureList: true,
  deliveryKeyFrom: 'idempotency-key',
})

describeAdapter('hmac, gitlab', {
  ...common,
  adapter: adapter({ scheme: 'gitlab' }),
  sign: (_, secret) => ({ 'x-gitlab-token': secret }),
  authHeaders: ['x-gitlab-token'],
  sendsSecret: true,
  deliveryKeyFrom: 'idempotency-key',
})

describeAdapter('hmac, a custom scheme', {
  ...common,
  adapter: adapter({
    scheme: {
      header: 'X-Acme-Signature',
      algorithm: 'sha512',
      encoding: 'base64',
      prefix: 'acme ',
      signed: 'v2|{timestamp}|{body}',
      timestamp: { header: 'X-Acme-Time', unit: 'ms', tolerance: 60 },
      secret: 'base64',
    },
    event: { body: 'type' },
  }),
  secrets: {
    current: Buffer.from('current key').toString('base64'),
    previous: Buffer.from('previous key').toString('base64'),
    wrong: Buffer.from('wrong key').toString('base64'),
  },
  sign: ({ body }, secret, seconds) => ({
    'x-acme-time': String(seconds * 1000),
    'x-acme-signature': `acme ${mac({ algorithm: 'sha512', encoding: 'base64', key: Buffer.from(secret, 'base64') }, `v2|${seconds * 1000}|`, body)}`,
  }),
  authHeaders: ['x-acme-signature', 'x-acme-time'],
  tolerance: 60,
  deliveryKeyFrom: 'signed-data',
})
