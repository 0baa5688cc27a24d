/** What a URL that somebody outside chose may be used for. Checks its text only. */
import { isIP } from 'node:net'

/** A name without a dot, or in a zone that is never delegated, is only known inside a network. */
const publicName = /\.(?!localhost$|local$|internal$)[^.]+$/

/**
 * Whether taskhook may call a URL. callback-guard.ts checks in addition which address its name resolves to.
 * @param isAllowedAddress decides about an IP address in place of a host name. Default: none is allowed
 * @returns why not, or undefined if it may
 */
export function whyNotCallable(url: URL, isAllowedAddress?: (address: string) => boolean): string | undefined {
  if (url.protocol !== 'https:') return 'does not use https'
  if (hasCredentials(url)) return 'contains a user name or password'
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '')
  if (isIP(host) === 0) return publicName.test(host) ? undefined : 'points to a private host'
  // A certificate for a name says who the receiver is; an address says nothing.
  if (isAllowedAddress === undefined) return 'contains an IP address in place of a host name'
  return isAllowedAddress(host) ? undefined : 'points to a private IP address'
}

/** @param hosts names; `*.example.com` is every host below `example.com` */
export const isOnHosts = (url: URL, hosts: readonly string[]): boolean =>
  hosts.some((host) => (host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host))

/** Whether people may be shown a link to this URL. It may point to a private host: a person can be inside that network. */
export function isSafeLink(text: string): boolean {
  // URL.parse removes white space and control characters. In a message they would break the line.
  const url = /[\s\p{Cc}]/u.test(text) ? null : URL.parse(text)
  return url?.protocol === 'https:' && !hasCredentials(url)
}

const hasCredentials = ({ username, password }: URL): boolean => username !== '' || password !== ''
