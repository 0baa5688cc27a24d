/** Comparison of secrets and signatures. Its duration does not depend on where two values differ. */
import { createHash, timingSafeEqual } from 'node:crypto'

export const constantTimeEqualBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)

/** Compares digests, so that the duration does not show the length either. */
export const constantTimeEqualText = (a: string, b: string): boolean => constantTimeEqualBytes(sha256(a), sha256(b))

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
