import type { Finding } from '../core/model/checkup.ts'

/** What `taskhook doctor` found. `--json` prints it as it is. */
export interface Report {
  readonly account: string
  readonly region: string
  /** In the order in which a delivery passes through. Checks without a finding are left out. */
  readonly checks: readonly { readonly about: string; readonly findings: readonly Finding[] }[]
}
