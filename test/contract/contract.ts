/** What a test file says about its adapter, and how the tests of the contract send a delivery to it. */
import type { Adapter, Json, Translation, VerifiedRequest } from '../../src/core/adapter.ts'
import type { Body, Headers } from '../support/sign.ts'
import { requestOf } from './request.ts'

export interface Recording {
  readonly name: string
  readonly body: Body
  /** What the sender sends in addition to the headers that `sign` makes. */
  readonly headers?: Headers
}

export interface Contract {
  readonly adapter: Adapter
  readonly secrets: { readonly current: string; readonly previous: string; readonly wrong: string }
  /** The headers that authenticate a recording. @param seconds since the epoch, for a sender that signs a timestamp */
  sign(recording: Recording, secret: string, seconds: number): Headers
  /** Deliveries that ask for a run (or for help), all of them different. */
  readonly recordings: readonly [Recording, Recording, ...Recording[]]
  /** Authentic deliveries that start no run: a handshake, an event that means nothing to taskhook. */
  readonly startingNoRun?: readonly Recording[]
  /** Authentic deliveries that cannot be read. */
  readonly unreadable: readonly Recording[]
  /** Headers without which a delivery is not authenticated. The first contains the signature. */
  readonly authHeaders: readonly [string, ...string[]]
  /** Allowed difference of a signed timestamp to the clock in seconds. Undefined: the sender signs no timestamp. */
  readonly tolerance?: number
  /** The signature header is a list, so if it comes twice, that is just a longer list. */
  readonly signatureList?: true
  /** The sender signs nothing, and sends the secret itself. */
  readonly sendsSecret?: true
  /** What identifies a delivery: data that the sender signs, or only the Idempotency-Key. */
  readonly deliveryKeyFrom: 'signed-data' | 'idempotency-key'
}

/** The time of the tests: 2026-03-01T10:00:00Z. */
export const seconds = 1_772_359_200
const now = seconds * 1000

/** A contract with the steps that its tests share. */
export interface Case extends Contract {
  readonly first: Recording
  readonly signs: boolean
  /** All headers of a recording. Default: signed with the current secret, now. */
  headersOf(recording: Recording, secret?: string, at?: number): Headers
  /** Rejects both if `verify` throws and if it rejects. @param secrets default: the current one */
  verify(body: Body, headers: Headers, secrets?: readonly string[]): Promise<VerifiedRequest>
  verified(recording: Recording): Promise<VerifiedRequest>
  translated(recording: Recording): Promise<Translation>
  /** Null for a recording that starts no run. */
  replyAddressOf(recording: Recording): Promise<Json>
}

export function caseOf(contract: Contract): Case {
  const { adapter, secrets, recordings } = contract
  const headersOf = (recording: Recording, secret = secrets.current, at = seconds): Headers => ({
    ...recording.headers,
    ...contract.sign(recording, secret, at),
  })
  const verify = async (body: Body, headers: Headers, known: readonly string[] = [secrets.current]) =>
    adapter.verify(requestOf(body, headers), known, now)
  const verified = (recording: Recording) => verify(recording.body, headersOf(recording))
  const translated = async (recording: Recording) => adapter.translate(await verified(recording))
  return {
    ...contract,
    first: recordings[0],
    signs: contract.sendsSecret !== true,
    ...{ headersOf, verify, verified, translated },
    async replyAddressOf(recording) {
      const translation = await translated(recording)
      return 'trigger' in translation ? translation.trigger.replyAddress : null
    },
  }
}

export const without = (headers: Headers, header: string): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== header))

/** The token that the adapter gets for calls to its sender. */
export const senderToken = 'ghs_TokenThatSpeaksToTheSender'

export const allSecrets = ({ secrets }: Contract): readonly string[] => [...Object.values(secrets), senderToken]
