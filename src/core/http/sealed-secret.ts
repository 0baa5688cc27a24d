/** A secret in a form that may be logged: only who has the token key can open it. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const keyOf = (tokenKey: string): Uint8Array => createHmac('sha256', tokenKey).update('sealed-secret').digest()

/** @param source the name of the sender's source: it cannot be opened as another one's @returns nonce, ciphertext and tag in base64url, separated by dots */
export function sealSecret(secret: string, source: string, tokenKey: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv(algorithm, keyOf(tokenKey), nonce).setAAD(Buffer.from(source))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return [nonce, sealed, cipher.getAuthTag()].map((bytes) => bytes.toString('base64url')).join('.')
}

/** @returns undefined: it was sealed with another key or for another source, or is not a sealed secret */
export function openSealedSecret(text: string, source: string, tokenKey: string): string | undefined {
  const [nonce, sealed, tag, ...rest] = text.split('.').map((part) => Buffer.from(part, 'base64url'))
  if (nonce?.length !== 12 || sealed === undefined || tag?.length !== 16 || rest.length > 0) return undefined
  try {
    const decipher = createDecipheriv(algorithm, keyOf(tokenKey), nonce).setAuthTag(tag).setAAD(Buffer.from(source))
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
