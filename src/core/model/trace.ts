/**
 * The trace in which a sender's delivery stands, passed on as it came: taskhook makes no spans of its own. Nobody signs it, so nothing
 * is decided by it. Pure. https://www.w3.org/TR/trace-context/
 */

export interface Trace {
  /** As `traceparent` had it: `00-<trace id>-<parent id>-<flags>`. */
  readonly parent: string
  /** As `tracestate` had it. */
  readonly state?: string
}

/** Version 00 alone. An id of zeros is none. */
const parentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
const statePattern = /^[\x20-\x7e]{1,512}$/

/** Undefined: there is none, or one that cannot be read, which is the same. @param headers names in lower case */
export function traceOf(headers: Readonly<Record<string, string>>): Trace | undefined {
  const { traceparent = '', tracestate = '' } = headers
  const [parent, state] = [traceparent.trim(), tracestate.trim()]
  if (!parentPattern.test(parent)) return undefined
  return { parent, ...(statePattern.test(state) && { state }) }
}

/** 32 hexadecimal digits. */
export const traceIdOf = ({ parent }: Trace): string => parent.slice(3, 35)

/** What the container's own tracing goes on from. https://opentelemetry.io/docs/specs/otel/context/env-carriers/ */
export const traceEnv = ({ parent, state }: Trace): { readonly name: string; readonly value: string }[] => [
  { name: 'TRACEPARENT', value: parent },
  ...(state === undefined ? [] : [{ name: 'TRACESTATE', value: state }]),
]
