/** Slack over HTTP. */
import type { SenderTools } from '../../core/adapter.ts'

export const post = (
  { fetch }: SenderTools,
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
    redirect: 'error',
  })

interface ApiAnswer {
  readonly ok?: boolean
  readonly error?: string
  readonly ts?: string
  readonly channel?: string
  readonly users?: readonly string[]
}

/** What is not JSON is no answer of the API's: a proxy's page, a gateway's. */
export const answerOf = (response: Response): Promise<ApiAnswer> =>
  response.json().then(
    (answer) => (answer ?? {}) as ApiAnswer,
    () => ({}),
  )

/**
 * The Web API answers 200 to nearly everything, and says in the body whether it is. https://docs.slack.dev/apis/web-api/
 * @param tolerated errors that are an answer, too
 * @throws {Error} with Slack's word for what is wrong
 */
export async function callApi(
  tools: SenderTools,
  method: string,
  token: string,
  body: unknown,
  tolerated: readonly string[] = [],
): Promise<ApiAnswer> {
  const response = await post(tools, `https://slack.com/api/${method}`, body, { authorization: `Bearer ${token}` })
  const answer = await answerOf(response)
  if (answer.ok === true || tolerated.includes(answer.error ?? '')) return answer
  throw new Error(`Slack refused ${method}: ${answer.error ?? response.status}`)
}
