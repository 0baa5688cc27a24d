/** Where a run's news goes. */
import type { Json } from '../../core/adapter.ts'

export interface GitHubApi {
  /** Without a slash at its end. */
  readonly apiUrl: string
  /** Of a GitHub App; undefined: a token speaks. */
  readonly appId: number | undefined
}

/** The commit that tells how a run goes, the comment that asked for it, and the App's installation that may write there. Its token is never kept. */
export interface ReplyAddress {
  readonly owner: string
  readonly repo: string
  readonly sha?: string
  readonly installation?: number
  readonly comment?: { readonly issue: number; readonly id: number; readonly command: string }
}

export function parseReplyAddress(replyAddress: Json): ReplyAddress | undefined {
  const { repository, sha, installation, issue, comment, command } = (replyAddress ?? {}) as {
    repository?: string
    sha?: string
    installation?: number
    issue?: number
    comment?: number
    command?: string
  }
  // As GitHub names them; it goes into an address.
  const [, owner, repo] = /^([\w-]+)\/(?!\.\.?$)([\w.-]+)$/.exec(repository ?? '') ?? []
  if (owner === undefined || repo === undefined) return undefined
  return {
    ...{ owner, repo },
    ...(sha !== undefined && { sha }),
    ...(installation !== undefined && { installation }),
    ...(issue !== undefined && comment !== undefined && { comment: { issue, id: comment, command: command ?? '' } }),
  }
}

export const shorten = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`
