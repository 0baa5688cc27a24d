/** The results of RunTask by clientToken: the same call gets the same result, another call with that token a ConflictException. */
import { ApiError } from './errors.ts'

const dayMs = 24 * 3600 * 1000

export interface RunTaskResult {
  /** Empty if RunTask returned only failures. */
  readonly taskArns: readonly string[]
  readonly tasks: readonly unknown[]
  readonly failures: readonly unknown[]
}

/** @property scope the cluster: a token of one cluster is free in another */
export interface ClientTokens {
  /** @throws {ApiError} ConflictException: the token was used with other parameters */
  find(scope: string, token: string, parameters: unknown): RunTaskResult | undefined
  save(scope: string, token: string, parameters: unknown, result: RunTaskResult): void
}

/**
 * A token is valid for a day, or until an hour after its task has stopped, whichever is sooner:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 * @param isVisible whether a task runs, or stopped less than an hour ago
 */
export function createClientTokens(now: () => number, isVisible: (taskArn: string) => boolean): ClientTokens {
  const entries = new Map<
    string,
    { readonly parameters: string; readonly at: number; readonly result: RunTaskResult }
  >()
  return {
    find(scope, token, parameters) {
      const key = canonicalJson([scope, token])
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      const { taskArns } = entry.result
      const isValid = now() < entry.at + dayMs && (taskArns.length === 0 || taskArns.some(isVisible))
      if (!isValid) return void entries.delete(key)
      if (entry.parameters === canonicalJson(parameters)) return entry.result
      throw conflict(taskArns)
    },
    save(scope, token, parameters, result) {
      entries.set(canonicalJson([scope, token]), { parameters: canonicalJson(parameters), at: now(), result })
    },
  }
}

const conflict = (resourceIds: readonly string[]) =>
  new ApiError('ConflictException', 'The client token was used before with other parameters.', 400, { resourceIds })

/** Independent of the order of keys. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
