/** How a source of HMAC deliveries signs, for whoever must do it: out of the same data that the engine checks it by. */
import { type HmacScheme, schemeOf } from '../adapters/hmac/schemes.ts'
import type { SourceConfig } from '../core/adapter.ts'
import type { Parameter, SecurityScheme } from './openapi-types.ts'

export const signatureName = (source: string): string => `${source}Signature`

export function signatureScheme({ name, options }: SourceConfig): SecurityScheme {
  const scheme = schemeOf(options)
  const [header = '', ...others] = [scheme.header].flat()
  const also = others.length > 0 ? [`\`${others.join('`, `')}\` will do as well.`] : []
  const how = scheme.algorithm === 'token' ? [`The secret of ${name} itself: nothing is signed.`] : signing(scheme)
  return { type: 'apiKey', in: 'header', name: header, description: [...how, ...also].join(' ') }
}

const keys = {
  utf8: 'the secret, as it is',
  base64: 'the secret, out of base64',
  whsec: 'what stands behind `whsec_` in the secret, out of base64',
} as const

const separators: Readonly<Record<string, string>> = { ' ': 'a space', ',': 'a comma' }

function signing(scheme: HmacScheme): string[] {
  const { algorithm, encoding, prefix, separator, signed = '{body}', secret = 'utf8' } = scheme
  const hash = `HMAC-${algorithm.toUpperCase().replace('SHA', 'SHA-')}`
  const behind = prefix === undefined ? '' : `, behind \`${prefix}\``
  const what = signed === '{body}' ? 'the body' : `\`${signed}\``
  return [
    `${hash} over ${what}, in ${encoding}${behind}; the key is ${keys[secret]}.`,
    ...partsOf(scheme),
    ...(separator === undefined
      ? []
      : [`The header may hold several, with ${separators[separator] ?? `"${separator}"`} between them.`]),
    'The body is signed byte by byte, as it is sent.',
  ]
}

/** Where the id and the time stand. */
function partsOf({ id, timestamp, signed = '{body}' }: HmacScheme): string[] {
  const unit = timestamp?.unit === 'ms' ? 'milliseconds' : 'seconds'
  const time = `the time in ${unit} since 1970, at most ${timestamp?.tolerance ?? 300} s off`
  return [
    ...(id !== undefined && signed.includes('{id}') ? [`\`{id}\` is the header \`${first(id)}\`.`] : []),
    ...(timestamp?.header !== undefined
      ? [`\`{timestamp}\` is the header \`${first(timestamp.header)}\`: ${time}.`]
      : []),
    ...(timestamp?.header === undefined && timestamp?.part !== undefined
      ? [`\`{timestamp}\` stands in the same header, behind \`${timestamp.part}\`: ${time}.`]
      : []),
    ...(timestamp?.body !== undefined ? [`The body's \`${timestamp.body}\` is ${time}.`] : []),
  ]
}

const first = (names: string | readonly string[]): string => [names].flat()[0] ?? ''

/** Lists are for whoever signs a time, so that none which was recorded opens one. */
export const signsTimestamp = ({ adapter, options }: SourceConfig): boolean =>
  adapter === 'hmac' && schemeOf(options).signed?.includes('{timestamp}') === true

const header = (name: string, description: string, required = false): Parameter => ({
  name,
  in: 'header',
  ...(required && { required }),
  description,
  schema: { type: 'string' },
})

/** The headers that are signed. */
export function signedHeaders({ options }: SourceConfig): Parameter[] {
  const { id, timestamp, signed = '{body}' } = schemeOf(options)
  const unit = timestamp?.unit === 'ms' ? 'milliseconds' : 'seconds'
  return [
    ...(id !== undefined && signed.includes('{id}')
      ? [header(first(id), 'Names the delivery: sent again under the same name, it is the same run.', true)]
      : []),
    ...(timestamp?.header !== undefined
      ? [header(first(timestamp.header), `When it is sent, in ${unit} since 1970.`, true)]
      : []),
  ]
}

/** And those that are not. */
export function openHeaders({ options }: SourceConfig, events: readonly string[]): Parameter[] {
  const { id, timestamp, event, signed = '{body}' } = schemeOf(options)
  const unnamed = timestamp === undefined && !(id !== undefined && signed.includes('{id}'))
  return [
    ...(unnamed
      ? [
          header(
            'Idempotency-Key',
            'Names the delivery: with the same key it is the same run; without one, always a new one.',
          ),
        ]
      : []),
    ...(event?.body === undefined && event?.header !== undefined && events.length > 0
      ? [header(event.header, `Names the event. Routes are for ${events.map((name) => `\`${name}\``).join(', ')}.`)]
      : []),
  ]
}
