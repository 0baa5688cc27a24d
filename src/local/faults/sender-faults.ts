/** The named faults of GitHub, Slack and callback hosts. */
import { delayOf, type FaultDefinition, FaultError } from './fault-definition.ts'
import type { SenderFault, SenderService } from './fault-kinds.ts'

/** Seconds, in the Retry-After header of a 429. */
const retryAfter = '5'

const messages: Readonly<Record<number, string>> = {
  401: 'Bad credentials',
  403: 'Resource not accessible by integration',
  404: 'Not Found',
  422: 'Validation Failed',
  429: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
}

/** The body of an error, in each service's own format. */
const errorBodies: Readonly<Record<SenderService, (status: number) => unknown>> = {
  github: (status) => ({
    message: messages[status] ?? 'Server Error',
    documentation_url: 'https://docs.github.com/rest',
  }),
  slack: (status) => ({ ok: false, error: status === 429 ? 'ratelimited' : (messages[status] ?? 'internal_error') }),
  other: () => undefined,
}

/** @throws {FaultError} */
function parseSenderFault(service: SenderService, text: string): SenderFault {
  if (text === 'refused' || text === 'unanswered') return { kind: text }
  if (/^[45]\d\d$/.test(text)) {
    const status = Number(text)
    return {
      kind: 'answer',
      status,
      body: errorBodies[service](status),
      ...(status === 429 && { headers: { 'retry-after': retryAfter } }),
    }
  }
  // Slack's Web API returns most errors with status 200 and a code.
  if (service === 'slack' && /^[a-z]+(_[a-z]+)*$/.test(text))
    return { kind: 'answer', status: 200, body: { ok: false, error: text } }
  if (/^\d+(\.\d+)?(ms|s|m)$/.test(text)) return { kind: 'slow', ms: delayOf(text) }
  throw new FaultError(
    `"${text}" is not a valid response; use a status from 400 to 599, a delay like 3s, refused or unanswered`,
  )
}

const senderFault = (name: SenderService, description: string, answers: string): FaultDefinition => ({
  name,
  description,
  detail: { placeholder: 'ANSWER', default: '500', description: answers, numeric: true },
  create(text) {
    const fault = parseSenderFault(name, text)
    // Only the Web API has such error codes; a response_url has none.
    const isWebApiError = fault.kind === 'answer' && fault.status === 200
    return { fault, filter: { service: name, ...(isWebApiError && { url: 'slack.com/api/' }) } }
  },
})

export const senderFaults: readonly FaultDefinition[] = [
  senderFault('github', 'GitHub’s API fails or is slow', '403, 429 …, 3s, refused, unanswered'),
  senderFault('slack', 'Slack fails or is slow', 'as for github; or a Web API error such as token_revoked'),
  senderFault('other', 'a callback host fails or is slow', 'as for github'),
]
