/**
 * One family of errors. A leaf is a decision somebody takes: what the sender is told (the table below) and what the log says.
 * Text reaches the sender only where `isTellable`; `cause` keeps the rest for the log.
 */

/** One thing that is wrong, where it is, and what to do about it. */
export interface Problem {
  /** Where: `dataset`, `routes[2].event`. Empty where the whole is meant. */
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

/** From 500 on it is our own failure, and said to nobody outside; a pause is an operator's word to whoever asks. */
export const isPublic = (code: ErrorCode): boolean => httpStatusOf[code] < 500 || code === 'paused'

export class TaskhookError extends Error {
  override readonly name: string = 'TaskhookError'
  readonly code: ErrorCode
  readonly problems: readonly Problem[]
  /** Seconds. */
  readonly retryAfter: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { problems?: readonly Problem[]; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.problems = options.problems ?? []
    this.retryAfter = options.retryAfter
  }
}

/**
 * The sender could not be proven. Every reason looks the same from outside (401 "invalid signature"); `reason` is for the log alone
 * and never holds a secret, a signature or a part of the body.
 */
export class Unauthorized extends TaskhookError {
  override readonly name = 'Unauthorized'
  readonly reason: string

  constructor(reason: string) {
    super('unauthorized', 'invalid signature')
    this.reason = reason
  }
}

/** The request was proven and cannot be read. */
export class BadRequest extends TaskhookError {
  override readonly name = 'BadRequest'

  constructor(message: string, cause?: unknown) {
    super('bad-request', message, { cause })
  }
}

/** The request was read and asks for something that the task does not take: every problem at once. */
export class Unprocessable extends TaskhookError {
  override readonly name = 'Unprocessable'

  constructor(message: string, problems: readonly Problem[]) {
    super('unprocessable', message, { problems })
  }
}

/** An address that somebody outside chose is none that may be gone to; trying again will not help. */
export class NotPublic extends Error {
  override readonly name = 'NotPublic'
}

/** The text of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
