/** Where a run's news goes. */
import type { Json } from '../../core/adapter.ts'

export interface GitHubApi {
  /** Without a slash at its end. */
  readonly apiUrl: string
  /** Of a GitHub App; undefined: a token speaks. */
  readonly appId: number | undefined
}

/** The commit that tells how a run goes, and the App's installation that may write to it. Its token is never kept. */
export interface Target {
  readonly owner: string
  readonly repo: string
  readonly sha: string
  readonly installation?: number
}

export function targetOf(answerTo: Json): Target | undefined {
  const { repository, sha, installation } = (answerTo ?? {}) as {
    repository?: string
    sha?: string
    installation?: number
  }
  // As GitHub names them; it goes into an address.
  const [, owner, repo] = /^([\w-]+)\/(?!\.\.?$)([\w.-]+)$/.exec(repository ?? '') ?? []
  if (owner === undefined || repo === undefined || sha === undefined) return undefined
  return { owner, repo, sha, ...(installation !== undefined && { installation }) }
}

export const shorten = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`)
