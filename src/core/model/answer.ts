/** What the sender of a delivery gets at once. */
import type { Problem } from '../errors.ts'
import type { ParamDeclarations } from './param.ts'
import type { RunView } from './run-view.ts'
import type { RunAction } from './translation.ts'

export interface TaskHelp {
  readonly task: string
  readonly description?: string
  readonly params: ParamDeclarations
}

/** The delivery was understood and is not carried out: invalid parameters, a person who may not, a limit. */
export interface RefusedAnswer {
  readonly kind: 'refused'
  /** The HTTP status, from 400. */
  readonly status: number
  readonly title: string
  readonly problems: readonly Problem[]
  /** Seconds after which the same delivery may succeed. */
  readonly retryAfter?: number
  readonly task?: string
  /** Set where the only problem is that required parameters of this task are missing. */
  readonly missing?: TaskHelp
  /** The delivery requested an action on an existing run, not a new run. */
  readonly onExistingRun?: true
}

/** Core turns an answer into JSON; an adapter may replace that with its sender's own format (`httpReply`). */
export type Answer =
  /** One run for each route that matched. `fresh` is false if all of them existed already (a duplicate delivery). */
  | { readonly kind: 'accepted'; readonly runs: readonly RunView[]; readonly fresh: boolean }
  /** `mayUseCommand`: the person typed a command that they may use, so the answer should say why nothing started. */
  | { readonly kind: 'ignored'; readonly reason: string; readonly mayUseCommand?: true }
  | { readonly kind: 'help'; readonly command: string; readonly tasks: readonly TaskHelp[] }
  | { readonly kind: 'recent'; readonly runs: readonly RunView[] }
  /** The person is being asked for the missing parameters (`askForParams`). */
  | { readonly kind: 'params-requested'; readonly command: string; readonly problems: readonly Problem[] }
  /** The deferred work is queued. */
  | { readonly kind: 'deferred' }
  /** The action is queued. `run` is the run as it is now; for a rerun, the new run. */
  | { readonly kind: 'action'; readonly verb: RunAction['verb']; readonly by: string; readonly run: RunView }
  /** One answer for each delivery of a batch, in its order. */
  | { readonly kind: 'batch'; readonly answers: readonly Answer[] }
  | RefusedAnswer
