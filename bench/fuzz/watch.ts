/** Reads every line of the log as it is written: no secret may be in it, no signature, and nothing that only a body or a header held. */
import { canary } from './seeds.ts'
import { secrets } from './sources.ts'

export interface Watch {
  /** Signatures of a request that is about to be handled. */
  add(signatures: readonly string[]): void
  write(line: string): void
  readonly lines: number
  /** Lines that gave something away; the first few of them. */
  readonly leaks: readonly string[]
  readonly leaked: number
}

const hidden = [canary, ...Object.values(secrets)]
/** Of the newest requests; those before have been answered long since. */
const kept = 4000
const shown = 5

export function createWatch(): Watch {
  const signatures = new Set<string>()
  const leaks: string[] = []
  let [lines, leaked] = [0, 0]
  const leaky = (line: string): boolean =>
    hidden.some((text) => line.includes(text)) ||
    // Long enough for an HMAC, in hex or base64.
    (line.match(/[0-9A-Za-z+/]{40,}={0,2}/g) ?? []).some((text) => signatures.has(text))
  return {
    add(values) {
      for (const value of values) {
        for (const [text] of value.matchAll(/[0-9A-Za-z+/]{40,}={0,2}/g)) signatures.add(text)
      }
      for (const oldest of signatures) {
        if (signatures.size <= kept) break
        signatures.delete(oldest)
      }
    },
    write(line) {
      lines++
      if (!leaky(line)) return
      leaked++
      if (leaks.length < shown) leaks.push(line.trim())
    },
    get lines() {
      return lines
    },
    get leaked() {
      return leaked
    },
    leaks,
  }
}
