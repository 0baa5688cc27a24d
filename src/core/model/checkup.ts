/** What an adapter reports to `taskhook doctor` about its source. Only that command loads it, never a Lambda function. */
import type { SenderTools } from '../adapter.ts'
import type { RouteConfig } from './config.ts'
import type { SourceConfig } from './source-config.ts'

/** The result of one check. `unknown`: the check could not be done. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem' | 'unknown'
  /** One sentence, without secrets. */
  readonly message: string
  /** What to do about it: an imperative. */
  readonly fix?: string
}

export const ok = (message: string): Finding => ({ level: 'ok', message })
export const problem = (message: string, fix: string): Finding => ({ level: 'problem', message, fix })
export const warning = (message: string, fix: string): Finding => ({ level: 'warning', message, fix })
export const unknown = (message: string, fix: string): Finding => ({ level: 'unknown', message, fix })

export interface Checkup {
  /**
   * Checks the form of a secret or token.
   * @param key of the source's config: `secret`, `token`
   * @returns why the value cannot be correct, in words that follow the name of the secret and quote no part of the value. Undefined: it can be
   */
  whyMalformed(key: string, value: string, source: SourceConfig): string | undefined
  /** Asks the sender whether it accepts the source's tokens, and whether they have the permissions that these routes need. */
  credentials?(source: SourceConfig, routes: readonly RouteConfig[], tools: SenderTools): Promise<readonly Finding[]>
}
