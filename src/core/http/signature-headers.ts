/** Reads the parts of a signature from the headers of a request. None of them is trusted until the signature matches. */
import type { HttpRequest } from '../adapter.ts'
import { Unauthorized } from '../errors.ts'
import type { SignatureScheme } from './signature-scheme.ts'
import { secondsOf } from './signature-timestamp.ts'

export interface SignatureHeaders {
  /** Without their prefix. At least one. */
  readonly signatures: readonly string[]
  /** Exactly as the unit of the scheme writes it. Undefined: the scheme has no timestamp in a header. */
  readonly timestamp: string | undefined
  readonly id: string | undefined
}

/** In one header. A sender that rotates its secret sends two. Each costs a comparison, so a header with thousands must not be worth sending. */
const maxSignatures = 20

/** @throws {Unauthorized} if the signature or the timestamp is missing or malformed */
export function readSignatureHeaders(scheme: SignatureScheme, request: HttpRequest): SignatureHeaders {
  const headers = [scheme.header].flat().flatMap((name) => request.headers[name.toLowerCase()] ?? [])
  if (headers.length === 0) throw new Unauthorized('no signature header')
  const { separator, prefix = '' } = scheme
  const partsOf = (header: string): readonly string[] =>
    separator === undefined ? [header] : header.split(separator).map((part) => part.trim())
  const lists = headers.map(partsOf)
  const signaturesOf = (parts: readonly string[]): readonly string[] =>
    parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length))
  const found = lists.map(signaturesOf)
  const signatures = found.flat()
  if (signatures.length === 0 || found.some(({ length }) => length > maxSignatures))
    throw new Unauthorized('the signature header is malformed')
  return {
    signatures,
    timestamp: timestampOf(scheme, request, lists.flat()),
    id: scheme.id === undefined ? undefined : headerOf(request, scheme.id),
  }
}

/** The first of these headers that is present. */
const headerOf = (request: HttpRequest, names: string | readonly string[]): string | undefined =>
  [names].flat().reduce<string | undefined>((found, name) => found ?? request.headers[name.toLowerCase()], undefined)

function timestampOf(
  { timestamp }: SignatureScheme,
  request: HttpRequest,
  parts: readonly string[],
): string | undefined {
  const { header, part, unit } = timestamp ?? {}
  if (header === undefined && part === undefined) return undefined
  const found =
    header !== undefined
      ? headerOf(request, header)
      : parts.find((text) => text.startsWith(String(part)))?.slice(String(part).length)
  if (found === undefined || secondsOf(found, unit) === undefined) throw new Unauthorized('no timestamp')
  return found
}
