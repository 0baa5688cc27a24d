/** One family of errors, and what the outside sees of each: its HTTP status, and its text if that is public. */

/** One thing that is wrong, where it is, and what to do about it. */
export interface Problem {
  /** Where: `dataset`, `routes[2].event`. Empty if it is about the whole. */
  readonly path: string
  /** What is wrong and what to do, for the person who reads it. */
  readonly message: string
}

export type ErrorCode =
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'gone'
  | 'too-large'
  | 'address-too-long'
  | 'headers-too-large'
  | 'unprocessable'
  | 'too-many'
  | 'internal'
  | 'unavailable'
  | 'paused'

/** The only place where an error becomes a status code. */
export const httpStatusOf: Readonly<Record<ErrorCode, number>> = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  gone: 410,
  'too-large': 413,
  'address-too-long': 414,
  unprocessable: 422,
  'too-many': 429,
  'headers-too-large': 431,
  internal: 500,
  unavailable: 503,
  paused: 503,
}

export class TaskhookError extends Error {
  override readonly name: string = 'TaskhookError'
  readonly code: ErrorCode
  readonly problems: readonly Problem[]
  /** Seconds. */
  readonly retryAfter: number | undefined
  /** The methods that are allowed, for `method-not-allowed`: `GET, POST`. */
  readonly allow: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { problems?: readonly Problem[]; cause?: unknown; retryAfter?: number; allow?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.problems = options.problems ?? []
    this.retryAfter = options.retryAfter
    this.allow = options.allow
  }
}

/**
 * The sender could not be authenticated. Every reason looks the same from outside (401 "invalid signature"); `reason` is for the log
 * only and never holds a secret, a signature or a part of the body.
 */
export class Unauthorized extends TaskhookError {
  override readonly name = 'Unauthorized'
  readonly reason: string

  constructor(reason: string) {
    super('unauthorized', 'invalid signature')
    this.reason = reason
  }
}

/** The sender is authenticated, and the request cannot be read. */
export class BadRequest extends TaskhookError {
  override readonly name = 'BadRequest'

  constructor(message: string, cause?: unknown) {
    super('bad-request', message, { cause })
  }
}

/** The request was read and asks for something that is not possible. It holds every problem at once. */
export class Unprocessable extends TaskhookError {
  override readonly name = 'Unprocessable'

  constructor(message: string, problems: readonly Problem[]) {
    super('unprocessable', message, { problems })
  }
}

/** An address from outside that is not a public HTTPS address. Another attempt would not help. */
export class NotPublic extends Error {
  override readonly name = 'NotPublic'
}

/** The text of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What the outside may see of an error. */
export interface PublicError {
  readonly code: ErrorCode
  readonly status: number
  readonly text: string
  readonly problems: readonly Problem[]
  /** Seconds. */
  readonly retryAfter: number | undefined
  readonly allow: string | undefined
  /** It is our own failure: the text does not say more, and the log has the error. */
  readonly isFailure: boolean
}

/** The one mapping of errors for replies, answers and log lines. Anything thrown that is not of the family is `internal`. */
export function toPublicError(error: unknown): PublicError {
  const { code, message, problems, retryAfter, allow } =
    error instanceof TaskhookError ? error : new TaskhookError('internal', '')
  const status = httpStatusOf[code]
  // A pause is a 503 that an operator wants people to read.
  const isFailure = status >= 500 && code !== 'paused'
  const text = isFailure ? 'taskhook failed; its log says why' : message
  return { code, status, text, problems, retryAfter, allow, isFailure }
}
