/**
 * The W3C trace of a delivery, passed on to the container unchanged: taskhook makes no spans. The headers are not signed, so nothing is
 * decided by them. Pure. https://www.w3.org/TR/trace-context/
 */

export interface Trace {
  /** The `traceparent` header: `00-<trace id>-<parent id>-<flags>`. */
  readonly parent: string
  /** The `tracestate` header. */
  readonly state?: string
}

/** Version 00 only. An id of zeros is invalid. */
const parentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
const statePattern = /^[\x20-\x7e]{1,512}$/

/** Undefined: there is no trace, or an invalid one. @param headers names in lower case */
export function traceOf(headers: Readonly<Record<string, string>>): Trace | undefined {
  const { traceparent = '', tracestate = '' } = headers
  const [parent, state] = [traceparent.trim(), tracestate.trim()]
  if (!parentPattern.test(parent)) return undefined
  return { parent, ...(statePattern.test(state) && { state }) }
}

/** 32 hexadecimal digits. */
export const traceIdOf = ({ parent }: Trace): string => parent.slice(3, 35)

/** The variables that the container's own tracing reads. https://opentelemetry.io/docs/specs/otel/context/env-carriers/ */
export const traceEnv = ({ parent, state }: Trace): { readonly name: string; readonly value: string }[] => [
  { name: 'TRACEPARENT', value: parent },
  ...(state === undefined ? [] : [{ name: 'TRACESTATE', value: state }]),
]
