/** An HTTP request before and after authentication, and the reply to it. */

/** A delivery as it arrived. Nothing about it is authenticated. */
export interface HttpRequest {
  /** Upper case: `POST`. */
  readonly method: string
  /** Not decoded, without the query: `/slack`. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case; a repeated header is one value, joined with ",". */
  readonly headers: Readonly<Record<string, string>>
  /** The bytes that the sender signed. */
  readonly body: Uint8Array
  /** Scheme and host under which the sender reached us: `https://abc.lambda-url.eu-west-1.on.aws`. */
  readonly origin: string
}

declare const proof: unique symbol

/**
 * An authenticated request. Only `markVerified` in core/http/verified-request.ts makes one, so `translate` never gets an unauthenticated
 * request from outside. (`taskhook explain` marks its own sample, which no sender signed.)
 */
export interface VerifiedRequest extends HttpRequest {
  readonly [proof]: true
  /**
   * Identifies the delivery: a redelivery has the same key, so it starts no second run. If the sender signs anything that distinguishes
   * deliveries, the key contains only signed data. Undefined: nothing distinguishes them, so every delivery counts as new.
   */
  readonly deliveryKey: string | undefined
  /** The secret that verified it. Core sets this; an adapter does not. */
  readonly verifiedWith?: 'current' | 'previous'
}

export interface HttpReply {
  /** 200 to 599. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
