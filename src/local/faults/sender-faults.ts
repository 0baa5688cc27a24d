/** What GitHub, Slack and callback hosts can be asked to do wrong. */

import { FaultError, type FaultRow, pauseOf } from './fault-definition.ts'
import type { SenderFault, When } from './fault-kinds.ts'

type Service = NonNullable<When['service']>

/** Seconds after which a limit says that it may be tried again. */
const retryAfter = '5'

/** What each says in its own words when it answers with an error. */
const bodies: Readonly<Record<Service, (status: number) => unknown>> = {
  github: (status) => ({
    message: messages[status] ?? 'Server Error',
    documentation_url: 'https://docs.github.com/rest',
  }),
  slack: (status) => ({ ok: false, error: status === 429 ? 'ratelimited' : (messages[status] ?? 'internal_error') }),
  other: () => undefined,
}

const messages: Readonly<Record<number, string>> = {
  401: 'Bad credentials',
  403: 'Resource not accessible by integration',
  404: 'Not Found',
  422: 'Validation Failed',
  429: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
}

function answering(service: Service, text: string): SenderFault {
  if (text === 'refused' || text === 'unanswered') return { kind: text }
  if (/^[45]\d\d$/.test(text)) {
    const status = Number(text)
    return {
      ...{ kind: 'answer', status, body: bodies[service](status) },
      ...(status === 429 && { headers: { 'retry-after': retryAfter } }),
    }
  }
  // The Web API says 200 to nearly everything, and the rest in a word.
  if (service === 'slack' && /^[a-z]+(_[a-z]+)*$/.test(text))
    return { kind: 'answer', status: 200, body: { ok: false, error: text } }
  if (/^\d+(\.\d+)?(ms|s|m)$/.test(text)) return { kind: 'slow', ms: pauseOf(text) }
  throw new FaultError(`"${text}" is no answer; write a status from 400 to 599, a time like 3s, refused or unanswered`)
}

const row = (name: Service, does: string, means: string): FaultRow => ({
  ...{ name, does },
  detail: { shown: 'ANSWER', default: '500', means, numeric: true },
  make(text) {
    const fault = answering(name, text)
    // A response_url knows no such words, and belongs to nobody who could be asked for a token.
    const asWord = fault.kind === 'answer' && fault.status === 200
    return { fault, when: { service: name, ...(asWord && { url: 'slack.com/api/' }) } }
  },
})

export const senderRows: readonly FaultRow[] = [
  row('github', 'GitHub’s API answers badly', '403, 429 …, 3s, refused, unanswered'),
  row('slack', 'Slack answers badly', 'the same; a word like token_revoked: the Web API alone'),
  row('other', 'whoever is called back answers badly', 'as with github'),
]
