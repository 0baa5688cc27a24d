/** What comes in: a few valid deliveries, many that are signed and wrong inside, and many whose proof or whose very request is broken. */
import type { FunctionUrlEvent } from '../../src/core/http/lambda-url.ts'
import { brokenBytes, huge } from './bytes.ts'
import type { Chance } from './chance.ts'
import { canary, type Seed, seedOf, validSeed } from './seeds.ts'
import { type SourceName, signers } from './sources.ts'
import { mutatedJson } from './values.ts'

export interface Fuzzed {
  readonly event: FunctionUrlEvent
  readonly kind: 'valid' | 'signed' | 'forged' | 'address' | 'event'
  /** Must not be logged either. */
  readonly signatures: readonly string[]
}

type Headers = Readonly<Record<string, string>>

/** @param valid of a hundred requests @param now milliseconds since the epoch */
export function fuzzedRequest(chance: Chance, valid: number, now: number): Fuzzed {
  if (chance.percent(valid)) {
    const seed = validSeed(chance)
    return delivery(seed, wire(seed, seed.body), chance, now, 'valid')
  }
  const seed = seedOf(chance)
  const body = mutatedBody(seed, chance, now)
  if (chance.percent(50)) return delivery(seed, body, chance, now, 'signed')
  const { event, signatures } = delivery(seed, body, chance, now, 'forged')
  const luck = chance.integer(100)
  if (luck < 60)
    return { event: { ...event, headers: forged(event.headers as Headers, chance) }, kind: 'forged', signatures }
  if (luck < 80) return { event: { ...event, ...address(chance) }, kind: 'address', signatures }
  return { event: oddEvent(event, chance), kind: 'event', signatures }
}

const wire = ({ form }: Seed, body: Seed['body']): Buffer =>
  Buffer.from(
    form
      ? new URLSearchParams(
          Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
        ).toString()
      : JSON.stringify(body),
  )

function mutatedBody(seed: Seed, chance: Chance, now: number): Buffer {
  if (chance.percent(0.1)) return huge(chance)
  // Linear signs a time in its body, which must be right for anything else to be looked at.
  const body = seed.source === 'board' ? { ...seed.body, webhookTimestamp: now } : seed.body
  if (chance.percent(30)) return brokenBytes(wire(seed, body), chance)
  if (!seed.form) return Buffer.from(mutatedJson(body, chance))
  return wire(seed, mutatedForm(body, chance))
}

/** One field; where it holds JSON, one value in there. */
function mutatedForm(body: Seed['body'], chance: Chance): Seed['body'] {
  const name = chance.pick(Object.keys(body))
  const { [name]: value, ...rest } = body
  if (chance.percent(15)) return rest
  if (name === 'payload' && chance.percent(90))
    return { ...rest, payload: mutatedJson(JSON.parse(String(value)) as Seed['body'], chance) }
  const texts = [
    '',
    '\u0000',
    'x'.repeat(3000),
    `"${value}`,
    `${value}${value}`,
    '__proto__=1',
    'dataset=valid-x dataset=y',
    '{"a":1}',
  ]
  return { ...rest, [chance.percent(10) ? '__proto__ ' : name]: chance.pick(texts) }
}

function delivery(seed: Seed, body: Buffer, chance: Chance, now: number, kind: Fuzzed['kind']): Fuzzed {
  const id = `msg_${chance.integer(1e12)}`
  const signed: Headers = signers[seed.source](body, Math.floor(now / 1000), id)
  const headers = {
    ...seed.headers,
    authorization: `Bearer ${canary}`,
    'user-agent': canary,
    cookie: canary,
    ...signed,
  }
  const type = chance.percent(3) ? { 'content-type': oddType(chance) } : {}
  return { event: eventOf(seed.source, { ...headers, ...type }, body), kind, signatures: Object.values(signed) }
}

const oddType = (chance: Chance): string =>
  chance.pick([
    '',
    'text/plain',
    'application/x-www-form-urlencoded; charset=utf-8',
    'application/json',
    `x/${canary}`,
    ';',
  ])

/** As a function URL does: base64 for all that is neither JSON nor text. */
function eventOf(source: SourceName, headers: Headers, body: Buffer): FunctionUrlEvent {
  const text = body.toString('utf8')
  const isText = /^(application\/json|text\/)/.test(headers['content-type'] ?? '') && body.equals(Buffer.from(text))
  return {
    rawPath: `/${source}`,
    rawQueryString: '',
    headers,
    body: isText ? text : body.toString('base64'),
    isBase64Encoded: !isText,
    requestContext: { domainName: 'fuzz.lambda-url.eu-west-1.on.aws', http: { method: 'POST', path: `/${source}` } },
  }
}

const signatureNames = /signature|token$|^x-own$/
const forgeries: readonly ((value: string, chance: Chance) => string | undefined)[] = [
  () => undefined,
  () => '',
  (value) => `${value},${value}`,
  (value) => value.repeat(500),
  (value) => Array.from({ length: 1000 }, () => value).join(','),
  (value) => value.slice(0, -1),
  (value) => value.toUpperCase(),
  (value) => value.replace(/=/g, ''),
  (value) => `${value} `,
  (value) => value.replace(/[0-9a-f]{8}/, canary),
  (value) => `\u0000${value}`,
  (value) => Buffer.from(value).toString('base64'),
  (value, chance) => brokenBytes(Buffer.from(value), chance).toString('latin1'),
]

function forged(headers: Headers, chance: Chance): Record<string, string | undefined> {
  // Not by their names alone: a timestamp or an id that is broken is a forgery, too.
  const names = Object.keys(headers).filter((name) => signatureNames.test(name) || /timestamp|-id$|event/.test(name))
  const name = names[chance.integer(names.length)] ?? 'x-signature'
  const value = chance.pick(forgeries)(headers[name] ?? '', chance)
  // What GitHub calls a delivery, and what an event is called, are logged as they came.
  const shown = /delivery|event/.test(name) ? value?.replaceAll(canary, '') : value
  return { ...headers, [chance.percent(5) ? name.toUpperCase() : name]: shown }
}

const paths = [
  '/',
  '',
  '/github/',
  '//github',
  '/GITHUB',
  '/..',
  '/github/../slack',
  '/%00',
  '/%zz',
  '/__proto__',
  '/runs',
  '/runs/',
]
const runPaths = ['', '/cancel', '/rerun', '/progress', '/../x', '/%00'].map(
  (end) => `/runs/0123456789abcdef0123${end}`,
)
const methods = ['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'post', '', 'X'.repeat(100), '\u0000']
const queries = [
  `token=${canary}`,
  'wait=99999',
  'wait=-1',
  '%',
  '&&==',
  'source=partner&task=analyze',
  'source=__proto__',
  `a=${'x'.repeat(5000)}`,
]

function address(chance: Chance): FunctionUrlEvent {
  const rawPath = chance.pick(chance.percent(50) ? paths : runPaths)
  const method = chance.percent(50) ? 'POST' : chance.pick(methods)
  return { rawPath, rawQueryString: chance.pick(queries), requestContext: { http: { method, path: rawPath } } }
}

function oddEvent(event: FunctionUrlEvent, chance: Chance): FunctionUrlEvent {
  const { headers: _headers, ...headless } = event
  const { requestContext: _context, ...placeless } = event
  const { rawPath: _path, rawQueryString: _query, ...pathless } = event
  const { body: _body, ...bodyless } = event
  return chance.pick<FunctionUrlEvent>([
    ...[{}, headless, placeless, pathless, bodyless],
    { ...event, body: null },
    { ...event, body: '' },
    { ...event, isBase64Encoded: event.isBase64Encoded !== true },
    { ...event, isBase64Encoded: true, body: chance.pick(['====', 'A', '%', 'AAAA\nAAAA', '😀', '-_-_']) },
    { ...event, requestContext: {} },
    { ...event, requestContext: { http: {} } },
    { ...event, headers: Object.fromEntries(Object.keys(event.headers ?? {}).map((name) => [name, undefined])) },
    { ...event, headers: { ...event.headers, ...JSON.parse('{"__proto__":"x"}') } },
  ])
}
