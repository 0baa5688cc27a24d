/** Whoever is called back: on which address, and with what. https://github.com/standard-webhooks/standard-webhooks */
import type { Json, RunView, SenderTools } from '../../core/adapter.ts'
import { runJson } from '../../core/http/answer-json.ts'
import { signStandard } from '../../core/http/signature.ts'

/** Why an address can be nobody's callback, as far as its text says; undefined: it may. What its name leads to is looked at on the way. */
export function whyNotCalled(url: URL): string | undefined {
  if (url.protocol !== 'https:') return 'is not https'
  // By its name, so that its certificate says whose it is; an address, or a name without a dot, is inside somewhere.
  if (
    /^[\d.]+$|^\[/.test(url.hostname) ||
    !/\.(?!localhost$|local$|internal$)[^.]+$/.test(url.hostname.replace(/\.$/, ''))
  )
    return 'leads to no public host'
  return url.username === '' && url.password === '' ? undefined : 'holds a user name'
}

/** @param hosts of the config; `*.example.com` is every host below it */
export const isOnHosts = (url: URL, hosts: readonly string[]): boolean =>
  hosts.some((host) => (host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host))

export interface CallbackOptions {
  /** Of the config: every run is told there, too. */
  readonly callbackUrl: string | undefined
}

/**
 * The adapter's `acknowledge`: one POST for each change of status.
 * @throws {Error} where it was not taken, so that it is tried again: with the same `webhook-id`, by which the receiver knows it
 */
export const createUpdateStatus =
  ({ callbackUrl }: CallbackOptions) =>
  async (replyAddress: Json, run: RunView, tools: SenderTools): Promise<undefined> => {
    const { callbackUrl: own = callbackUrl } = (replyAddress ?? {}) as { callbackUrl?: string }
    const secret = own === undefined ? undefined : await tools.token('callbackSecret')
    if (own === undefined || secret === undefined) return undefined
    const seconds = Math.floor(tools.now() / 1000)
    const body = JSON.stringify({
      type: `run.${run.status}`,
      // When it moved on, as far as that is known; when this was sent, its header says.
      timestamp: run.stoppedAt ?? run.startedAt ?? run.createdAt,
      data: runJson(run),
    })
    const response = await tools.fetchPublic(own, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'taskhook',
        ...(run.trace !== undefined && { traceparent: run.trace.parent }),
        ...(run.trace?.state !== undefined && { tracestate: run.trace.state }),
        // Without a dot, which is what stands between the parts that are signed.
        ...signStandard(body, secret, `${run.run}_${run.status}`, seconds),
      },
      body,
    })
    if (response.status < 200 || response.status > 299) throw new Error(`the callback was answered ${response.status}`)
    return undefined
  }
