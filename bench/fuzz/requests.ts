/** Fuzzed requests: a few valid deliveries, many with a valid signature over a wrong body, and many with a wrong signature or request. */
import type { FunctionUrlEvent } from '../../src/core/http/lambda-url.ts'
import { type SourceName, signers } from './config.ts'
import { corruptBytes, hugeBody } from './corrupt-bytes.ts'
import { forgeHeaders } from './forgeries.ts'
import { mutateJson } from './mutate-json.ts'
import { oddAddress, oddContentType, oddEvent } from './odd-requests.ts'
import type { RandomSource } from './random.ts'
import { canary, makeValidSeed, pickSeed, type SeedDelivery } from './seed-deliveries.ts'

export interface FuzzedRequest {
  readonly event: FunctionUrlEvent
  /** `signed`: a valid signature over a wrong body. `address`, `event`: an unusual request. */
  readonly kind: 'valid' | 'signed' | 'forged' | 'address' | 'event'
  /** They must not be logged. */
  readonly signatures: readonly string[]
}

type Headers = Readonly<Record<string, string>>

/** @param valid percentage of valid requests @param now milliseconds since the epoch */
export function makeFuzzedRequest(random: RandomSource, valid: number, now: number): FuzzedRequest {
  if (random.percent(valid)) {
    const seed = makeValidSeed(random)
    return signDelivery(seed, encodeBody(seed, seed.body), random, now, 'valid')
  }
  const seed = pickSeed(random)
  const body = fuzzBody(seed, random, now)
  if (random.percent(50)) return signDelivery(seed, body, random, now, 'signed')
  const { event, signatures } = signDelivery(seed, body, random, now, 'forged')
  const choice = random.integer(100)
  if (choice < 60)
    return { event: { ...event, headers: forgeHeaders(event.headers as Headers, random) }, kind: 'forged', signatures }
  if (choice < 80) return { event: { ...event, ...oddAddress(random) }, kind: 'address', signatures }
  return { event: oddEvent(event, random), kind: 'event', signatures }
}

const encodeBody = ({ form }: SeedDelivery, body: SeedDelivery['body']): Buffer =>
  Buffer.from(
    form
      ? new URLSearchParams(
          Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
        ).toString()
      : JSON.stringify(body),
  )

function fuzzBody(seed: SeedDelivery, random: RandomSource, now: number): Buffer {
  if (random.percent(0.1)) return hugeBody(random)
  // Linear signs a time in the body. If it is wrong, nothing else of the body is read.
  const body = seed.source === 'board' ? { ...seed.body, webhookTimestamp: now } : seed.body
  if (random.percent(30)) return corruptBytes(encodeBody(seed, body), random)
  if (!seed.form) return Buffer.from(mutateJson(body, random))
  return encodeBody(seed, mutateForm(body, random))
}

/** Changes one field. If it contains JSON, one value of it. */
function mutateForm(body: SeedDelivery['body'], random: RandomSource): SeedDelivery['body'] {
  const name = random.pick(Object.keys(body))
  const { [name]: value, ...rest } = body
  if (random.percent(15)) return rest
  if (name === 'payload' && random.percent(90))
    return { ...rest, payload: mutateJson(JSON.parse(String(value)) as SeedDelivery['body'], random) }
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
  return { ...rest, [random.percent(10) ? '__proto__ ' : name]: random.pick(texts) }
}

function signDelivery(
  seed: SeedDelivery,
  body: Buffer,
  random: RandomSource,
  now: number,
  kind: FuzzedRequest['kind'],
): FuzzedRequest {
  const id = `msg_${random.integer(1e12)}`
  const signed: Headers = signers[seed.source](body, Math.floor(now / 1000), id)
  const headers = {
    ...seed.headers,
    authorization: `Bearer ${canary}`,
    'user-agent': canary,
    cookie: canary,
    ...signed,
  }
  const type = random.percent(3) ? { 'content-type': oddContentType(random) } : {}
  return { event: eventOf(seed.source, { ...headers, ...type }, body), kind, signatures: Object.values(signed) }
}

/** As a function URL does: base64 for bodies that are neither JSON nor text. */
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
