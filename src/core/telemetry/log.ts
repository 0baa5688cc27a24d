/**
 * One line per delivery and one per step of a run, by allow-list: there is no way to log a free object, so a body, a header's value,
 * a signature, a secret or an env value cannot get in by accident.
 */
import { type DestinationStream, type Logger, pino } from 'pino'
import { messageOf } from '../errors.ts'
import type { DeliveryEntry, RunEntry } from './log-entries.ts'
import { deploymentOf, emfOf, type Measure, measuresOfDelivery, measuresOfRun } from './metrics.ts'

/** What a warning or an error is about. */
export interface LogContext {
  readonly run?: string
  readonly runs?: readonly string[]
  readonly source?: string
  readonly trace?: string
  readonly error?: unknown
  /** It is counted, too. */
  readonly counts?: 'Untold'
}

export interface Log {
  delivery(entry: DeliveryEntry): void
  run(entry: RunEntry): void
  /** Something that an operator should mend, though nothing is lost yet. */
  warn(message: string, about?: LogContext): void
  error(message: string, about?: LogContext): void
  /** How long commands have waited in the queue, in milliseconds: a number for CloudWatch, and no line for people. */
  waits(ms: readonly number[]): void
}

export interface LogOptions {
  /** Of Lambda. Undefined: nobody reads metrics out of these lines, so none are in them. */
  readonly functionName?: string | undefined
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

const levels = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])

/** @param level of pino; anything else counts as `info` */
export function createLog(
  level: string | undefined,
  given?: DestinationStream,
  { functionName, now = Date.now }: LogOptions = {},
): Log {
  const options = {
    level: level !== undefined && levels.has(level) ? level : 'info',
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  // Synchronous, since Lambda freezes the process as soon as a handler has returned; pino's own default is not.
  const destination = given ?? pino.destination({ dest: 1, sync: true })
  const logger: Logger = pino(options, { write: (line) => destination.write(visible(line)) })
  const emf = (measures: readonly Measure[]): object | undefined =>
    functionName === undefined || measures.length === 0 ? undefined : emfOf(measures, deploymentOf(functionName), now())
  const alone = (numbers: object | undefined): void => {
    if (numbers !== undefined) destination.write(`${JSON.stringify(numbers)}\n`)
  }
  /** Numbers are counted whatever the level lets through: where it keeps the line back, they are a line of their own. */
  const write = (at: Level, message: string, fields: object, measures: readonly Measure[]): void => {
    const numbers = emf(measures)
    if (logger.isLevelEnabled(at)) logger[at]({ ...fields, ...numbers }, message)
    else alone(numbers)
  }
  return {
    delivery: (entry) =>
      write(levelOf(entry), `delivery ${entry.outcome}`, deliveryFields(entry), measuresOfDelivery(entry)),
    run: (entry) => write('info', `run ${entry.status}`, runFields(entry), measuresOfRun(entry)),
    warn: (message, about = {}) => write('warn', message, safe(about), countOf(about)),
    error: (message, about = {}) => write('error', message, safe(about), countOf(about)),
    waits: (ms) => alone(emf(ms.length === 0 ? [] : [{ name: 'QueueAge', value: ms }])),
  }
}

/** JSON leaves in what a terminal obeys all the same: DEL, the C1 controls, and what turns the direction of writing. */
const visible = (line: string): string =>
  line.replace(
    /[\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

type Level = 'info' | 'warn' | 'error'

const levelOf = ({ outcome }: DeliveryEntry): Level =>
  outcome === 'failed' ? 'error' : outcome === 'unauthorized' ? 'warn' : 'info'

function deliveryFields(entry: DeliveryEntry): object {
  const { source, outcome, status, bytes, ms, event, delivery, actor, runs, trace, reason, routes } = entry
  const secret = entry.secret === 'previous' ? entry.secret : undefined
  return { source, outcome, status, bytes, ms, event, delivery, actor, runs, trace, secret, reason, routes }
}

function runFields(entry: RunEntry): object {
  const { run, task, source, trace, status, taskArn, attempt, class: kind, refused, detail, ...rest } = entry
  const { toRunningMs, exitCode, reason } = rest
  const step = { taskArn, attempt, class: kind, refused, toRunningMs, exitCode, reason, detail }
  return { run, task, source, trace, status, ...step }
}

const countOf = ({ counts }: LogContext): readonly Measure[] =>
  counts === undefined ? [] : [{ name: counts, value: 1 }]

function safe({ run, runs, source, trace, error }: LogContext) {
  const named = { run, runs, source, trace }
  if (error === undefined) return named
  const cause = error instanceof Error && error.cause !== undefined ? withoutUrls(messageOf(error.cause)) : undefined
  return {
    ...named,
    error: withoutUrls(messageOf(error)),
    type: error instanceof Error ? error.name : typeof error,
    cause,
  }
}

/** A response_url is a bearer secret, and messages of `fetch` like to quote the URL that failed. */
const withoutUrls = (text: string): string => withoutTokens(text).replace(/https?:\/\/[^\s"'<>]+/g, '<url>')

/** `fetch` quotes a header that it will not send. */
export const withoutTokens = (text: string): string => text.replace(/\b(bearer|token|basic)\s[\s\S]*/i, '$1 <hidden>')
