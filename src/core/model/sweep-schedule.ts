/** How long after its last change the sweep checks a run, in milliseconds. */
export const reviewAfterMs = { queued: 120_000, running: 600_000 } as const
