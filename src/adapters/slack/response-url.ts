/** Which `response_url` is accepted. */
import { whyNotCallable } from '../../core/http/url-checks.ts'

/** taskhook posts to it from inside an AWS account, so it must lead to Slack and nowhere else. */
const hosts = new Set(['hooks.slack.com', 'hooks.slack-gov.com'])

/** @returns the URL as it was parsed, so that no other parser reads another host in it; null: it does not lead to Slack */
export function responseUrlOf(url: string | undefined): string | null {
  const parsed = url === undefined ? null : URL.parse(url)
  return parsed !== null && whyNotCallable(parsed) === undefined && hosts.has(parsed.host) ? parsed.href : null
}
