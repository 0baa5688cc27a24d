/** Compares `verify` with GitHub's SDK. Where the SDK accepts more, a test says so. */
import { Webhooks } from '@octokit/webhooks'
import { describe, expect, it } from 'vitest'
import { verify } from '../../../src/adapters/github/verify.ts'
import { Unauthorized } from '../../../src/core/errors.ts'
import { requestOf } from '../../contract/request.ts'
import { type Body, signGitHub } from '../../support/sign.ts'
import { flipped, randomTexts } from '../random.ts'

const secret = 'a secret of the hook'
const vendor = new Webhooks({ secret })
const ours = (body: Body, signature: string) => verify(requestOf(body, { 'x-hub-signature-256': signature }), [secret])

describe('@octokit/webhooks', () => {
  it.each(randomTexts(2, 60).map((text, at) => [at, text] as const))(
    'random text %d: both accept its signature, and neither accepts a changed text',
    async (at, text) => {
      const signature = await vendor.sign(text)
      expect(signature).toBe(signGitHub(text, secret)['x-hub-signature-256'])
      await expect(ours(text, signature)).resolves.toMatchObject({ method: 'POST' })
      const other = flipped(text, at)
      await expect(vendor.verify(other, signature)).resolves.toBe(false)
      await expect(ours(other, signature)).rejects.toThrow(Unauthorized)
    },
  )

  it.each([
    ['no prefix', (hex: string) => hex],
    ['junk between the digits', (hex: string) => `sha256=${hex.slice(0, 2)}--${hex.slice(2)}`],
    ['junk after them', (hex: string) => `sha256=${hex}zz`],
    ['upper case', (hex: string) => `sha256=${hex.toUpperCase()}`],
  ])('a signature with %s: neither accepts it', async (_, change) => {
    const signature = change(signGitHub('{}', secret)['x-hub-signature-256']?.slice('sha256='.length) ?? '')
    await expect(vendor.verify('{}', signature)).resolves.toBe(false)
    await expect(ours('{}', signature)).rejects.toThrow(Unauthorized)
  })

  it('an empty header: the SDK throws a TypeError, and taskhook rejects it as unauthorized', async () => {
    await expect(vendor.verify('{}', '')).rejects.toThrow(TypeError)
    await expect(ours('{}', '')).rejects.toThrow(Unauthorized)
  })

  it('an empty body: the SDK throws a TypeError, and taskhook rejects it as unauthorized', async () => {
    const signature = signGitHub('', secret)['x-hub-signature-256'] ?? ''
    await expect(vendor.verify('', signature)).rejects.toThrow(TypeError)
    await expect(ours('', signature)).rejects.toThrow(Unauthorized)
  })

  it('bytes that decode to the signed text: taskhook rejects them, since other bytes were signed', async () => {
    const signature = signGitHub('{"name":"\ufffd"}', secret)['x-hub-signature-256'] ?? ''
    const forged = Buffer.from('{"name":"\u00ff"}', 'latin1')
    await expect(vendor.verify(forged.toString('utf8'), signature)).resolves.toBe(true)
    await expect(ours(forged, signature)).rejects.toThrow(Unauthorized)
  })

  it('a second secret: `verify` of the SDK uses only the first, taskhook uses all', async () => {
    const rotating = new Webhooks({ secret: 'newer', additionalSecrets: [secret] })
    const signature = signGitHub('{}', secret)['x-hub-signature-256'] ?? ''
    await expect(rotating.verify('{}', signature)).resolves.toBe(false)
    const request = requestOf('{}', { 'x-hub-signature-256': signature })
    await expect(verify(request, ['newer', secret])).resolves.toMatchObject({ method: 'POST' })
  })
})
