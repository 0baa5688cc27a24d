/** What a person would read in a message that taskhook sends to Slack, GitHub or a callback host. Pure. */
import type { InboxMessage } from '../senders/inbox.ts'
import { plainMrkdwn, sectionTexts } from './mrkdwn.ts'

type Body = Readonly<Record<string, unknown>>

export function messageText({ service, method, url, body }: InboxMessage): string {
  const request = `${method} ${url.host}${url.pathname}`
  if (typeof body !== 'object' || body === null) return request
  const fields = body as Body
  switch (service) {
    case 'slack':
      return slackText(fields) ?? request
    case 'github':
      return githubText(fields) ?? request
    case 'other':
      return typeof fields.type === 'string' ? `${fields.type} to ${url.host}${url.pathname}` : request
  }
}

function slackText({ text, blocks }: Body): string | undefined {
  if (Array.isArray(blocks)) return plainMrkdwn(sectionTexts(blocks) ?? String(text))
  return text === undefined ? undefined : plainMrkdwn(String(text))
}

/** A commit status, a check run by its title, a reaction, or a comment by its text. */
function githubText({ state, context, description, output, conclusion, body, content }: Body): string | undefined {
  if (state !== undefined) return `${stateEmoji(String(state))} ${context} ${description}`
  const { title } = (output ?? {}) as { readonly title?: string }
  if (title !== undefined) return `${stateEmoji(String(conclusion ?? 'pending'))} ${title}`
  if (typeof content === 'string') return `${reactions[content] ?? content} on the comment`
  return typeof body === 'string' ? plainMarkdown(body) : undefined
}

const reactions: Readonly<Record<string, string>> = { eyes: '👀', rocket: '🚀', confused: '😕', '+1': '👍' }

const stateEmoji = (state: string): string =>
  ({ pending: '🟡', success: '✅', failure: '❌', error: '⚠️', cancelled: '🛑', timed_out: '⏰' })[state] ?? '•'

/** Without markup, tables and hidden markers. */
const plainMarkdown = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('<!--') && !line.startsWith('|') && line.trim() !== '')
    .map((line) => line.replace(/\\([^a-z0-9\s])/gi, '$1').replace(/\*\*|`/g, ''))
    .join('\n')
