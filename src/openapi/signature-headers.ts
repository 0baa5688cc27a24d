/** The headers of a delivery beside its signature. */
import { schemeOf } from '../adapters/hmac/schemes.ts'
import type { SourceConfig } from '../core/adapter.ts'
import type { Parameter } from './openapi-types.ts'
import { firstOf, timeUnit } from './signature-scheme.ts'

const header = (name: string, description: string, required = false): Parameter => ({
  name,
  in: 'header',
  ...(required && { required }),
  description,
  schema: { type: 'string' },
})

/** Headers that are part of what is signed. */
export function signedHeaders({ options }: SourceConfig): Parameter[] {
  const { id, timestamp, signed = '{body}' } = schemeOf(options)
  return [
    ...(id !== undefined && signed.includes('{id}')
      ? [header(firstOf(id), 'The id of the delivery. A delivery with the same id is the same run.', true)]
      : []),
    ...(timestamp?.header !== undefined
      ? [header(firstOf(timestamp.header), `When you send it, in ${timeUnit(timestamp)} since 1970.`, true)]
      : []),
  ]
}

/** Headers that are not signed. @param events that the routes of the source name */
export function unsignedHeaders({ options }: SourceConfig, events: readonly string[]): Parameter[] {
  const { id, timestamp, event, signed = '{body}' } = schemeOf(options)
  const isIdentified = timestamp !== undefined || (id !== undefined && signed.includes('{id}'))
  return [
    ...(isIdentified
      ? []
      : [
          header(
            'Idempotency-Key',
            'The id of the delivery. Deliveries with the same key are the same run; without a key, every delivery is a new run.',
          ),
        ]),
    ...(event?.body === undefined && event?.header !== undefined && events.length > 0
      ? [
          header(
            event.header,
            `The name of the event. Routes exist for ${events.map((name) => `\`${name}\``).join(', ')}.`,
          ),
        ]
      : []),
  ]
}
