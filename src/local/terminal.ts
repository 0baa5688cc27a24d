/** What `taskhook dev` shows: deliveries, runs, what tasks print and what senders are told, a line each, within 80 columns. */
import pc from 'picocolors'
import { messageOf } from '../core/errors.ts'
import type { DeliveryEntry, Log, RunEntry } from '../core/log.ts'
import type { InboxMessage } from './inbox.ts'
import { plainMrkdwn } from './mrkdwn.ts'

export interface Terminal {
  readonly log: Log
  output(run: string | undefined, text: string): void
  message(message: InboxMessage): void
  /** A line of our own. */
  say(text?: string): void
}

export interface TerminalOptions {
  readonly write: (text: string) => void
  readonly now?: () => number
  readonly color?: boolean
  readonly columns?: number
}

const labelWidth = 9

export function createTerminal({
  write,
  now = Date.now,
  color = pc.isColorSupported,
  columns = 80,
}: TerminalOptions): Terminal {
  const c = pc.createColors(color)
  const names = new Map<string, string>()
  const clock = (): string => c.dim(new Date(now()).toTimeString().slice(0, 8))
  const indent = ' '.repeat(9 + labelWidth + 1)

  /** Wrapped at words, the continuation under the text. */
  const line = (label: string, text: string, paint: (text: string) => string = (plain) => plain): void => {
    const lines = wrap(text, columns - indent.length)
    lines.forEach((part, at) => {
      write(`${at === 0 ? `${clock()} ${c.bold(label.padEnd(labelWidth))} ` : indent}${paint(part)}\n`)
    })
  }

  const delivery = (entry: DeliveryEntry): void => {
    const { source, outcome, status, event, actor, reason, runs = [], ms } = entry
    const paint = status >= 500 ? c.red : status >= 400 ? c.yellow : outcome === 'accepted' ? c.cyan : c.dim
    const what = [event, actor === undefined || actor === source ? undefined : `by ${actor}`].filter(Boolean).join(' ')
    const why = outcome === 'accepted' || outcome === 'duplicate' ? runs.map((run) => `run ${run}`).join(', ') : reason
    line(source || '?', `→ ${status} ${outcome} in ${ms} ms${what === '' ? '' : `  ${what}`}`, paint)
    if (why !== undefined && why !== '') line('', why, c.dim)
  }

  const run = ({ run, task, status, exitCode, reason }: RunEntry): void => {
    names.set(run, task)
    const paint = status === 'succeeded' ? c.green : ['queued', 'starting', 'running'].includes(status) ? c.blue : c.red
    const end = [
      exitCode === undefined ? '' : `, exit code ${exitCode}`,
      reason === undefined ? '' : `: ${reason}`,
    ].join('')
    line(task, `● ${status}${end}`, paint)
  }

  const trouble =
    (label: string, paint: (text: string) => string) => (text: string, about?: Parameters<Log['warn']>[1]) => {
      const who = [about?.source, about?.run].filter(Boolean).join(' ')
      const what = about?.error === undefined ? '' : `: ${messageOf(about.error)}`
      line(label, `${text}${who === '' ? '' : ` (${who})`}${what}`, paint)
    }

  return {
    log: { delivery, run, warn: trouble('warning', c.yellow), error: trouble('error', c.red) },
    output: (id, text) => line((id === undefined ? undefined : names.get(id)) ?? 'task', `│ ${text}`),
    message(message) {
      line(message.service, `← ${messageText(message)}`, c.magenta)
    },
    say: (text = '') => write(`${text}\n`),
  }
}

/** The words that a person would have read there. */
function messageText({ service, method, url, body }: InboxMessage): string {
  if (typeof body === 'object' && body !== null) {
    const { text, blocks, state, description, context } = body as Readonly<Record<string, unknown>>
    if (service === 'slack' && Array.isArray(blocks)) return plainMrkdwn(firstSection(blocks) ?? String(text))
    if (service === 'slack' && text !== undefined) return plainMrkdwn(String(text))
    if (service === 'github' && state !== undefined) return `${stateSign(String(state))} ${context} ${description}`
  }
  return `${method} ${url.host}${url.pathname}`
}

const stateSign = (state: string): string => ({ pending: '🟡', success: '✅', failure: '❌', error: '⚠️' })[state] ?? '•'

function firstSection(blocks: readonly unknown[]): string | undefined {
  const [first] = blocks as readonly { text?: { text?: string } }[]
  return first?.text?.text
}

export function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.length - 1
    const joined = lines[last] === '' ? word : `${lines[last]} ${word}`
    if (joined.length <= width || lines[last] === '') lines[last] = joined
    else lines.push(word)
  }
  return lines
}
