/** Which bot caused an event. A bot's comment or re-run could answer that of another bot for ever. Pure. */
import type { Facts } from '../../core/adapter.ts'
import { asName, type Payload, valueAt } from './payload.ts'

/** No bot is called so. */
const unnamed = '?'

const nameOfBot = (user: unknown): string | undefined => {
  if (valueAt(user, 'type') !== 'Bot') return undefined
  const login = asName(valueAt(user, 'login')) ?? unnamed
  return login.replace(/\[bot\]$/, '')
}

/** A comment that a person has an App write is by the App. */
function nameOfApp(comment: unknown): string | undefined {
  const app = valueAt(comment, 'performed_via_github_app') ?? null
  return app === null ? undefined : (asName(valueAt(app, 'slug')) ?? unnamed)
}

/** @returns undefined: a person caused the event */
const botOf = (event: string, { comment, sender }: Payload): string | undefined =>
  event === 'issue_comment'
    ? (nameOfBot(valueAt(comment, 'user')) ?? nameOfBot(sender) ?? nameOfApp(comment))
    : nameOfBot(sender)

/** What people do to start a task. Bots may do all else, such as push. */
const isRequest = (event: string, action: unknown): boolean =>
  event === 'issue_comment' ||
  (['check_run', 'check_suite'].includes(event) && ['rerequested', 'requested_action'].includes(String(action)))

export function botFacts(event: string, payload: Payload): Pick<Facts, 'bot' | 'botsNeedAllow'> {
  const bot = botOf(event, payload)
  if (bot === undefined) return {}
  return isRequest(event, payload.action) ? botRequest(bot) : { bot }
}

export const botRequest = (bot: string): Pick<Facts, 'bot' | 'botsNeedAllow'> => ({ bot, botsNeedAllow: true })
