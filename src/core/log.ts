/**
 * One line per delivery and one per step of a run, by allow-list: there is no way to log a free object, so a body, a header's value,
 * a signature, a secret or an env value cannot get in by accident.
 */
import { type DestinationStream, type Logger, pino } from 'pino'
import { messageOf } from './errors.ts'
import type { Verdict } from './route.ts'
import type { RunStatus } from './run.ts'

/** What became of one inbound request. */
export interface DeliveryEntry {
  readonly source: string
  readonly outcome:
    | 'accepted'
    | 'duplicate'
    | 'ignored'
    | 'replied'
    | 'help'
    | 'controlled'
    | 'asked'
    | 'errand'
    | 'progress'
    | 'refused'
    | 'unauthorized'
    | 'failed'
  readonly status: number
  readonly bytes: number
  readonly ms: number
  readonly event?: string
  readonly delivery?: string
  readonly actor?: string
  readonly runs?: readonly string[]
  /** Why it was refused or ignored, or why the signature did not hold: our words only. */
  readonly reason?: string
  /** Which routes were tried, and why each did or did not match. */
  readonly routes?: readonly Verdict[]
}

/** A step in the life of a run. */
export interface RunEntry {
  readonly run: string
  readonly task: string
  readonly status: RunStatus
  readonly taskArn?: string
  readonly attempt?: number
  readonly exitCode?: number
  readonly reason?: string
  /** What kind of refusal it was, what is done about it, and how AWS says it. */
  readonly refused?: string
  readonly retry?: string
  readonly detail?: string
}

export interface Log {
  delivery(entry: DeliveryEntry): void
  run(entry: RunEntry): void
  /** Something that an operator should mend, though nothing is lost yet. */
  warn(message: string, about?: { readonly run?: string; readonly source?: string; readonly error?: unknown }): void
  error(message: string, about?: { readonly run?: string; readonly source?: string; readonly error?: unknown }): void
}

const levels = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])

/** @param level of pino; anything else counts as `info` */
export function createLog(level: string | undefined, destination?: DestinationStream): Log {
  const options = {
    level: level !== undefined && levels.has(level) ? level : 'info',
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  // Synchronous, since Lambda freezes the process as soon as a handler has returned; pino's own default is not.
  const logger: Logger = pino(options, destination ?? pino.destination({ dest: 1, sync: true }))
  return {
    delivery: ({ source, outcome, status, bytes, ms, event, delivery, actor, runs, reason, routes }) =>
      logger[outcome === 'failed' ? 'error' : outcome === 'unauthorized' ? 'warn' : 'info'](
        { source, outcome, status, bytes, ms, event, delivery, actor, runs, reason, routes },
        `delivery ${outcome}`,
      ),
    run: ({ run, task, status, taskArn, attempt, exitCode, reason, refused, retry, detail }) =>
      logger.info({ run, task, status, taskArn, attempt, exitCode, reason, refused, retry, detail }, `run ${status}`),
    warn: (message, about) => logger.warn(safe(about), message),
    error: (message, about) => logger.error(safe(about), message),
  }
}

function safe({ run, source, error }: { run?: string; source?: string; error?: unknown } = {}) {
  if (error === undefined) return { run, source }
  const cause = error instanceof Error && error.cause !== undefined ? withoutUrls(messageOf(error.cause)) : undefined
  return {
    run,
    source,
    error: withoutUrls(messageOf(error)),
    type: error instanceof Error ? error.name : typeof error,
    cause,
  }
}

/** A response_url is a bearer secret, and messages of `fetch` like to quote the URL that failed. */
const withoutUrls = (text: string): string => withoutTokens(text).replace(/https?:\/\/[^\s"'<>]+/g, '<url>')

/** `fetch` quotes a header that it will not send. */
export const withoutTokens = (text: string): string => text.replace(/\b(bearer|token|basic)\s[\s\S]*/i, '$1 <hidden>')
