/**
 * Whether the author of a comment saw the commit that is the head of the pull request now. A commit's own dates are written by its author,
 * and a pull request does not say when it was pushed to. Only the activity of the repository that has the branch does.
 * https://docs.github.com/en/rest/repos/repos#list-repository-activities
 */
import type { Facts } from '../../core/adapter.ts'
import { type ApiClient, statusOf } from './api-client.ts'
import { asCommitSha, asName, asText, valueAt } from './payload.ts'
import { parseReplyAddress, repositoryOf } from './reply-address.ts'

/** Newest first. Deletions of the branch are among them, so one is not enough. */
const activitiesToRead = 10

/**
 * @param pull as GitHub's API describes it
 * @param commentedAt `created_at` of the comment, from the signed payload
 * @throws {Error} if GitHub fails, so that the delivery can be sent again
 */
export async function wasHeadSeen(
  { request }: ApiClient,
  pull: unknown,
  commentedAt: unknown,
): Promise<NonNullable<Facts['seen']>> {
  const repository = parseReplyAddress({ repository: valueAt(pull, 'head', 'repo', 'full_name') })
  const branch = asName(valueAt(pull, 'head', 'ref'))
  const commented = timeOf(commentedAt)
  if (repository === null || branch === undefined || commented === undefined) return 'unknown'
  const ref = `refs/heads/${branch}`
  try {
    const { data } = await request('GET /repos/{owner}/{repo}/activity', {
      ...repositoryOf(repository),
      ref,
      per_page: activitiesToRead,
    })
    return compare(Array.isArray(data) ? data : [], ref, asCommitSha(valueAt(pull, 'head', 'sha')), commented)
  } catch (error) {
    // The token may not read the repository, for example a private fork.
    if ([403, 404, 422].includes(statusOf(error) ?? 0)) return 'unknown'
    throw error
  }
}

/** The times have no fractions of a second, so a push in the same second may be the later one. */
function compare(activities: readonly unknown[], ref: string, head: string | undefined, commented: number) {
  const newest = activities.find(
    (each) => valueAt(each, 'ref') === ref && valueAt(each, 'activity_type') !== 'branch_deletion',
  )
  const pushed = timeOf(valueAt(newest, 'timestamp'))
  if (pushed === undefined) return 'unknown'
  if (pushed >= commented) return 'changed-later'
  // If the list is older than the head, the push to the head may be later.
  return head !== undefined && valueAt(newest, 'after') === head ? 'yes' : 'unknown'
}

function timeOf(value: unknown): number | undefined {
  const time = Date.parse(asText(value) ?? '')
  return Number.isNaN(time) ? undefined : time
}
