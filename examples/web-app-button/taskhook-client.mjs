// Everything that the app's server needs for taskhook: sign and send a delivery, and get the status of its run.
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'

/** Milliseconds before each try. A delivery with the same id is the same run, so a retry is safe. */
const delays = [0, 300, 1000]
const timeoutMs = 10_000

/** taskhook gave no answer, or none that says anything about the run. */
export class Unreachable extends Error {}

/** @param url of the source, as `terraform output` gives it: https://…/web-app */
export function createTaskhook(url, secret) {
  const webhook = new Webhook(secret)

  /**
   * @param id of the delivery; deliveries with the same id are the same run
   * @returns the HTTP status and the JSON body
   * @throws {Unreachable}
   */
  async function send(id, params) {
    const body = JSON.stringify(params)
    let lastError
    for (const delay of delays) {
      await sleep(delay)
      const now = new Date()
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now / 1000)),
        'webhook-signature': webhook.sign(id, now, body),
      }
      try {
        return await ask(url, { method: 'POST', headers, body })
      } catch (error) {
        lastError = error
      }
    }
    throw lastError
  }

  return { send, status: (statusUrl) => ask(statusUrl) }
}

async function ask(url, init) {
  let response
  let text
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
    text = await response.text()
  } catch (error) {
    throw new Unreachable(`no answer: ${error.cause?.code ?? error.message}`, { cause: error })
  }
  if (response.status === 429 || response.status >= 500) throw new Unreachable(`it answered ${response.status}`)
  try {
    return { status: response.status, body: JSON.parse(text) }
  } catch (error) {
    throw new Unreachable(`it answered ${response.status}, which is not JSON`, { cause: error })
  }
}
