/** How a sender signs its requests, as data. The engine that reads it is in signature.ts. */

export interface SignatureScheme {
  /** Header with the signature. If it is a list, all of them that are present count. */
  readonly header: string | readonly string[]
  /** `token`: the sender signs nothing and sends the secret itself. `ed25519`: the secret is the sender's public key. */
  readonly algorithm: 'sha256' | 'sha1' | 'sha512' | 'ed25519' | 'token'
  readonly encoding: 'hex' | 'base64' | 'base64url'
  /** Text before each signature: `sha256=`, `v1,`, `v1=`. */
  readonly prefix?: string
  /** Text between the parts of the header, if it can have several. */
  readonly separator?: string
  /**
   * Template of the signed content, default `{body}`: `{timestamp}.{body}`, `{url}{body}`. See `placeholders`.
   */
  readonly signed?: string
  /** Header with the value of `{id}`. If the id is signed, it identifies the delivery. */
  readonly id?: string | readonly string[]
  readonly timestamp?: {
    /** A header that contains only the timestamp. */
    readonly header?: string | readonly string[]
    /** Prefix of the part of the signature header that contains the timestamp: `t=`. */
    readonly part?: string
    /** A key of the signed JSON body. */
    readonly body?: string
    /** Seconds (default) or milliseconds since the epoch, or a date: RFC 3339, or as in HTTP headers. */
    readonly unit?: TimestampUnit
    /** Allowed difference between the two clocks in seconds, in both directions. Default 300. */
    readonly tolerance?: number
  }
  /** How the key is derived from the secret: its text, its hex or base64 value, or as Standard Webhooks writes it. Default `utf8`. */
  readonly secret?: 'utf8' | 'hex' | 'base64' | 'whsec'
  /** The sender may post a form with the signed JSON in this field: the field is signed, and not the form. */
  readonly formField?: string
}

export type TimestampUnit = 's' | 'ms' | 'date'

/**
 * The placeholders of a template:
 * `{body}`, the bytes of the body; `{id}` and `{timestamp}`, from where the scheme says; `{header:NAME}`, the value of that header;
 * `{method}`, `POST`; `{url}`, the address of the source without a query, or its `publicUrl`; `{path}`, what follows the host in that URL.
 */
export const placeholders = /(\{(?:body|id|timestamp|method|url|path|header:[^{}]{1,100})\})/
