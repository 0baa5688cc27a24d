/** What an adapter can tell `taskhook doctor` about its source. Loaded by that command alone, never by a Lambda function. */
import type { SenderTools } from '../adapter.ts'
import type { RouteConfig } from './config.ts'
import type { SourceConfig } from './source-config.ts'

/** One thing that was looked at. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem' | 'unknown'
  /** What was found, in a sentence. Never a secret. */
  readonly message: string
  /** What to do about it. */
  readonly fix?: string
}

export const ok = (message: string): Finding => ({ level: 'ok', message })
export const problem = (message: string, fix: string): Finding => ({ level: 'problem', message, fix })
export const warning = (message: string, fix: string): Finding => ({ level: 'warning', message, fix })
export const unknown = (message: string, fix: string): Finding => ({ level: 'unknown', message, fix })

export interface Checkup {
  /**
   * Why a value cannot be what its reference is meant for. Undefined: it looks well.
   * @param key of the source's config: `secret`, `token`
   * @returns a sentence that quotes nothing of the value
   */
  whyMalformed(key: string, value: string, source: SourceConfig): string | undefined
  /** Whether the sender takes the source's tokens, and lets them do what these routes need. */
  credentials?(source: SourceConfig, routes: readonly RouteConfig[], tools: SenderTools): Promise<readonly Finding[]>
}
