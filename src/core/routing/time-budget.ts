/** Work that must come to an end: expressions, patterns and globs of the config, over whatever somebody has sent. */
import { type Context, createContext, Script } from 'node:vm'

export class TimeBudgetExceeded extends Error {
  override readonly name = 'OutOfTime'
}

const script = new Script('work()')
let room: Context | undefined

/**
 * What `work` gives. Node stops it from outside wherever it is, in a regular expression too: that is what a script of `node:vm` is for
 * here. It costs less than a millisecond.
 * @param work synchronous @throws {TimeBudgetExceeded} after `ms`
 */
export function withTimeBudget<T>(ms: number, work: () => T): T {
  room ??= createContext({})
  room.work = work
  try {
    return script.runInContext(room, { timeout: ms }) as T
  } catch (error) {
    // An error of the other context's: it is no `instanceof Error` here.
    if ((error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new TimeBudgetExceeded(`took longer than ${ms} ms`)
  } finally {
    room.work = undefined
  }
}
