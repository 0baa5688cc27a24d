/** How long until a run that was looked at is looked at again, in milliseconds. */
export const reviewAfterMs = { queued: 120_000, running: 600_000 } as const
