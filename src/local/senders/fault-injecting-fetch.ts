/** A `fetch` behind which GitHub, Slack and callback hosts have a bad day. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Strikes } from '../faults/fault-injector.ts'
import type { SenderFault } from '../faults/fault-kinds.ts'
import { serviceOf } from './inbox.ts'

/** @param far takes and answers what gets through */
export const faultyFetch =
  (far: typeof fetch, faults: Pick<Strikes, 'take'>): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const service = serviceOf(new URL(request.url))
    const fault = faults.take('sender', { service, url: request.url })
    switch (fault?.kind) {
      case 'answer':
        return answerOf(fault)
      case 'refused':
        throw failed('connect ECONNREFUSED', 'ECONNREFUSED')
      case 'unanswered':
        await far(request)
        throw failed('read ECONNRESET', 'ECONNRESET')
      case 'slow': {
        const { signal } = request
        const answer = await far(request)
        await sleep(fault.ms, undefined, { signal }).catch(() => {
          throw signal.reason
        })
        return answer
      }
      default:
        return far(request)
    }
  }

function answerOf({ status, headers = {}, body }: Extract<SenderFault, { kind: 'answer' }>): Response {
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers })
}

/** As `fetch` says that nothing came of it. */
const failed = (message: string, code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
