import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { localiseSecrets, standInFor } from '../../src/local/placeholder-secrets.ts'

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

describe('a stand-in', () => {
  it('is the same each time, and another for another reference', () => {
    expect(standInFor('secretsmanager:a')).toBe(standInFor('secretsmanager:a'))
    expect(standInFor('secretsmanager:a')).not.toBe(standInFor('secretsmanager:a#key'))
  })

  it('has a form that every scheme can take: whsec_, and base64 of 32 bytes', () => {
    const [, base64 = ''] = /^whsec_(.+)$/.exec(standInFor('secretsmanager:a')) ?? []
    const bytes = Buffer.from(base64, 'base64')
    expect(bytes).toHaveLength(32)
    expect(bytes.toString('base64')).toBe(base64)
  })
})

describe('localiseSecrets', () => {
  it('turns every secretsmanager: reference into a variable, one for each, and leaves env: alone', async () => {
    const local = await localiseSecrets(config)
    expect(local.replaced).toEqual(['secretsmanager:gh#hook', 'secretsmanager:gh#token'])
    const [hook, token] = ['env:TASKHOOK_LOCAL_SECRET_0', 'env:TASKHOOK_LOCAL_SECRET_1']
    expect(local.config.sources).toMatchObject({
      github: { secret: [hook, 'env:OLD'], tokens: { token: [token] } },
      shop: { secret: ['env:SHOP'] },
      again: { secret: [hook] },
    })
    expect(local.env).toEqual({
      TASKHOOK_LOCAL_SECRET_0: standInFor('secretsmanager:gh#hook'),
      TASKHOOK_LOCAL_SECRET_1: standInFor('secretsmanager:gh#token'),
    })
  })

  it('changes nothing of the config that it was given', async () => {
    const before = JSON.stringify(config)
    await localiseSecrets(config)
    expect(JSON.stringify(config)).toBe(before)
  })

  it('asks each reference once, where the real values are wanted', async () => {
    const asked: string[] = []
    const { env } = await localiseSecrets(config, async (reference) => {
      asked.push(reference)
      return `value of ${reference}`
    })
    expect(asked).toEqual(['secretsmanager:gh#hook', 'secretsmanager:gh#token'])
    expect(Object.values(env)).toEqual(asked.map((reference) => `value of ${reference}`))
  })

  it('fails where one cannot be read', async () => {
    await expect(localiseSecrets(config, () => Promise.reject(new Error('no access')))).rejects.toThrow('no access')
  })
})
