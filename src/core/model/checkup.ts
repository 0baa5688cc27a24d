/** What an adapter can tell `taskhook doctor` about its source. Loaded by that command alone, never by a Lambda function. */
import type { SourceConfig, Tools } from '../adapter.ts'
import type { RouteConfig } from './config.ts'

/** One thing that was looked at. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem' | 'unknown'
  /** What was found, in a sentence. Never a secret. */
  readonly says: string
  /** What to do about it. */
  readonly mend?: string
}

export const ok = (says: string): Finding => ({ level: 'ok', says })
export const problem = (says: string, mend: string): Finding => ({ level: 'problem', says, mend })
export const warning = (says: string, mend: string): Finding => ({ level: 'warning', says, mend })
export const unknown = (says: string, mend: string): Finding => ({ level: 'unknown', says, mend })

export interface Checkup {
  /**
   * Why a value cannot be what its reference is meant for. Undefined: it looks well.
   * @param key of the source's config: `secret`, `token`
   * @returns a sentence that quotes nothing of the value
   */
  misshapen(key: string, value: string, source: SourceConfig): string | undefined
  /** Whether the sender takes the source's tokens, and lets them do what these routes need. */
  credentials?(source: SourceConfig, routes: readonly RouteConfig[], tools: Tools): Promise<readonly Finding[]>
}
