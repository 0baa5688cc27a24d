/** What can be made to go wrong, for the next calls of RunTask. */

export type Fault =
  /** 200 with nothing started and this in `failures[]`: `RESOURCE:ENI`. */
  | { readonly kind: 'failure'; readonly reason: string }
  /** An error instead of an answer, before anything is looked at: `ThrottlingException`, 400. */
  | { readonly kind: 'error'; readonly type: string; readonly message: string; readonly status: number }
  /** The task is started, and the connection breaks before the answer. */
  | { readonly kind: 'lost' }
  /** The task is started, and the answer comes late. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** 200, then STOPPED with `TaskFailedToStart`. */
  | { readonly kind: 'failed-to-start'; readonly reason: string }

export interface Faults {
  /** @param times how many calls of RunTask it hits, after those that wait already; 1 if not given */
  next(fault: Fault, times?: number): void
}

export function createFaults(): Faults & { take(): Fault | undefined } {
  const waiting: Fault[] = []
  return {
    next: (fault, times = 1) => void waiting.push(...new Array<Fault>(times).fill(fault)),
    take: () => waiting.shift(),
  }
}
