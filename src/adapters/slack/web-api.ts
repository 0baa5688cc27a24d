/** Requests to Slack's Web API. https://docs.slack.dev/apis/web-api/ */
import type { SenderTools } from '../../core/adapter.ts'

export const postJson = (
  { fetch }: SenderTools,
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
    redirect: 'error',
  })

/** The members of a reply that taskhook reads. */
interface ApiReply {
  readonly ok: boolean
  readonly error?: string
  readonly ts?: string
  readonly channel?: string
  readonly users: readonly string[]
  /** The workspace's name. */
  readonly team?: string
}

/** A reply that is not JSON comes from a proxy or a gateway. It counts as a failure without an error code. */
export async function readReply(response: Response): Promise<ApiReply> {
  const body: unknown = await response.json().catch(() => undefined)
  const { ok, error, ts, channel, users, team }: Readonly<Record<string, unknown>> = {
    ...(body instanceof Object && body),
  }
  return {
    ok: ok === true,
    ...(typeof error === 'string' && { error }),
    ...(typeof ts === 'string' && { ts }),
    ...(typeof channel === 'string' && { channel }),
    ...(typeof team === 'string' && { team }),
    users: Array.isArray(users) ? users.filter((user) => typeof user === 'string') : [],
  }
}

/**
 * The Web API answers nearly everything with 200, and says in the body whether it worked.
 * @param tolerated errors that the caller handles
 * @throws {Error} with Slack's code for any other error
 */
export async function callApi(
  tools: SenderTools,
  method: string,
  token: string,
  body: unknown,
  tolerated: readonly string[] = [],
): Promise<ApiReply> {
  const response = await postJson(tools, `https://slack.com/api/${method}`, body, { authorization: `Bearer ${token}` })
  const reply = await readReply(response)
  if (reply.ok || tolerated.includes(reply.error ?? '')) return reply
  throw new Error(`Slack refused ${method}: ${reply.error ?? response.status}`)
}
