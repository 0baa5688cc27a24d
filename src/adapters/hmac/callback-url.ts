/** Which URLs a callback may go to: the one in the config, and the one that a delivery names. Pure. */
import type { RawParams } from '../../core/adapter.ts'
import { Unprocessable } from '../../core/errors.ts'
import { isOnHosts, whyNotCallable } from '../../core/http/url-checks.ts'

/** In characters. */
const maxLength = 2000

/**
 * Takes `callbackUrl` out of the body of a delivery, so that it does not count as a parameter of the task.
 * @param hosts that the config allows; undefined: deliveries may not name a URL, and the body stays as it is
 * @throws {Unprocessable} if taskhook may not call that URL
 */
export function takeCallbackUrl(
  rawParams: RawParams,
  hosts: readonly string[] | undefined,
): { readonly rawParams: RawParams; readonly callbackUrl?: string } {
  if (hosts === undefined || rawParams.kind !== 'object' || rawParams.values.callbackUrl === undefined)
    return { rawParams }
  const { callbackUrl, ...values } = rawParams.values
  const url = typeof callbackUrl === 'string' && callbackUrl.length <= maxLength ? URL.parse(callbackUrl) : null
  if (url === null) throw notCallable('is not a URL')
  const why = whyNotCallable(url) ?? (isOnHosts(url, hosts) ? undefined : 'is on a host that is not allowed')
  if (why !== undefined) throw notCallable(why)
  return { rawParams: { ...rawParams, values }, callbackUrl: url.href }
}

const notCallable = (message: string): Unprocessable =>
  new Unprocessable('taskhook cannot send callbacks to that URL', [{ path: 'callbackUrl', message }])

/**
 * Why the config may not name this `callbackUrl`; undefined if it may. This machine is allowed for `taskhook dev --live`. A deployment
 * refuses to call it.
 */
export function whyNotInConfig(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null) return 'is not a URL'
  if (url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname)) return undefined
  const why = whyNotCallable(url)
  return why === undefined ? undefined : `${why}; write https://…`
}
