/** `taskhook doctor` for hmac sources: whether a secret that must be base64 is base64, and long enough. */
import type { Checkup } from '../../core/model/checkup.ts'
import { schemeOf } from './schemes.ts'

/** Shorter keys can be guessed. */
const minKeyBytes = 16

export const checkup: Checkup = {
  whyMalformed(key, value, { options }) {
    const { secret, algorithm = 'sha256' } = key === 'callbackSecret' ? { secret: 'whsec' } : schemeOf(options)
    if (algorithm === 'ed25519') return whyNoPublicKey(secret, value)
    if (secret === 'hex') return whyNoHex(value)
    if ((secret !== 'whsec' && secret !== 'base64') || value.startsWith('polar_')) return undefined
    const text = secret === 'whsec' ? value.replace(/^(?:v1a?,)?(?:whsec|whpk)_/, '') : value
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text))
      return 'is not base64, so no signature can match; copy it from the sender again'
    const bytes = Buffer.from(text, 'base64').length
    // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: 24 to 64 bytes
    return bytes < minKeyBytes
      ? `is a key of ${bytes} bytes, which can be guessed${secret === 'whsec' ? '; Standard Webhooks requires 24 to 64' : ''}`
      : undefined
  },
}

function whyNoHex(value: string): string | undefined {
  if (value.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(value))
    return 'is not hex, so no signature can match; copy it from the sender again'
  return value.length / 2 < minKeyBytes ? `is a key of ${value.length / 2} bytes, which can be guessed` : undefined
}

function whyNoPublicKey(form: unknown, value: string): string | undefined {
  const bytes = form === 'hex' ? Buffer.from(value, 'hex') : Buffer.from(value.replace(/^(?:v1a,)?whpk_/, ''), 'base64')
  return bytes.length === 32 ? undefined : `is a public key of ${bytes.length} bytes; Ed25519 needs 32`
}
