/** Answers a command in a comment that starts no run. If it starts one, `updateStatus` writes the reply. */
import type { Answer, SenderTools } from '../../core/adapter.ts'
import type { GetApiClient } from './api-client.ts'
import { answerComment } from './comment-text.ts'
import { createComment, react } from './issue-comment.ts'
import { commentOf, type ReplyAddress } from './reply-address.ts'

export const createRespond =
  (getClient: GetApiClient) =>
  async (address: ReplyAddress | null, answer: Answer, tools: SenderTools): Promise<void> => {
    const comment = address === null ? undefined : commentOf(address)
    if (address === null || comment === undefined || !needsResponse(answer)) return
    const client = await getClient(address.installation, tools)
    if (client === undefined) return
    const place = { ...address, ...comment }
    const isRefusal = answer.kind === 'refused' || answer.kind === 'ignored'
    await react(client, place, isRefusal ? 'confused' : '+1')
    const text = answerComment(answer)
    if (text !== undefined) await createComment(client, place, text)
  }

/** A command that the person may not use can belong to another tool. */
const needsResponse = (answer: Answer): boolean =>
  answer.kind !== 'accepted' && (answer.kind !== 'ignored' || answer.mayUseCommand === true)
