/** Looks up what the payload does not say about a pull request: its commit, its base branch and its changed files. */
import type { Facts, LookupResult } from '../../core/adapter.ts'
import type { ApiClient } from './api-client.ts'
import { maxFiles } from './changed-paths.ts'
import { isPullOfFork } from './fork-rules.ts'
import { asCommitSha, asInteger, asText, isObject, optional, valueAt } from './payload.ts'
import { type ReplyAddress, repositoryOf } from './reply-address.ts'
import { wasHeadSeen } from './seen-head.ts'

const filesPerPage = 100

/**
 * The pull request that was commented on. The reply address gets the commit that is the head now, and `seen` says whether the person can
 * have seen it: nothing that is pushed later runs.
 * @param payload of an `issue_comment` event
 * @param needsPaths whether a route filters by changed files
 */
export async function lookUpPullRequest(
  client: ApiClient,
  address: ReplyAddress,
  { payload, facts, needsPaths }: { readonly payload: unknown; readonly facts: Facts; readonly needsPaths: boolean },
): Promise<LookupResult<ReplyAddress>> {
  const { data: pull } = await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...repositoryOf(address),
    pull_number: asInteger(valueAt(payload, 'issue', 'number')) ?? 0,
  })
  const sha = asCommitSha(valueAt(pull, 'head', 'sha'))
  if (sha === undefined) throw new Error('GitHub does not say which commit the pull request is at')
  const [paths, seen] = await Promise.all([
    needsPaths ? changedFilesOf(client, address, pull) : ('unknown' as const),
    // Only a command that would start a run asks.
    facts.seen === undefined ? undefined : wasHeadSeen(client, pull, valueAt(payload, 'comment', 'created_at')),
  ])
  return {
    payload: { ...(isObject(payload) ? payload : {}), pull_request: pull },
    // A comment without a command is not about a certain commit, so no commit gets a status.
    ...(facts.command !== undefined && { replyAddress: { ...address, sha } }),
    facts: {
      fork: isPullOfFork(pull),
      ...optional('branch', asText(valueAt(pull, 'base', 'ref'))),
      ...optional('seen', seen),
      paths,
    },
  }
}

/**
 * All changed files, including the old names of renamed ones. `unknown` if GitHub cannot list them all: its limit is 3,000.
 * https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
 */
export async function changedFilesOf(
  { request }: ApiClient,
  address: ReplyAddress,
  pull: unknown,
): Promise<NonNullable<Facts['paths']>> {
  const pullNumber = asInteger(valueAt(pull, 'number'))
  const count = asInteger(valueAt(pull, 'changed_files'))
  if (pullNumber === undefined || count === undefined || count >= maxFiles) return 'unknown'
  const listPage = async (page: number) => {
    const { data } = await request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
      ...repositoryOf(address),
      pull_number: pullNumber,
      per_page: filesPerPage,
      page,
    })
    return data
  }
  try {
    const pageCount = Math.max(1, Math.ceil(count / filesPerPage))
    const pages = await Promise.all(Array.from({ length: pageCount }, (_, at) => listPage(at + 1)))
    const files = pages.flat()
    // After a push in the meantime, the list is newer than the count.
    if (files.length < count) return 'unknown'
    return files.flatMap(({ filename, previous_filename: before }) =>
      before === undefined ? [filename] : [filename, before],
    )
  } catch {
    // A failure of GitHub must not make a route miss a change.
    return 'unknown'
  }
}
