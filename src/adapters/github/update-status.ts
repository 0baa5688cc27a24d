import type { Answer, Json, RunView, SenderTools } from '../../core/adapter.ts'
import type { ApiClients } from './api-client.ts'
import { writeCheckRun } from './check-run.ts'
import { setStatus } from './commit-status.ts'
import { react, reactionOf, say, sayingOf, unlessGone, writeAnswer } from './issue-comment.ts'
import { type GitHubApi, parseReplyAddress } from './reply-address.ts'

type Acknowledge = (replyAddress: Json, run: RunView, tools: SenderTools, memory?: Json) => Promise<Json | undefined>

interface Memory {
  readonly checkRun?: number
  /** The answer under the comment that asked. */
  readonly answer?: number
  readonly reaction?: string
  /** A commit takes a thousand statuses, so each is set once. */
  readonly status?: string
}

/** Says nothing where the event is about no commit and no comment, or the source has neither an App nor a token. */
export const createUpdateStatus =
  ({ appId }: GitHubApi, voices: ApiClients): Acknowledge =>
  async (replyAddress, run, tools, memory = null) => {
    const target = parseReplyAddress(replyAddress)
    if (target?.sha === undefined && target?.comment === undefined) return undefined
    const voice = await voices(target.installation, tools)
    if (voice === undefined) return undefined
    const known = (memory ?? {}) as Memory
    let kept: Memory = known
    // First: whatever has become of the comment, the commit is told.
    if (target.sha !== undefined) {
      if (voice.asApp) kept = { ...kept, checkRun: await writeCheckRun(voice, target, run, known.checkRun) }
      else if (known.status !== wordOf(run)) await setStatus(voice, target, run)
      if (!voice.asApp) kept = { ...kept, status: wordOf(run) }
    }
    const { comment } = target
    if (comment !== undefined) {
      const place = { ...target, comment }
      const reaction = reactionOf(run)
      if (reaction !== known.reaction) await unlessGone(react(voice, place, reaction))
      const answer = await unlessGone(writeAnswer(voice, place, run, { known: known.answer, appId }))
      kept = { ...kept, reaction, ...(answer !== undefined && { answer }) }
    }
    return kept as unknown as Json
  }

const wordOf = ({ status, reason = '' }: RunView): string => `${status} ${reason}`.trim().slice(0, 200)

/** What becomes of a comment that starts nothing; what it starts is told by `acknowledge`. */
export const createRespond =
  (voices: ApiClients) =>
  async (replyAddress: Json, answer: Answer, tools: SenderTools): Promise<void> => {
    const target = parseReplyAddress(replyAddress)
    const { comment } = target ?? {}
    const isOthers = answer.kind === 'ignored' && answer.mayUseCommand !== true
    if (target === undefined || comment === undefined || answer.kind === 'accepted' || isOthers) return
    const voice = await voices(target.installation, tools)
    if (voice === undefined) return
    const place = { ...target, comment }
    const failed = answer.kind === 'refused' || answer.kind === 'ignored'
    await react(voice, place, failed ? 'confused' : '+1')
    const text = sayingOf(answer)
    if (text !== undefined) await say(voice.speak, place, text)
  }
