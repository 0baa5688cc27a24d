/** What was answered to which clientToken: the same question gets the same answer, another one a ConflictException. */
import { ApiError } from './errors.ts'

const day = 24 * 3600 * 1000

export interface StartAnswer {
  /** Empty where RunTask answered with failures alone. */
  readonly taskArns: readonly string[]
  readonly tasks: readonly unknown[]
  readonly failures: readonly unknown[]
}

export interface Tokens {
  /** @throws {ApiError} ConflictException: the same token was used with other parameters */
  recall(scope: string, token: string, parameters: unknown): StartAnswer | undefined
  remember(scope: string, token: string, parameters: unknown, answer: StartAnswer): void
}

/**
 * A token lives for a day, or until an hour after its task has stopped, whichever is less:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 * @param visible whether a task still runs or stopped less than an hour ago
 */
export function createTokens(now: () => number, visible: (taskArn: string) => boolean): Tokens {
  const known = new Map<string, { readonly parameters: string; readonly at: number; readonly answer: StartAnswer }>()
  return {
    recall(scope, token, parameters) {
      const key = canonical([scope, token])
      const entry = known.get(key)
      if (entry === undefined) return undefined
      const { taskArns } = entry.answer
      const alive = now() < entry.at + day && (taskArns.length === 0 || taskArns.some(visible))
      if (!alive) return void known.delete(key)
      if (entry.parameters === canonical(parameters)) return entry.answer
      throw conflict(taskArns)
    },
    remember(scope, token, parameters, answer) {
      known.set(canonical([scope, token]), { parameters: canonical(parameters), at: now(), answer })
    },
  }
}

const conflict = (resourceIds: readonly string[]) =>
  new ApiError('ConflictException', 'The client token was used before with other parameters.', 400, { resourceIds })

/** The order of keys makes no difference to JSON. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
