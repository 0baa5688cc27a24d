import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { placeholderSecret, replaceSecretReferences } from '../../src/local/local-secrets.ts'

const config = compileConfig(
  `
sources:
  github: { adapter: github, secret: ["secretsmanager:gh#hook", "env:OLD"], token: "secretsmanager:gh#token" }
  shop: { adapter: hmac, scheme: stripe, secret: "env:SHOP" }
  again: { adapter: hmac, scheme: stripe, secret: "secretsmanager:gh#hook" }
tasks:
  t: { cluster: c, taskDefinition: t, container: app, subnets: [s] }
routes:
  - { on: shop, run: t }
`,
  builtinSpecs,
)

describe('placeholderSecret', () => {
  it('is the same each time for a reference, and different for another one', () => {
    expect(placeholderSecret('secretsmanager:a')).toBe(placeholderSecret('secretsmanager:a'))
    expect(placeholderSecret('secretsmanager:a')).not.toBe(placeholderSecret('secretsmanager:a#key'))
  })

  it('has the form of Standard Webhooks: whsec_, and base64 of 32 bytes', () => {
    const [, base64 = ''] = /^whsec_(.+)$/.exec(placeholderSecret('secretsmanager:a')) ?? []
    const bytes = Buffer.from(base64, 'base64')
    expect(bytes).toHaveLength(32)
    expect(bytes.toString('base64')).toBe(base64)
  })

  it('is hex if the scheme of its source needs that', () => {
    const source = { name: 'shop', adapter: 'hmac', secret: [], tokens: {}, options: { scheme: 'adyen' } }
    expect(placeholderSecret('secretsmanager:a', source)).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('localiseSecrets', () => {
  it('replaces each secretsmanager: reference by one variable, and keeps env: references', async () => {
    const local = await replaceSecretReferences(config)
    expect(local.replacedReferences).toEqual(['secretsmanager:gh#hook', 'secretsmanager:gh#token'])
    const [hook, token] = ['env:TASKHOOK_LOCAL_SECRET_0', 'env:TASKHOOK_LOCAL_SECRET_1']
    expect(local.config.sources).toMatchObject({
      github: { secret: [hook, 'env:OLD'], tokens: { token: [token] } },
      shop: { secret: ['env:SHOP'] },
      again: { secret: [hook] },
    })
    expect(local.env).toEqual({
      TASKHOOK_LOCAL_SECRET_0: placeholderSecret('secretsmanager:gh#hook'),
      TASKHOOK_LOCAL_SECRET_1: placeholderSecret('secretsmanager:gh#token'),
    })
  })

  it('does not change the config that it is given', async () => {
    const before = JSON.stringify(config)
    await replaceSecretReferences(config)
    expect(JSON.stringify(config)).toBe(before)
  })

  it('requests the value of each reference once in live mode', async () => {
    const requested: string[] = []
    const { env } = await replaceSecretReferences(config, async (reference) => {
      requested.push(reference)
      return `value of ${reference}`
    })
    expect(requested).toEqual(['secretsmanager:gh#hook', 'secretsmanager:gh#token'])
    expect(Object.values(env)).toEqual(requested.map((reference) => `value of ${reference}`))
  })

  it('fails if a value cannot be read', async () => {
    await expect(replaceSecretReferences(config, () => Promise.reject(new Error('no access')))).rejects.toThrow(
      'no access',
    )
  })
})
