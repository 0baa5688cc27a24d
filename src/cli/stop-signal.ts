/** How often to check whether npm has ended. */
const checkIntervalMs = 500

/**
 * Resolves at a signal, or at the end of the npm process that started this one: npm's shell does not always pass signals on. If it does,
 * the same Ctrl-C arrives twice. The listeners stay, so that the second one does not interrupt the shutdown.
 */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve())
    if (process.env.npm_execpath === undefined) return
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && resolve(), checkIntervalMs).unref()
  })
}
