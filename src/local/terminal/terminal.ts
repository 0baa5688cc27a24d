/** What `taskhook dev` prints: deliveries, runs, the output of tasks and messages to senders, within the columns of the terminal. */
import pc from 'picocolors'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/telemetry/log.ts'
import type { DeliveryEntry } from '../../core/telemetry/log-entries.ts'
import type { InboxMessage } from '../senders/inbox.ts'
import { createLineWriter, type LineWriter, type LineWriterOptions, type Paint } from './line-writer.ts'
import { deliveryText, progressText } from './log-text.ts'
import { messageText } from './message-text.ts'
import { replyLines } from './reply-text.ts'
import { createRunLines } from './run-lines.ts'

export interface Terminal {
  readonly log: Log
  /** A line that a task printed. */
  output(run: string | undefined, text: string): void
  /** A message to a sender. */
  message(message: InboxMessage): void
  /** A progress report that a container sent. */
  progress(run: string, body: string): void
  /** The HTTP response to a sender, as far as the line of the delivery does not already say it. */
  reply(source: string, body: string): void
  /** An injected fault. */
  fault(text: string): void
  /** A line as it is, without time and label. */
  print(text?: string): void
}

export interface TerminalOptions extends Omit<LineWriterOptions, 'color'> {
  readonly color?: boolean
  /** Opens `sealedSecret` of a delivery. Default: it is not shown. */
  readonly openSealed?: (sealed: string, source: string) => string | undefined
}

type Colors = ReturnType<typeof pc.createColors>

export function createTerminal({
  color = pc.isColorSupported,
  openSealed = () => undefined,
  ...options
}: TerminalOptions): Terminal {
  const colors = pc.createColors(color)
  const line = createLineWriter({ ...options, color })
  const runs = createRunLines(line, colors)
  return {
    log: {
      delivery(entry) {
        printDelivery(entry, line, colors)
        const secret = entry.sealedSecret === undefined ? undefined : openSealed(entry.sealedSecret, entry.source)
        if (secret !== undefined) line('', `store it as the secret of ${entry.source}: ${secret}`, colors.yellow)
        if (entry.outcome === 'accepted') for (const run of entry.runs ?? []) runs.expect(run)
      },
      run: runs.update,
      warn: problemPrinter(line, 'warning', colors.yellow),
      error: problemPrinter(line, 'error', colors.red),
      queueAges() {},
    },
    output: runs.output,
    message(message) {
      // These requests are not messages: a GET only reads, and the other one fetches a token of a GitHub App.
      if (message.method === 'GET' || /\/access_tokens$/.test(message.url.pathname)) return
      for (const text of messageText(message).split('\n')) line(message.service, `← ${text}`, colors.magenta)
    },
    progress: (run, body) => runs.progress(run, progressText(body)),
    reply(source, body) {
      for (const text of replyLines(body)) line(source, `← ${text}`, colors.magenta)
    },
    fault: (text) => line('fault', `⚡ ${text}`, colors.yellow),
    print: (text = '') => options.write(`${text}\n`),
  }
}

function printDelivery(entry: DeliveryEntry, line: LineWriter, { red, yellow, cyan, dim }: Colors): void {
  const { source, outcome, status } = entry
  // Its content is printed by `progress`.
  if (outcome === 'progress') return
  const paint = status >= 500 ? red : status >= 400 ? yellow : outcome === 'accepted' ? cyan : dim
  const { summary, detail } = deliveryText(entry)
  line(source || '?', summary, paint)
  if (detail !== '') line('', detail, dim)
}

const problemPrinter =
  (line: LineWriter, label: string, paint: Paint): Log['warn'] =>
  (text, about) => {
    const where = [about?.source, about?.run].filter(Boolean).join(' ')
    const cause = about?.error === undefined ? '' : `: ${messageOf(about.error)}`
    line(label, `${text}${where === '' ? '' : ` (${where})`}${cause}`, paint)
  }
