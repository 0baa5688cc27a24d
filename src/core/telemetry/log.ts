/**
 * One log line for each request and each step of a run. Fields are on an allow-list and free objects cannot be logged, so a body, a
 * header, a signature, a secret or an environment variable cannot be logged by accident.
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
  /** A metric that the line counts for. */
  readonly counts?: 'Untold'
}

export interface Log {
  delivery(entry: DeliveryEntry): void
  run(entry: RunEntry): void
  /** An operator should look at it, but nothing is lost. */
  warn(message: string, about?: LogContext): void
  error(message: string, about?: LogContext): void
  /** How long messages were in the queue, in milliseconds. A metric only: there is no line for people. */
  queueAges(ms: readonly number[]): void
}

export interface LogOptions {
  /** The name of the Lambda function. Undefined: the lines contain no metrics, since CloudWatch does not read them. */
  readonly functionName?: string | undefined
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

const levels = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])

/** @param level a level of pino; anything else is `info` @param given where lines go; default: standard output */
export function createLog(
  level: string | undefined,
  given?: DestinationStream,
  { functionName, now = Date.now }: LogOptions = {},
): Log {
  // Synchronous, unlike pino's default: Lambda freezes the process as soon as a handler returns.
  const destination = given ?? pino.destination({ dest: 1, sync: true })
  const logger = createPino(level, destination)
  const emf = (measures: readonly Measure[]): object | undefined =>
    functionName === undefined || measures.length === 0 ? undefined : emfOf(measures, deploymentOf(functionName), now())
  const writeMetrics = (metrics: object | undefined): void => {
    if (metrics !== undefined) destination.write(`${JSON.stringify(metrics)}\n`)
  }
  /** Metrics do not depend on the log level: if the level hides the line, they are a line of their own. */
  const write = (at: Level, message: string, fields: object, measures: readonly Measure[]): void => {
    const metrics = emf(measures)
    if (logger.isLevelEnabled(at)) logger[at]({ ...fields, ...metrics }, message)
    else writeMetrics(metrics)
  }
  return {
    delivery: (entry) =>
      write(levelOf(entry), `delivery ${entry.outcome}`, deliveryFields(entry), measuresOfDelivery(entry)),
    run: (entry) => write('info', `run ${entry.status}`, runFields(entry), measuresOfRun(entry)),
    warn: (message, about = {}) => write('warn', message, contextFields(about), countOf(about)),
    error: (message, about = {}) => write('error', message, contextFields(about), countOf(about)),
    queueAges: (ms) => writeMetrics(emf(ms.length === 0 ? [] : [{ name: 'QueueAge', value: ms }])),
  }
}

const createPino = (level: string | undefined, destination: DestinationStream): Logger =>
  pino(
    {
      level: level !== undefined && levels.has(level) ? level : 'info',
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }) },
    },
    { write: (line) => destination.write(escapeControls(line)) },
  )

/** JSON does not escape all characters that control a terminal: DEL, the C1 controls, and changes of the writing direction. */
const escapeControls = (line: string): string =>
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
  const about = { event, delivery, actor, runs, trace, secret, reason, sealedSecret: entry.sealedSecret, routes }
  return { source, outcome, status, bytes, ms, ...about }
}

/** The one place with the public names: a refusal's `kind` is `class` in the log, and its `class` is `refused`. */
function runFields(entry: RunEntry): object {
  const { run, task, source, trace, status, taskArn, attempt, toRunningMs, exitCode, reason, detail } = entry
  const refusal = { class: entry.kind, refused: entry.class }
  return { run, task, source, trace, status, taskArn, attempt, ...refusal, toRunningMs, exitCode, reason, detail }
}

const countOf = ({ counts }: LogContext): readonly Measure[] =>
  counts === undefined ? [] : [{ name: counts, value: 1 }]

function contextFields({ run, runs, source, trace, error }: LogContext) {
  const fields = { run, runs, source, trace }
  if (error === undefined) return fields
  const cause = error instanceof Error && error.cause !== undefined ? withoutUrls(messageOf(error.cause)) : undefined
  return {
    ...fields,
    error: withoutUrls(messageOf(error)),
    type: error instanceof Error ? error.name : typeof error,
    cause,
  }
}

/** A `response_url` is a secret, and an error of `fetch` may quote the URL. */
const withoutUrls = (text: string): string => withoutTokens(text).replace(/https?:\/\/[^\s"'<>]+/g, '<url>')

/** An error of `fetch` quotes a header that it cannot send. */
export const withoutTokens = (text: string): string => text.replace(/\b(bearer|token|basic)\s[\s\S]*/i, '$1 <hidden>')
