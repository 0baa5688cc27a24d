/** Callbacks: one POST for each change of a run's status, signed as Standard Webhooks defines. */
import type { RunView, SenderTools } from '../../core/adapter.ts'
import { runJson } from '../../core/http/answer-json.ts'
import { signStandardWebhook } from '../../core/http/standard-webhooks.ts'
import type { ReplyAddress } from './reply-address.ts'

/** @param configured the source's `callbackUrl`, for deliveries that name none */
export const createUpdateStatus =
  (configured: string | undefined) =>
  async (address: ReplyAddress | null, run: RunView, tools: SenderTools): Promise<undefined> => {
    const url = address?.callbackUrl ?? configured
    const secret = url === undefined ? undefined : await tools.token('callbackSecret')
    if (url === undefined || secret === undefined) return undefined
    const body = callbackBody(run)
    const response = await tools.fetchPublic(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'taskhook',
        ...traceHeaders(run),
        ...signStandardWebhook(body, secret, messageIdOf(run), Math.floor(tools.now() / 1000)),
      },
      body,
    })
    if (response.status < 200 || response.status > 299) throw new Error(`the callback was answered ${response.status}`)
    return undefined
  }

/** `timestamp` is the time of the change, as far as it is known. The time of this attempt is in the header. */
const callbackBody = (run: RunView): string =>
  JSON.stringify({
    type: `run.${run.status}`,
    timestamp: run.stoppedAt ?? run.startedAt ?? run.createdAt,
    data: runJson(run),
  })

/** The same in every attempt, so that the receiver can recognize a retry. A dot would separate the signed parts. */
const messageIdOf = ({ run, status }: RunView): string => `${run}_${status}`

const traceHeaders = ({ trace }: RunView): Record<string, string> => ({
  ...(trace !== undefined && { traceparent: trace.parent }),
  ...(trace?.state !== undefined && { tracestate: trace.state }),
})
