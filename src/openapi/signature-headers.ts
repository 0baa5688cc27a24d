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
      ? [header(firstOf(timestamp.header), `When you send it, ${timeUnit(timestamp)}.`, true)]
      : []),
    ...[...signed.matchAll(/\{header:([^{}]{1,100})\}/g)].map(([, name = '']) =>
      header(name, 'A part of what is signed.', true),
    ),
  ]
}

/** Headers that are not signed. @param events that the routes of the source name */
export function unsignedHeaders({ options }: SourceConfig, events: readonly string[]): Parameter[] {
  const { event, key, signed = '{body}' } = schemeOf(options)
  const isInBody = typeof key === 'object' && 'body' in key
  return [
    ...(typeof key === 'object' && 'header' in key && firstOf(key.header) !== 'idempotency-key'
      ? [header(firstOf(key.header), 'The id of the delivery. The same body with the same id is the same run.')]
      : []),
    // A signed id or a key of the body wins.
    ...(signed.includes('{id}') || isInBody
      ? []
      : [
          header(
            'Idempotency-Key',
            'Your name for this request. A request with the same key is the same run, and one with another body is refused.',
          ),
        ]),
    ...(event?.body === undefined && event?.header !== undefined && events.length > 0
      ? [
          header(
            firstOf(event.header),
            `The name of the event. Routes exist for ${events.map((name) => `\`${name}\``).join(', ')}.`,
          ),
        ]
      : []),
  ]
}
