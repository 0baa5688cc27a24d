/** A run as its sender may see it: no secret parameter, no reply address. */
import type { ParamValues } from './param.ts'
import type { EndedBy, RunStatus } from './run.ts'
import type { StopCause } from './stop-cause.ts'
import type { Trace } from './trace.ts'
import type { Waiting } from './waiting.ts'

export interface RunView {
  readonly run: string
  readonly task: string
  readonly status: RunStatus
  /** Values of secret parameters are masked. */
  readonly params: ParamValues
  /** With a token that opens it. */
  readonly statusUrl: string
  /** ISO 8601, like `startedAt` and `stoppedAt`. */
  readonly createdAt: string
  readonly exitCode?: number
  /** Why the run is in this status: a sentence for people. Code decides by the next three, which say the same as data. */
  readonly reason?: string
  /** Why it has not started yet. Absent: it has started or ended, or is new. */
  readonly waiting?: Waiting
  /** Who ended it, if a person did. */
  readonly endedBy?: EndedBy
  /** Why its task stopped. `exit`: `reason` gives only the exit code. */
  readonly stopCause?: StopCause['kind']
  readonly startedAt?: string
  readonly stoppedAt?: string
  readonly taskArn?: string
  /** The run that this one repeats. */
  readonly rerunOf?: string
  /** Where it was started, if not in its first choice: `on demand: no Spot capacity in 2 subnets`. */
  readonly placed?: string
  /** The container's log stream in the CloudWatch console. */
  readonly logUrl?: string
  /** It waits for one of these people or groups to approve it, until that time (ISO 8601). */
  readonly approval?: { readonly from: readonly string[]; readonly until: string }
  readonly approvedBy?: string
  /** The container's latest report. `percent` is 0 to 100. */
  readonly progress?: { readonly percent?: number; readonly message?: string }
  readonly outputs?: Readonly<Record<string, string>>
  readonly links?: readonly { readonly label: string; readonly url: string }[]
  /** The delivery's trace, for callbacks over HTTP. It is not part of the JSON. */
  readonly trace?: Trace
}
