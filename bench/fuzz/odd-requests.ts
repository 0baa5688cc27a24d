/** Unusual content types, addresses and events. */
import type { FunctionUrlEvent } from '../../src/core/http/lambda-url.ts'
import type { RandomSource } from './random.ts'
import { canary } from './seed-deliveries.ts'

export const oddContentType = (random: RandomSource): string =>
  random.pick([
    '',
    'text/plain',
    'application/x-www-form-urlencoded; charset=utf-8',
    'application/json',
    `x/${canary}`,
    ';',
  ])

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

/** An unusual method, path and query. */
export function oddAddress(random: RandomSource): FunctionUrlEvent {
  const rawPath = random.pick(random.percent(50) ? paths : runPaths)
  const method = random.percent(50) ? 'POST' : random.pick(methods)
  return { rawPath, rawQueryString: random.pick(queries), requestContext: { http: { method, path: rawPath } } }
}

/** A function URL event that lacks a part or has an invalid one. */
export function oddEvent(event: FunctionUrlEvent, random: RandomSource): FunctionUrlEvent {
  const { headers: _headers, ...withoutHeaders } = event
  const { requestContext: _context, ...withoutContext } = event
  const { rawPath: _path, rawQueryString: _query, ...withoutPath } = event
  const { body: _body, ...withoutBody } = event
  return random.pick<FunctionUrlEvent>([
    ...[{}, withoutHeaders, withoutContext, withoutPath, withoutBody],
    { ...event, body: null },
    { ...event, body: '' },
    { ...event, isBase64Encoded: event.isBase64Encoded !== true },
    { ...event, isBase64Encoded: true, body: random.pick(['====', 'A', '%', 'AAAA\nAAAA', '😀', '-_-_']) },
    { ...event, requestContext: {} },
    { ...event, requestContext: { http: {} } },
    { ...event, headers: Object.fromEntries(Object.keys(event.headers ?? {}).map((name) => [name, undefined])) },
    { ...event, headers: { ...event.headers, ...JSON.parse('{"__proto__":"x"}') } },
  ])
}
