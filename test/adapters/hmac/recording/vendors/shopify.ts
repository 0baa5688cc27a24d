/** Shopify has two families of webhooks, whose headers have different names. */
import { mac } from '../../../../support/sign.ts'
import { body, by, note, text } from '../packages.ts'
import type { Sender } from '../recorder.ts'

/** @param require loads a package from the folder in which they are installed */
export function shopify(require: NodeJS.Require): readonly Sender[] {
  require('@shopify/shopify-api/adapters/node')
  const { shopifyApi, ApiVersion } = require('@shopify/shopify-api')
  const api = shopifyApi({
    apiKey: 'made-up',
    apiSecretKey: text,
    apiVersion: Object.values(ApiVersion)[0],
    hostName: 'example.com',
    isEmbeddedApp: false,
    logger: { log: () => {} },
  })
  const family = (name: string, prefix: string, ids: (id: string) => Readonly<Record<string, string>>): Sender => ({
    name,
    event: 'orders/paid',
    by: by('@shopify/shopify-api'),
    how: 'signed by its rule, confirmed by webhooks.validate',
    scheme: 'shopify',
    secret: text,
    send: ({ id }) => {
      const sent = body({ id: 820_982_911, note })
      return {
        headers: {
          [`${prefix}hmac-sha256`]: mac({ key: text, encoding: 'base64' }, sent),
          [`${prefix}topic`]: 'orders/paid',
          [`${prefix}shop-domain`]: 'made-up.myshopify.com',
          [`${prefix}api-version`]: '2026-01',
          ...ids(id),
        },
        body: sent,
      }
    },
    confirm: async ({ headers, body: rawBody }) => {
      const rawRequest = { method: 'POST', url: '/', headers }
      return (await api.webhooks.validate({ rawBody, rawRequest })).valid
    },
  })
  return [
    family('Shopify', 'x-shopify-', (id) => ({
      'x-shopify-webhook-id': `b54557e4-bdd9-4b37-8a5f-bf7d70bc${id}`,
      'x-shopify-event-id': `98880550-7158-44d4-b7cd-2c97c8a0${id}`,
    })),
    family('Shopify, Events', 'shopify-', (id) => ({ 'shopify-webhook-id': `b54557e4-bdd9-4b37-8a5f-bf7d70bc${id}` })),
  ]
}
