/** How a sender signs its requests, as data. The engine that reads it is in signature.ts. */

export interface SignatureScheme {
  /** Header with the signature. If the sender has renamed it, list both names; the first one that is present counts. */
  readonly header: string | readonly string[]
  /** `token`: the sender signs nothing and sends the secret itself. */
  readonly algorithm: 'sha256' | 'sha1' | 'sha512' | 'token'
  readonly encoding: 'hex' | 'base64'
  /** Text before each signature: `sha256=`, `v1,`, `v1=`. */
  readonly prefix?: string
  /** Text between the parts of the header, if it can have several. */
  readonly separator?: string
  /** Template of the signed content: `{body}`, `{timestamp}.{body}`, `{id}.{timestamp}.{body}`. Default `{body}`. */
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
    /** Default `s`. */
    readonly unit?: 's' | 'ms'
    /** Allowed difference between the two clocks in seconds, in both directions. Default 300. */
    readonly tolerance?: number
  }
  /** How the key is derived from the secret: its text, its base64 value, or base64 after `whsec_`. Default `utf8`. */
  readonly secret?: 'utf8' | 'base64' | 'whsec'
}
