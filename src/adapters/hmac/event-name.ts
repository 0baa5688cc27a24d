/** Finds the name of a delivery's event, for `event` filters. Pure. */
import type { HttpRequest } from '../../core/adapter.ts'
import { firstHeader } from './first-header.ts'
import { valueAtPath } from './value-at-path.ts'

/** Where the sender puts the name. A header is not signed, so prefer the body. */
export interface EventNameLocation {
  /** If a list, the first that is present. */
  readonly header?: string | readonly string[]
  /** A key of the JSON body, or a path with dots. Wins over `header`. */
  readonly body?: string
}

/** @returns undefined: there is no name, or it is not 1 to 100 printable ASCII characters */
export function eventNameOf(
  location: EventNameLocation | undefined,
  request: Pick<HttpRequest, 'headers'>,
  payload: unknown,
): string | undefined {
  const { header = [], body } = location ?? {}
  const found = body !== undefined ? valueAtPath(payload, body) : firstHeader(request, header)
  return typeof found === 'string' && /^[\x20-\x7e]{1,100}$/.test(found) ? found : undefined
}
