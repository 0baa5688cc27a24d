/** A `fetch` that injects the pending faults of GitHub, Slack and callback hosts. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultSource } from '../faults/fault-injector.ts'
import type { SenderFault } from '../faults/fault-kinds.ts'
import { serviceOf } from './sender-service.ts'

/** @param target processes the requests that get through */
export const faultInjectingFetch =
  (target: typeof fetch, faults: Pick<FaultSource, 'take'>): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const service = serviceOf(new URL(request.url))
    const fault = faults.take('sender', { service, url: request.url })
    switch (fault?.kind) {
      case 'answer':
        return errorResponse(fault)
      case 'refused':
        throw fetchError('connect ECONNREFUSED', 'ECONNREFUSED')
      case 'unanswered':
        await target(request)
        throw fetchError('read ECONNRESET', 'ECONNRESET')
      case 'slow': {
        const { signal } = request
        const response = await target(request)
        await sleep(fault.ms, undefined, { signal }).catch(() => {
          throw signal.reason
        })
        return response
      }
      default:
        return target(request)
    }
  }

function errorResponse({ status, headers = {}, body }: Extract<SenderFault, { kind: 'answer' }>): Response {
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers })
}

/** The error that Node's own `fetch` throws. */
const fetchError = (message: string, code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
