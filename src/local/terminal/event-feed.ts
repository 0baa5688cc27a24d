/**
 * What `taskhook dev` shows: deliveries, runs, what tasks print and what senders are told, a line each, within 80 columns. Much of it
 * was written by others, so nothing reaches the terminal but what `printable` lets through.
 */
import { stripVTControlCharacters } from 'node:util'
import pc from 'picocolors'
import { messageOf } from '../../core/errors.ts'
import type { Report } from '../../core/model/progress.ts'
import { isTerminal } from '../../core/model/run.ts'
import type { Log } from '../../core/telemetry/log.ts'
import type { DeliveryEntry, RunEntry } from '../../core/telemetry/log-entries.ts'
import { durationText } from '../../core/text/quantities.ts'
import type { InboxMessage } from '../senders/inbox.ts'
import { plainMrkdwn } from './mrkdwn.ts'

export interface Terminal {
  readonly log: Log
  output(run: string | undefined, text: string): void
  message(message: InboxMessage): void
  /** What a container has said of itself. */
  report(run: string, body: string): void
  /** What a sender was answered at once, where the delivery's own line does not say it all. */
  reply(source: string, body: string): void
  /** What goes wrong because somebody asked for it. */
  fault(text: string): void
  /** A line of our own. */
  say(text?: string): void
}

export interface TerminalOptions {
  readonly write: (text: string) => void
  readonly now?: () => number
  readonly color?: boolean
  readonly columns?: number
  /** Names that will stand in the second column, so that it is wide enough. */
  readonly labels?: readonly string[]
}

const clockWidth = 9
/** Columns of a label: enough for the longest, within reason. */
const [leastLabel, mostLabel] = [9, 20]
/** Columns that are left for the text, however narrow the terminal is. */
const leastText = 20

export function createTerminal({
  write,
  now = Date.now,
  color = pc.isColorSupported,
  columns = 80,
  labels = [],
}: TerminalOptions): Terminal {
  const c = pc.createColors(color)
  const names = new Map<string, string>()
  /** Runs that have not ended, and those that had company of their own task: their lines say whose they are. */
  const live = new Set<string>()
  const accompanied = new Set<string>()
  /** What runs printed before they were known to run: a quick program is faster than the news of its start. */
  const early = new Map<string, string[]>()
  const clock = (): string => c.dim(new Date(now()).toTimeString().slice(0, 8))
  const labelWidth = Math.min(mostLabel, Math.max(leastLabel, ...labels.map((label) => label.length)))
  const indent = ' '.repeat(clockWidth + labelWidth + 1)
  const textWidth = Math.max(leastText, columns - indent.length)

  /** Wrapped at words, the continuation under the text. `mark` stands before each of its lines. */
  const line = (label: string, text: string, paint: (text: string) => string = (plain) => plain, mark = ''): void => {
    const name = printable(label)
    const short = name.length > labelWidth ? `${name.slice(0, labelWidth - 1)}…` : name.padEnd(labelWidth)
    const lines = text.split(/\r?\n/).flatMap((part) => wrap(printable(part), textWidth - mark.length))
    lines.forEach((part, at) => {
      write(`${at === 0 ? `${clock()} ${c.bold(short)} ` : indent}${paint(`${mark}${part}`.trimEnd())}\n`)
    })
  }

  const delivery = (entry: DeliveryEntry): void => {
    const { source, outcome, status, event, actor, reason, runs = [], ms } = entry
    // What it said is shown by `report`.
    if (outcome === 'progress') return
    const paint = status >= 500 ? c.red : status >= 400 ? c.yellow : outcome === 'accepted' ? c.cyan : c.dim
    const what = [event, actor === undefined || actor === source ? undefined : `by ${actor}`].filter(Boolean).join(' ')
    const why = outcome === 'accepted' || outcome === 'duplicate' ? runs.map((run) => `run ${run}`).join(', ') : reason
    line(source || '?', `→ ${status} ${outcome} in ${ms} ms${what === '' ? '' : `  ${what}`}`, paint)
    if (why !== undefined && why !== '') line('', why, c.dim)
    if (outcome === 'accepted') for (const run of runs) early.set(run, [])
  }

  const meet = (run: string, task: string): void => {
    const others = [...live].filter((other) => other !== run && names.get(other) === task)
    for (const each of others.length > 0 ? [run, ...others] : []) accompanied.add(each)
    live.add(run)
  }
  const tagOf = (run: string): string => (accompanied.has(run) ? `${run.slice(0, 4)} ` : '')

  const output = (run: string | undefined, text: string): void => {
    const tag = run === undefined ? '' : tagOf(run)
    line((run === undefined ? undefined : names.get(run)) ?? 'task', cut(text), undefined, `${tag}│ `)
  }

  const run = ({ run, task, status, exitCode, reason, againMs }: RunEntry): void => {
    names.set(run, task)
    meet(run, task)
    if (isTerminal(status)) live.delete(run)
    const paint = status === 'succeeded' ? c.green : ['queued', 'starting', 'running'].includes(status) ? c.blue : c.red
    const end = [
      exitCode === undefined ? '' : `, exit code ${exitCode}`,
      reason === undefined || reason === `the container exited with ${exitCode}` ? '' : `: ${reason}`,
      againMs === undefined ? '' : `; again in ${durationText(Math.ceil(againMs / 1000))}`,
    ].join('')
    const news = `${tagOf(run)}● ${status}${end}`
    if (status === 'queued' || status === 'starting') {
      line(task, news, paint)
      return
    }
    const held = early.get(run) ?? []
    early.delete(run)
    if (status === 'running') line(task, news, paint)
    for (const text of held) output(run, text)
    if (status !== 'running') line(task, news, paint)
  }

  const trouble =
    (label: string, paint: (text: string) => string) => (text: string, about?: Parameters<Log['warn']>[1]) => {
      const who = [about?.source, about?.run].filter(Boolean).join(' ')
      const what = about?.error === undefined ? '' : `: ${messageOf(about.error)}`
      line(label, `${text}${who === '' ? '' : ` (${who})`}${what}`, paint)
    }

  return {
    log: { delivery, run, warn: trouble('warning', c.yellow), error: trouble('error', c.red), waits() {} },
    output(id, text) {
      const held = id === undefined ? undefined : early.get(id)
      if (held === undefined) output(id, text)
      else held.push(text)
    },
    message(message) {
      // What is only asked for is told to nobody.
      if (message.method !== 'GET' && !/\/access_tokens$/.test(message.url.pathname))
        for (const text of messageText(message).split('\n')) line(message.service, `← ${text}`, c.magenta)
    },
    report(run, body) {
      line(names.get(run) ?? 'task', `${tagOf(run)}↑ ${reportText(body)}`, c.blue)
    },
    reply(source, body) {
      for (const text of replyLines(body)) line(source, `← ${text}`, c.magenta)
    },
    fault: (text) => line('fault', `⚡ ${text}`, c.yellow),
    say: (text = '') => write(`${text}\n`),
  }
}

/** Slack's words, and the problems of a refusal; nothing of what is said in JSON to a program. */
function replyLines(body: string): readonly string[] {
  const { response_type, blocks, text, problems } = parsed(body)
  if (response_type !== undefined) {
    const said = Array.isArray(blocks) ? sectionsOf(blocks) : undefined
    return plainMrkdwn(said ?? String(text ?? '')).split('\n')
  }
  if (!Array.isArray(problems)) return []
  return (problems as readonly { path: string; message: string }[]).map(({ path, message }) =>
    `${path} ${message}`.trim(),
  )
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}

/** The words that a person would have read there. */
function messageText({ service, method, url, body }: InboxMessage): string {
  if (typeof body === 'object' && body !== null) {
    const { text, blocks, state, description, context } = body as Readonly<Record<string, unknown>>
    if (service === 'slack' && Array.isArray(blocks)) return plainMrkdwn(sectionsOf(blocks) ?? String(text))
    if (service === 'slack' && text !== undefined) return plainMrkdwn(String(text))
    if (service === 'github' && state !== undefined) return `${stateSign(String(state))} ${context} ${description}`
    const said = service === 'github' ? githubText(body as Readonly<Record<string, unknown>>) : undefined
    if (said !== undefined) return said
    const { type } = body as { readonly type?: unknown }
    if (service === 'other' && typeof type === 'string') return `${type} to ${url.host}${url.pathname}`
  }
  return `${method} ${url.host}${url.pathname}`
}

const reactions: Readonly<Record<string, string>> = { eyes: '👀', rocket: '🚀', confused: '😕', '+1': '👍' }

/** A check run by its title, a comment by its first line, a reaction by itself. */
function githubText({ output, conclusion, body, content }: Readonly<Record<string, unknown>>): string | undefined {
  const { title } = (output ?? {}) as { readonly title?: string }
  if (title !== undefined) return `${stateSign(String(conclusion ?? 'pending'))} ${title}`
  if (typeof content === 'string') return `${reactions[content] ?? content} on the comment`
  if (typeof body !== 'string') return undefined
  // Markdown's escapes are for Markdown.
  const lines = body
    .split('\n')
    .filter((line) => !line.startsWith('<!--') && !line.startsWith('|') && line.trim() !== '')
  return lines.map((line) => line.replace(/\\([^a-z0-9\s])/gi, '$1').replace(/\*\*|`/g, '')).join('\n')
}

/** `40 %: reading · rows=1200 · Report https://…` */
function reportText(body: string): string {
  const { percent, message, outputs, links } = parsed(body) as Report
  const said = [percent === undefined ? '' : `${percent} %`, message ?? ''].filter(Boolean).join(': ')
  const made = Object.entries(outputs ?? {}).map(([name, value]) => `${name}=${value}`)
  return [said, ...made, ...(links ?? []).map(({ label, url }) => `${label} ${url}`)].filter(Boolean).join(' · ')
}

/** To look for escape sequences in a line costs the square of its length. */
const longestLine = 4000
const cut = (text: string): string => {
  const lines = text.split('\n').map((each) => (each.length > longestLine ? `${each.slice(0, longestLine)}…` : each))
  return lines.join('\n')
}

const stateSign = (state: string): string =>
  ({ pending: '🟡', success: '✅', failure: '❌', error: '⚠️', cancelled: '🛑', timed_out: '⏰' })[state] ?? '•'

/** What stands in large letters: not the small print, and no buttons. */
function sectionsOf(blocks: readonly unknown[]): string | undefined {
  const texts = (blocks as readonly { type?: string; text?: { text?: string } }[]).flatMap(({ type, text }) =>
    type === 'section' && text?.text !== undefined ? [text.text] : [],
  )
  return texts.length === 0 ? undefined : texts.join('\n')
}

/**
 * Text as a terminal may show it: colours and other escape sequences are left out, and what else could move the cursor, ring the bell
 * or turn the direction of writing is shown as a sign.
 */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .split('\t')
    .map((cell, at, cells) =>
      at === cells.length - 1 ? cell : cell + ' '.repeat(tabWidth - (widthOf(cell) % tabWidth)),
    )
    .join('')
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (char) =>
      char < ' ' ? String.fromCharCode(0x2400 + char.charCodeAt(0)) : '\ufffd',
    )

const tabWidth = 8

/** Lines that are `width` columns wide at most: broken at a space where there is one, else within the word. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let rest = text.trimEnd()
  for (let end = fitting(rest, width); end < rest.length; end = fitting(rest, width)) {
    const space = rest.lastIndexOf(' ', end)
    const at = rest.slice(0, Math.max(0, space)).trim() === '' ? end : space
    lines.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).trimStart()
  }
  return [...lines, rest]
}

/** How much of the text is `width` columns wide. */
function fitting(text: string, width: number): number {
  let columns = 0
  let end = 0
  for (const char of text) {
    columns += widthOf(char)
    if (columns > width && end > 0) return end
    end += char.length
  }
  return end
}

const wide =
  /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|[\u3000-\u303f\uff01-\uff60]/u
const without = /[\p{Mn}\p{Me}\u200b-\u200d]/u

/** Columns: two for emoji and the scripts of East Asia, none for accents that stand on another letter. */
export function widthOf(text: string): number {
  let columns = 0
  // The variation selector makes an emoji of a sign that was narrow.
  for (const char of text) columns += wide.test(char) ? 2 : without.test(char) && char !== '\ufe0f' ? 0 : 1
  return columns
}
