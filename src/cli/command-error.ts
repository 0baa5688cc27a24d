/** How a command ends with an error message in place of a stack trace. */

/** The message is for a person. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Runs the body of a command. A CommandError ends it with exit code 1 and its message on stderr. */
export async function reportErrors(body: () => Promise<void> | void): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
