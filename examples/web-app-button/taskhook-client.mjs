// All that the app's server needs of taskhook: sign a delivery, send it, ask how its run goes.
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'

/** Milliseconds before each try. What is sent again under the same id is the same run, so trying again is safe. */
const tries = [0, 300, 1000]
const patience = 10_000

/** taskhook did not answer, or not in a way that says anything about the run. */
export class Unreachable extends Error {}

/** @param url of the source, as `terraform output` gives it: https://…/web-app */
export function createTaskhook(url, secret) {
  const webhook = new Webhook(secret)

  /**
   * @param id names the delivery: the same id is the same run, however often it is sent
   * @returns the status of the answer and its JSON
   * @throws {Unreachable}
   */
  async function send(id, params) {
    const body = JSON.stringify(params)
    let trouble
    for (const pause of tries) {
      await sleep(pause)
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
        trouble = error
      }
    }
    throw trouble
  }

  return { send, status: (statusUrl) => ask(statusUrl) }
}

async function ask(url, init) {
  let response
  let text
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(patience) })
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
