import type { Json, RunView, Tools } from '../../core/adapter.ts'
import { setStatus } from './status.ts'
import { type GitHubApi, targetOf } from './target.ts'

type Acknowledge = (answerTo: Json, run: RunView, tools: Tools, memory?: Json) => Promise<Json | undefined>

/** Says nothing where the event is about no commit, or the source has neither an App nor a token. */
export function createAcknowledge(api: GitHubApi): Acknowledge {
  /** Keeps the installations' tokens, which live for an hour. Loaded by whoever speaks as an App, and only then. */
  const checks = once(() => import('./check-run.ts').then(({ createChecks }) => createChecks(api)))
  return async (answerTo, run, tools, memory = null) => {
    const target = targetOf(answerTo)
    if (target === undefined) return undefined
    const privateKey = api.appId === undefined ? undefined : await tools.token('privateKey')
    // A hook of the repository, beside the App's, names no installation.
    if (privateKey !== undefined && target.installation !== undefined)
      return (await checks()).write(target, run, privateKey, tools, memory)
    const token = await tools.token('token')
    if (token !== undefined) await setStatus(api, target, run, token, tools)
    return undefined
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
