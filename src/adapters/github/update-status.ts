/** Reports a run's status on the commit, and in the comment that requested it. */
import type { RunView, SenderTools } from '../../core/adapter.ts'
import type { ApiClient, GetApiClient } from './api-client.ts'
import { writeCheckRun } from './check-run.ts'
import { setCommitStatus } from './commit-status.ts'
import { type CommentPlace, react, reactionOf, unlessGone, writeRunComment } from './issue-comment.ts'
import type { Memory } from './memory.ts'
import { commentOf, type ReplyAddress } from './reply-address.ts'

/** Writes nothing if the event is about neither a commit nor a comment, or if the source has neither an App nor a token. */
export const createUpdateStatus =
  (getClient: GetApiClient, appId: number | undefined) =>
  async (
    address: ReplyAddress | null,
    run: RunView,
    tools: SenderTools,
    memory: Memory = {},
  ): Promise<Memory | undefined> => {
    if (address === null) return undefined
    const { sha, installation } = address
    const comment = commentOf(address)
    if (sha === undefined && comment === undefined) return undefined
    const client = await getClient(installation, tools)
    if (client === undefined) return undefined
    // The commit first: it must be up to date even if the comment fails.
    const updated = sha === undefined ? memory : await updateCommit(client, { ...address, sha }, run, memory)
    return comment === undefined ? updated : updateComment(client, { ...address, ...comment }, run, updated, appId)
  }

async function updateCommit(
  client: ApiClient,
  address: ReplyAddress & { readonly sha: string },
  run: RunView,
  memory: Memory,
): Promise<Memory> {
  if (client.isApp) return { ...memory, checkRun: await writeCheckRun(client, address, run, memory.checkRun) }
  const status = statusKeyOf(run)
  if (memory.status !== status) await setCommitStatus(client, address, run)
  return { ...memory, status }
}

/** Distinguishes two statuses. Short, because it is stored. */
const statusKeyOf = ({ status, reason = '' }: RunView): string => `${status} ${reason}`.trim().slice(0, 200)

async function updateComment(
  client: ApiClient,
  place: CommentPlace,
  run: RunView,
  memory: Memory,
  appId: number | undefined,
): Promise<Memory> {
  const reaction = reactionOf(run)
  if (reaction !== memory.reaction) await unlessGone(react(client, place, reaction))
  const answer = await unlessGone(writeRunComment(client, place, run, { known: memory.answer, appId }))
  return { ...memory, reaction, ...(answer !== undefined && { answer }) }
}
