/** How the sender of an HMAC source must sign, described from the same data by which the adapter verifies. */
import { type HmacScheme, schemeOf } from '../adapters/hmac/schemes.ts'
import type { SourceConfig } from '../core/adapter.ts'
import type { SecurityScheme } from './openapi-types.ts'

export const signatureName = (source: string): string => `${source}Signature`

export function signatureScheme({ name, options }: SourceConfig): SecurityScheme {
  const scheme = schemeOf(options)
  const [header = '', ...others] = [scheme.header].flat()
  const alternatives = others.length > 0 ? [`\`${others.join('`, `')}\` is accepted instead.`] : []
  const how =
    scheme.algorithm === 'token' ? [`The secret of ${name} itself; nothing is signed.`] : describeSigning(scheme)
  return { type: 'apiKey', in: 'header', name: header, description: [...how, ...alternatives].join(' ') }
}

/** Only requests with a signed timestamp may list runs, because a recorded one stops working. */
export const signsTimestamp = ({ adapter, options }: SourceConfig): boolean =>
  adapter === 'hmac' && schemeOf(options).signed?.includes('{timestamp}') === true

const keys = {
  utf8: 'the secret as it is',
  base64: 'the secret, decoded from base64',
  whsec: 'the part of the secret after `whsec_`, decoded from base64',
} as const

const separators: Readonly<Record<string, string>> = { ' ': 'a space', ',': 'a comma' }

function describeSigning(scheme: HmacScheme): string[] {
  const { algorithm, encoding, prefix, separator, signed = '{body}', secret = 'utf8' } = scheme
  const hash = `HMAC-${algorithm.toUpperCase().replace('SHA', 'SHA-')}`
  const after = prefix === undefined ? '' : `, after \`${prefix}\``
  const what = signed === '{body}' ? 'the body' : `\`${signed}\``
  return [
    `${hash} of ${what}, in ${encoding}${after}; the key is ${keys[secret]}.`,
    ...describePlaceholders(scheme),
    ...(separator === undefined
      ? []
      : [`The header may contain several signatures, separated by ${separators[separator] ?? `"${separator}"`}.`]),
    'Sign exactly the bytes of the body that you send.',
  ]
}

/** Where `{id}` and `{timestamp}` come from. */
function describePlaceholders({ id, timestamp, signed = '{body}' }: HmacScheme): string[] {
  const time = `the time in ${timeUnit(timestamp)} since 1970, at most ${timestamp?.tolerance ?? 300} s off`
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

export const timeUnit = (timestamp: HmacScheme['timestamp']): string =>
  timestamp?.unit === 'ms' ? 'milliseconds' : 'seconds'

export const firstOf = (names: string | readonly string[]): string => [names].flat()[0] ?? ''
