/** Why an accepted run has not started yet. Stored with the run; `text/waiting-reasons.ts` puts it into words. Pure. */
import type { RefusalClass } from './run-task-errors.ts'

export type Waiting =
  /** A person must approve it first. */
  | { readonly kind: 'approval' }
  /** An operator paused its task. @property message the operator's words */
  | { readonly kind: 'pause'; readonly message: string }
  /** Its concurrency group is full. @property place in the queue, from 1 @property limit runs of the group at a time */
  | { readonly kind: 'slot'; readonly place: number; readonly limit: number }
  /** ECS refused it. @property cause in words for the sender: without ARNs and account numbers */
  | { readonly kind: 'retry'; readonly class: RefusalClass; readonly cause: string }
