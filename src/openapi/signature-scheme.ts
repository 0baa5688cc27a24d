/** How the sender of an HMAC source must sign, described from the same data by which the adapter verifies. */
import type { HmacScheme } from '../adapters/hmac/hmac-scheme.ts'
import { schemeOf } from '../adapters/hmac/schemes.ts'
import { signsTimestamp as signsTime } from '../adapters/hmac/verify.ts'
import type { SourceConfig } from '../core/adapter.ts'
import type { SecurityScheme } from './openapi-types.ts'

export const signatureName = (source: string): string => `${source}Signature`

export function signatureScheme({ name, options }: SourceConfig): SecurityScheme {
  const scheme = schemeOf(options)
  const { publicUrl = 'the URL of this request, without its query' } = options
  const [header = '', ...others] = [scheme.header].flat()
  const alternatives =
    others.length > 0
      ? [
          `\`${others.slice(0, 3).join('`, `')}\`${others.length > 3 ? ' and so on count' : others.length > 1 ? ' count' : ' counts'} as well.`,
        ]
      : []
  const how =
    scheme.algorithm === 'token'
      ? [`The secret of ${name} itself; nothing is signed.`]
      : describeSigning(scheme, String(publicUrl))
  const other = scheme.or === undefined ? [] : ['Or:', ...describeSigning(scheme.or, String(publicUrl))]
  return { type: 'apiKey', in: 'header', name: header, description: [...how, ...alternatives, ...other].join(' ') }
}

/** Only requests with a signed timestamp may list runs, because a recorded one stops working. */
export const signsTimestamp = ({ adapter, options }: SourceConfig): boolean =>
  adapter === 'hmac' && signsTime(schemeOf(options))

const keys = {
  utf8: 'the secret as it is',
  hex: 'the secret, decoded from hex',
  base64: 'the secret, decoded from base64',
  whsec: 'the part of the secret after `whsec_`, decoded from base64',
} as const

const separators: Readonly<Record<string, string>> = { ' ': 'a space', ',': 'a comma' }

function describeSigning(scheme: HmacScheme, publicUrl: string): string[] {
  const { algorithm, encoding, prefix, separator, signed = '{body}', secret = 'utf8' } = scheme
  const hash = algorithm === 'ed25519' ? 'Ed25519 signature' : `HMAC-${algorithm.toUpperCase().replace('SHA', 'SHA-')}`
  const after = prefix === undefined ? '' : `, after \`${prefix}\``
  const what = signed === '{body}' ? 'the body' : `\`${signed}\``
  return [
    `${hash} of ${what}, in ${encoding}${after}${algorithm === 'ed25519' ? '' : `; the key is ${keys[secret]}`}.`,
    ...describePlaceholders(scheme),
    ...describeAddress(scheme, publicUrl),
    ...(separator === undefined
      ? []
      : [`The header may contain several signatures, separated by ${separators[separator] ?? `"${separator}"`}.`]),
    'Sign exactly the bytes of the body that you send.',
  ]
}

/** Where `{id}` and `{timestamp}` come from. */
function describePlaceholders({ id, timestamp, signed = '{body}' }: HmacScheme): string[] {
  const time = `the time ${timeUnit(timestamp)}, at most ${timestamp?.tolerance ?? 300} s off`
  return [
    ...(id !== undefined && signed.includes('{id}') ? [`\`{id}\` is the header \`${firstOf(id)}\`.`] : []),
    ...(timestamp?.header !== undefined
      ? [`\`{timestamp}\` is the header \`${firstOf(timestamp.header)}\`: ${time}.`]
      : []),
    ...(timestamp?.header === undefined && timestamp?.part !== undefined
      ? [`\`{timestamp}\` is in the same header, after \`${timestamp.part}\`: ${time}.`]
      : []),
    ...(timestamp?.body !== undefined ? [`\`${timestamp.body}\` in the body is ${time}.`] : []),
  ]
}

/** The other placeholders. */
function describeAddress({ signed = '' }: HmacScheme, publicUrl: string): string[] {
  const headers = [...signed.matchAll(/\{header:([^{}]{1,100})\}/g)].map(
    ([text, name]) => `\`${text}\` is the header \`${name}\`.`,
  )
  return [
    ...(signed.includes('{method}') ? ['`{method}` is `POST`.'] : []),
    ...(signed.includes('{url}') ? [`\`{url}\` is ${publicUrl}.`] : []),
    ...(signed.includes('{path}') ? [`\`{path}\` is the path of ${publicUrl}.`] : []),
    ...headers,
  ]
}

const timeUnits = {
  s: 'in seconds since 1970',
  ms: 'in milliseconds since 1970',
  date: 'as a date (RFC 3339)',
} as const
export const timeUnit = (timestamp: HmacScheme['timestamp']): string => timeUnits[timestamp?.unit ?? 's']

export const firstOf = (names: string | readonly string[]): string => [names].flat()[0] ?? ''
