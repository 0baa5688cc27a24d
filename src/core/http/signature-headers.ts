/** Reads the parts of a signature from the headers of a request. None of them is trusted until the signature matches. */
import type { HttpRequest } from '../adapter.ts'
import { Unauthorized } from '../errors.ts'
import type { SignatureScheme } from './signature-scheme.ts'

export interface SignatureHeaders {
  /** Without their prefix. At least one. */
  readonly signatures: readonly string[]
  /** Digits only. Undefined: the scheme has no timestamp in a header. */
  readonly timestamp: string | undefined
  readonly id: string | undefined
}

/** A sender that rotates its secret sends two. Each costs a comparison, so a header with thousands must not be worth sending. */
const maxSignatures = 20

/** @throws {Unauthorized} if the signature or the timestamp is missing or malformed */
export function readSignatureHeaders(scheme: SignatureScheme, request: HttpRequest): SignatureHeaders {
  const header = headerOf(request, scheme.header)
  if (header === undefined) throw new Unauthorized('no signature header')
  const parts = scheme.separator === undefined ? [header] : header.split(scheme.separator).map((part) => part.trim())
  const prefix = scheme.prefix ?? ''
  const signatures = parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length))
  if (signatures.length === 0 || signatures.length > maxSignatures)
    throw new Unauthorized('the signature header is malformed')
  return {
    signatures,
    timestamp: timestampOf(scheme, request, parts),
    id: scheme.id === undefined ? undefined : headerOf(request, scheme.id),
  }
}

/** The first of these headers that is present. */
const headerOf = (request: HttpRequest, names: string | readonly string[]): string | undefined =>
  [names].flat().reduce<string | undefined>((found, name) => found ?? request.headers[name.toLowerCase()], undefined)

function timestampOf(scheme: SignatureScheme, request: HttpRequest, parts: readonly string[]): string | undefined {
  const { header, part } = scheme.timestamp ?? {}
  if (header === undefined && part === undefined) return undefined
  const found =
    header !== undefined
      ? headerOf(request, header)
      : parts.find((text) => text.startsWith(part ?? ''))?.slice(part?.length ?? 0)
  if (found === undefined || !/^\d{1,16}$/.test(found)) throw new Unauthorized('no timestamp')
  return found
}
