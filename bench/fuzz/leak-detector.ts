/** Searches each log line for secrets, signatures, and text that only occurs in bodies and headers. */
import { secrets } from './config.ts'
import { canary } from './seed-deliveries.ts'

export interface LeakDetector {
  /** The signatures of a request that is about to be handled. */
  addSignatures(signatures: readonly string[]): void
  write(line: string): void
  readonly lines: number
  /** The first few lines with a leak. */
  readonly leaks: readonly string[]
  readonly leakCount: number
}

const forbiddenTexts = [canary, ...Object.values(secrets)]
/** Of the newest requests. Older requests have been answered. */
const maxSignatures = 4000
const maxLeaksKept = 5
/** Long enough for an HMAC, in hex or base64. */
const signaturePattern = /[0-9A-Za-z+/]{40,}={0,2}/g

export function createLeakDetector(): LeakDetector {
  const signatures = new Set<string>()
  const leaks: string[] = []
  let [lines, leakCount] = [0, 0]
  const hasLeak = (line: string): boolean =>
    forbiddenTexts.some((text) => line.includes(text)) ||
    (line.match(signaturePattern) ?? []).some((text) => signatures.has(text))
  return {
    addSignatures(values) {
      for (const value of values) for (const [text] of value.matchAll(signaturePattern)) signatures.add(text)
      for (const oldest of signatures) {
        if (signatures.size <= maxSignatures) break
        signatures.delete(oldest)
      }
    },
    write(line) {
      lines++
      if (!hasLeak(line)) return
      leakCount++
      if (leaks.length < maxLeaksKept) leaks.push(line.trim())
    },
    get lines() {
      return lines
    },
    get leakCount() {
      return leakCount
    },
    leaks,
  }
}
