/** How long a claimed run may be started, in milliseconds. Longer than the function may run, so a function that loses its lease is dead. */
export const leaseMs = 90_000
