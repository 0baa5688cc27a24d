/** Limits how long expressions, patterns and globs of the config may run on what a sender sent. */
import { type Context, createContext, Script } from 'node:vm'

export class TimeBudgetExceeded extends Error {
  override readonly name = 'TimeBudgetExceeded'
}

const script = new Script('work()')
let context: Context | undefined

/**
 * Runs `work` as a script of `node:vm`, because Node can stop such a script anywhere, even inside a regular expression. Costs less than
 * a millisecond.
 * @param work synchronous @returns what `work` returns @throws {TimeBudgetExceeded} after `ms`
 */
export function withTimeBudget<T>(ms: number, work: () => T): T {
  context ??= createContext({})
  context.work = work
  try {
    return script.runInContext(context, { timeout: ms }) as T
  } catch (error) {
    // Errors of the other context are not `instanceof Error` here.
    if ((error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new TimeBudgetExceeded(`took longer than ${ms} ms`)
  } finally {
    context.work = undefined
  }
}
