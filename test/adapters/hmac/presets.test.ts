/** Each preset against what its vendor documents, written out by hand. */
import { describe, expect, it } from 'vitest'
import { type PresetName, presets } from '../../../src/adapters/hmac/schemes.ts'
import { hmacSpec } from '../../../src/adapters/hmac/spec.ts'
import { Unauthorized } from '../../../src/core/errors.ts'
import { verifySignature } from '../../../src/core/http/signature.ts'
import { requestOf } from '../../contract/request.ts'
import { type Body, type Headers, mac, signBody, signGitHub, signStandard, signStripe } from '../../support/sign.ts'

const seconds = 1_772_359_200
const now = seconds * 1000
const secret = 'a secret of the sender'
const whsec = `whsec_${Buffer.from('a key of thirty-two bytes, no more').toString('base64')}`

interface Example {
  readonly sign: (body: Body, secret: string) => Headers
  readonly secret?: string
  readonly body?: string
}
/** A request as each vendor sends it. */
const examples: Record<PresetName, Example> = {
  'standard-webhooks': { sign: (body, key) => signStandard(body, key, 'msg_1', seconds), secret: whsec },
  github: { sign: signGitHub },
  gitlab: { sign: (_, key) => ({ 'x-gitlab-token': key }) },
  bitbucket: { sign: (body, key) => signBody(body, 'x-hub-signature', 'sha256=', { key }) },
  gitea: { sign: (body, key) => signBody(body, 'x-gitea-signature', '', { key }) },
  stripe: { sign: (body, key) => signStripe(body, key, seconds), secret: 'whsec_not+base64/at-all' },
  shopify: { sign: (body, key) => signBody(body, 'x-shopify-hmac-sha256', '', { key, encoding: 'base64' }) },
  linear: {
    sign: (body, key) => signBody(body, 'linear-signature', '', { key }),
    body: JSON.stringify({ type: 'Issue', action: 'create', note: 'é✓', webhookTimestamp: now }),
  },
  sentry: { sign: (body, key) => signBody(body, 'sentry-hook-signature', '', { key }) },
  pagerduty: { sign: (body, key) => signBody(body, 'x-pagerduty-signature', 'v1=', { key }) },
  jira: { sign: (body, key) => signBody(body, 'x-hub-signature', 'sha256=', { key }) },
}
const names = Object.keys(presets) as PresetName[]
const documented = '{"type":"report.ready","note":"é✓ déploiement ✅"}'

describe.each(names)('%s', (name) => {
  const { sign, secret: key = secret, body = documented } = examples[name]
  const headers = sign(body, key)
  const [header = ''] = [presets[name].header].flat()
  const verify =
    (sent: Body, given: Headers, at = now, keys = [key]) =>
    () =>
      verifySignature(presets[name], requestOf(sent, given), keys, at)

  it('takes what its vendor sends', () => {
    expect(verify(body, headers)).not.toThrow()
  })

  it('takes it under any of the names that the vendor has given the header', () => {
    for (const alias of [presets[name].header].flat()) {
      const { [header]: signature = '', ...rest } = headers
      expect(verify(body, { ...rest, [alias]: signature })).not.toThrow()
    }
  })

  it('refuses another secret, no header and an empty one', () => {
    expect(verify(body, headers, now, ['another'])).toThrow(Unauthorized)
    expect(verify(body, {})).toThrow(Unauthorized)
    expect(verify(body, { ...headers, [header]: '' })).toThrow(Unauthorized)
  })

  if (name !== 'gitlab' && name !== 'linear')
    it('takes bytes that are not text, and an empty body', () => {
      for (const sent of [Uint8Array.from([0xff, 0x00, 0xfe]), '']) {
        expect(verify(sent, sign(sent, key))).not.toThrow()
        expect(verify(Buffer.concat([Buffer.from(sent), Buffer.from('x')]), sign(sent, key))).toThrow(Unauthorized)
      }
    })

  if (name !== 'gitlab')
    it('refuses another body', () => {
      expect(verify(body.replace('é', 'è'), headers)).toThrow(Unauthorized)
    })

  const tolerance = { 'standard-webhooks': 300_000, stripe: 300_000, linear: 60_000 }[name as string]
  if (tolerance !== undefined)
    it('refuses what is too old or too new', () => {
      for (const off of [-tolerance, tolerance]) expect(verify(body, headers, now + off)).not.toThrow()
      for (const off of [-tolerance - 1, tolerance + 1]) expect(verify(body, headers, now + off)).toThrow(Unauthorized)
    })
})

describe('presets', () => {
  it('have an example each, and are what the config may name', () => {
    expect(Object.keys(examples).sort()).toEqual([...names].sort())
    expect(names).toEqual([
      'standard-webhooks',
      'github',
      'gitlab',
      'bitbucket',
      'gitea',
      'stripe',
      'shopify',
      'linear',
      'sentry',
      'pagerduty',
      'jira',
    ])
  })

  it.each(names)('%s passes the check that schemes of one’s own must pass', (name) => {
    expect(hmacSpec.check?.({ scheme: presets[name] })).toEqual([])
  })

  it.each(names)('%s signs the body, unless the sender signs nothing', (name) => {
    const scheme: { algorithm: string; signed?: string } = presets[name]
    expect(scheme.algorithm === 'token' || (scheme.signed ?? '{body}').includes('{body}')).toBe(true)
  })

  it('no preset is SHA-1', () => {
    expect(names.filter((name) => (presets[name].algorithm as string) === 'sha1')).toEqual([])
  })

  it('GitHub’s old SHA-1 header proves nothing', () => {
    const old = { 'x-hub-signature': `sha1=${mac({ key: secret, algorithm: 'sha1' }, documented)}` }
    for (const name of ['github', 'bitbucket', 'jira'] as const) {
      expect(() => verifySignature(presets[name], requestOf(documented, old), [secret], now)).toThrow(Unauthorized)
    }
  })
})
