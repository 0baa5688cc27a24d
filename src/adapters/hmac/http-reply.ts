/** The status codes that a sender needs: some take only 200 for success, and some switch a hook off after a 4xx. Pure. */
import type { Answer, HttpReply, Json } from '../../core/adapter.ts'
import { answerReply } from '../../core/http/answer-json.ts'

/** Refusals that would be the same the next time. The others (401, 429, 5xx) keep their status, since the sender must know them. */
const final: readonly number[] = [400, 403, 404, 410, 413, 422]

/** @param options `accepted`: the status of a success; `refusals`: the status of a refusal. The body tells the truth in any case. */
export const createHttpReply =
  ({ accepted, refusals }: { readonly accepted?: Json | undefined; readonly refusals?: Json | undefined }) =>
  (answer: Answer): HttpReply => {
    const reply = answerReply(answer)
    const isRefused = final.includes(reply.status)
    const status = isRefused ? refusals : reply.status < 300 ? accepted : undefined
    if (typeof status !== 'number') return reply
    return { ...reply, status, ...(status === 204 && { body: '' }) }
  }
