import type { Answer, HttpReply } from '../../core/adapter.ts'
import { json } from '../../core/http.ts'
import { answerMessage } from './message.ts'

/** Always 200 and our own words: Slack shows any other status as an error of its own. Only the person who typed sees it. */
export const reply = (answer: Answer): HttpReply => json(200, { response_type: 'ephemeral', ...answerMessage(answer) })
