/** Repeats a check until it returns a value. @throws {Error} after `ms` milliseconds */
export async function until<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 15_000,
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const value = await check()
    if (value !== undefined && value !== false) return value
    if (Date.now() > end) throw new Error(`the condition was not met within ${ms} ms: ${check}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
