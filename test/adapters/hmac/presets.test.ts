/** Compares each preset with the documentation of its vendor, by signers that are written by hand. */
import { describe, expect, it } from 'vitest'
import { type PresetName, presets } from '../../../src/adapters/hmac/presets.ts'
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
/** How each vendor signs a request. */
const examples: Partial<Record<PresetName, Example>> = {
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
const all = Object.keys(presets) as PresetName[]
const exampleBody = '{"type":"report.ready","note":"é✓ déploiement ✅"}'

describe.each(Object.entries(examples) as [PresetName, Example][])('%s', (name, example) => {
  const { sign, secret: key = secret, body = exampleBody } = example
  const headers = sign(body, key)
  const [header = ''] = [presets[name].header].flat()
  const verify =
    (sent: Body, given: Headers, at = now, keys = [key]) =>
    () =>
      verifySignature(presets[name], requestOf(sent, given), keys, at)

  it('accepts a request as its vendor sends it', () => {
    expect(verify(body, headers)).not.toThrow()
  })

  it('accepts each name of the signature header', () => {
    for (const alias of [presets[name].header].flat() as string[]) {
      const { [header]: signature = '', ...rest } = headers
      expect(verify(body, { ...rest, [alias]: signature })).not.toThrow()
    }
  })

  it('rejects another secret, a missing header and an empty header', () => {
    expect(verify(body, headers, now, ['another'])).toThrow(Unauthorized)
    expect(verify(body, {})).toThrow(Unauthorized)
    expect(verify(body, { ...headers, [header]: '' })).toThrow(Unauthorized)
  })

  if (name !== 'gitlab' && name !== 'linear')
    it('accepts bytes that are not text, and an empty body', () => {
      for (const sent of [Uint8Array.from([0xff, 0x00, 0xfe]), '']) {
        expect(verify(sent, sign(sent, key))).not.toThrow()
        expect(verify(Buffer.concat([Buffer.from(sent), Buffer.from('x')]), sign(sent, key))).toThrow(Unauthorized)
      }
    })

  if (name !== 'gitlab')
    it('rejects another body', () => {
      expect(verify(body.replace('é', 'è'), headers)).toThrow(Unauthorized)
    })

  const tolerance = { 'standard-webhooks': 300_000, stripe: 300_000, linear: 60_000 }[name as string]
  if (tolerance !== undefined)
    it('rejects a timestamp outside the tolerance, in both directions', () => {
      for (const off of [-tolerance, tolerance]) expect(verify(body, headers, now + off)).not.toThrow()
      for (const off of [-tolerance - 1, tolerance + 1]) expect(verify(body, headers, now + off)).toThrow(Unauthorized)
    })
})

describe('presets', () => {
  it.each(all)('%s passes the checks of a custom scheme', (name) => {
    expect(hmacSpec.check?.({ scheme: presets[name] })).toEqual([])
  })

  it.each(all)('%s signs the body, or sends its secret', (name) => {
    const scheme: { algorithm: string; signed?: string } = presets[name]
    expect(scheme.algorithm === 'token' || (scheme.signed ?? '{body}').includes('{body}')).toBe(true)
  })

  it('only presets of vendors that offer nothing better use SHA-1', () => {
    expect(all.filter((name) => (presets[name].algorithm as string) === 'sha1')).toEqual(['vercel', 'intercom'])
  })

  it('the SHA-1 header of GitHub is not accepted', () => {
    const old = { 'x-hub-signature': `sha1=${mac({ key: secret, algorithm: 'sha1' }, exampleBody)}` }
    for (const name of ['github', 'bitbucket', 'jira'] as const) {
      expect(() => verifySignature(presets[name], requestOf(exampleBody, old), [secret], now)).toThrow(Unauthorized)
    }
  })
})
