/** Checks a custom scheme: what it verifies must be signed, what it signs must have a place in the request, and some delivery must pass. Pure. */
import { placeholders } from '../../core/http/signature-scheme.ts'

type Keys = Readonly<Record<string, unknown>>

/** The name of a header. https://www.rfc-editor.org/rfc/rfc9110#section-5.1 */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/**
 * @param scheme of the source: the name of a preset, or a custom scheme whose keys the schema has checked
 * @returns what is wrong with it, in words that follow its name
 */
export function schemeProblems(scheme: unknown): readonly string[] {
  if (typeof scheme !== 'object' || scheme === null) return []
  const keys = scheme as Keys
  const checks = keys.algorithm === 'token' ? tokenChecks(keys) : [...placeChecks(keys), ...signatureChecks(keys)]
  return [...checks, ...headerChecks(keys), ...handshakeChecks(keys)]
    .filter(([isWrong]) => isWrong)
    .map(([, message]) => message)
}

type Check = readonly [isWrong: boolean, message: string]

const tokenChecks = ({ signed = '{body}', timestamp, id, secret }: Keys): readonly Check[] => [
  [
    signed !== '{body}' || timestamp !== undefined || id !== undefined || secret !== undefined,
    'sends its secret and signs nothing, so "signed", "timestamp", "id" and "secret" have no effect; remove them',
  ],
]

/** Whether each value has one place, and each place a use. */
function placeChecks({ signed = '{body}', timestamp, id, key, prefix, separator }: Keys): readonly Check[] {
  const template = String(signed)
  const { header, part, body } = (timestamp ?? {}) as Keys
  const isInHeader = header !== undefined || part !== undefined
  const signsTimestamp = template.includes('{timestamp}')
  const isPartOfPrefix = part !== undefined && String(prefix ?? '').startsWith(String(part))
  return [
    [
      signsTimestamp && !isInHeader,
      'signs {timestamp}; set timestamp.header or timestamp.part to the place where the sender puts it',
    ],
    // Anyone who replays a request can set an unsigned timestamp to the current time.
    [
      isInHeader && !signsTimestamp,
      'has a timestamp that is not signed; add {timestamp} to "signed", or remove the timestamp',
    ],
    [
      timestamp !== undefined && !isInHeader && body === undefined,
      'has a timestamp without a place; set timestamp.header, timestamp.part or timestamp.body',
    ],
    [
      part !== undefined && separator === undefined,
      'has timestamp.part and no separator, so no header can have both the timestamp and the signature; set "separator"',
    ],
    [
      isPartOfPrefix,
      `cannot tell the timestamp from the signatures, since the prefix ${quoted(prefix)} begins with timestamp.part ${quoted(part)}`,
    ],
    [template.includes('{id}') && id === undefined, 'signs {id}; set "id" to the header that contains it'],
    [
      id !== undefined && !template.includes('{id}'),
      'has an "id" that is not signed; add {id} to "signed", or use key: { header: … }, which counts together with the body',
    ],
    [
      key !== undefined && template.includes('{id}'),
      'has a signed id, which identifies the delivery, so "key" has no effect; remove one of them',
    ],
  ]
}

/** Whether any delivery can pass, and whether its signature says what it seems to say. */
function signatureChecks({
  algorithm,
  encoding,
  secret,
  signed = '{body}',
  prefix,
  separator,
  timestamp,
}: Keys): readonly Check[] {
  const template = String(signed)
  const chunks = template.split(placeholders)
  const unknown = /\{[A-Za-z_][^{}"]{0,99}\}/.exec(chunks.filter((_, at) => at % 2 === 0).join(' '))?.[0]
  const { part } = (timestamp ?? {}) as Keys
  const inSeparator = [prefix, part].find(
    (text) => typeof separator === 'string' && String(text ?? '').includes(separator),
  )
  return [
    [
      unknown !== undefined,
      `signs ${unknown}, which is no placeholder; there are {body}, {id}, {timestamp}, {method}, {url}, {path} and {header:NAME}`,
    ],
    [template.split('{body}').length > 2, 'has {body} more than once in "signed"; no sender signs it twice'],
    ...chunks.flatMap((_, at) => adjacentCheck(chunks, at)),
    [
      inSeparator !== undefined,
      `has the separator ${quoted(separator)} inside ${quoted(inSeparator)}, so no part of the header can begin with it`,
    ],
    [
      typeof separator === 'string' && separator.length === 1 && alphabetOf(encoding).test(separator),
      `has the separator ${quoted(separator)}, which is a character of ${String(encoding)}, so signatures are cut into pieces`,
    ],
    [
      algorithm === 'ed25519' && (secret === undefined || secret === 'utf8'),
      'verifies with a public key of 32 bytes, which is no text; set secret: hex, base64 or whsec',
    ],
  ]
}

const quoted = (value: unknown): string => JSON.stringify(value) ?? ''

const alphabetOf = (encoding: unknown): RegExp => (encoding === 'hex' ? /[0-9a-fA-F]/ : /[A-Za-z0-9+/=_-]/)

/** Values of a fixed form: the text next to them cannot move into them. */
const isFixed = (placeholder: string): boolean => ['{timestamp}', '{method}', '{url}', '{path}'].includes(placeholder)

/** Two values without a separator could be read as two others: an id "a" before a body "bc" as "ab" before "c". */
function adjacentCheck(chunks: readonly string[], at: number): readonly Check[] {
  const [before, between, after] = [chunks[at - 1], chunks[at], chunks[at + 1]]
  if (at % 2 === 1 || between !== '' || before === undefined || after === undefined) return []
  // An id and a header must have a separator on each side, or the end of the template.
  const isAmbiguous =
    [before, after].some((each) => /^\{(?:id|header:)/.test(each)) || (!isFixed(before) && !isFixed(after))
  return [[isAmbiguous, `signs ${before}${after} without a separator, so parts of one could be taken for the other`]]
}

function headerChecks({ header, id, timestamp, key }: Keys): readonly Check[] {
  const inKey = typeof key === 'object' && key !== null ? (key as Keys).header : undefined
  const names = [header, id, (timestamp as Keys | undefined)?.header, inKey].flat().filter((name) => name !== undefined)
  const wrong = names.find((name) => !headerName.test(String(name)))
  return [[wrong !== undefined, `names ${quoted(wrong)}, which cannot be the name of a header`]]
}

/** A token of letters and digits must not be something that the sender signs: the answer could be used to sign a delivery. */
function handshakeChecks({ handshake, signed = '{body}', algorithm, secret }: Keys): readonly Check[] {
  const signs = [handshake ?? []].flat().some((each) => (each as Keys).sign !== undefined)
  const literals = String(signed)
    .split(placeholders)
    .filter((_, at) => at % 2 === 0)
    .join('')
  return [
    [
      signs && (algorithm === 'ed25519' || algorithm === 'token' || (secret !== undefined && secret !== 'utf8')),
      'has a handshake that signs a token, which needs an HMAC whose key is the text of the secret',
    ],
    [
      signs && !/[^A-Za-z0-9_-]/.test(literals),
      'has a handshake that signs a token, so a signed token could pass as the signature of a delivery; add a character to "signed" that no token has, such as ":"',
    ],
  ]
}
