/** The config of an hmac source, and what `taskhook check` checks in it. */
import * as v from 'valibot'
import { choice, choiceOr, closed, oneOrMore, secretReferences, text } from '../../config/fields.ts'
import type { AdapterSpec, Raw, SpecFinding } from '../../config/spec.ts'
import type { SourceConfig } from '../../core/adapter.ts'
import { whyNotInConfig } from './callback-url.ts'
import { isKnownByKey } from './delivery-key.ts'
import { schemeProblems } from './scheme-checks.ts'
import { type HmacScheme, presets, schemeOf } from './schemes.ts'

const eventNameLocation = closed({ header: v.optional(text('a header')), body: v.optional(text('a key of the body')) })

const keyLocation = v.pipe(
  closed({ body: v.optional(text('a key of the body')), header: v.optional(oneOrMore('a header')) }),
  v.check(({ body, header }) => (body === undefined) !== (header === undefined), 'must have one of body and header'),
)

const customScheme = closed({
  header: oneOrMore('a header'),
  algorithm: choice(['sha256', 'sha1', 'sha512', 'token']),
  encoding: choice(['hex', 'base64']),
  prefix: v.optional(text()),
  separator: v.optional(text()),
  signed: v.optional(
    v.pipe(
      text(),
      v.check(
        (template) => template.includes('{body}'),
        'must contain {body}: without it, the signature says nothing about the body',
      ),
    ),
  ),
  id: v.optional(oneOrMore('a header')),
  timestamp: v.optional(
    closed({
      header: v.optional(oneOrMore('a header')),
      part: v.optional(text()),
      body: v.optional(text()),
      unit: v.optional(choice(['s', 'ms'])),
      tolerance: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(86_400))),
    }),
  ),
  secret: v.optional(choice(['utf8', 'base64', 'whsec'])),
  key: v.optional(choiceOr(['body'], keyLocation, 'one of body:, header:')),
})

export const hmacSpec: AdapterSpec = {
  title: 'HMAC',
  entries: {
    scheme: choiceOr(Object.keys(presets), customScheme, 'a scheme of your own'),
    secret: secretReferences,
    event: v.optional(eventNameLocation),
    /** Gets each change of a run's status. */
    callbackUrl: v.optional(text('a URL')),
    /** A delivery may name its own `callbackUrl`, on these hosts. */
    callbackHosts: v.optional(oneOrMore('a host like hooks.example.com or *.example.com')),
    /** Signs the callbacks as Standard Webhooks defines. */
    callbackSecret: v.optional(secretReferences),
  },
  secret: 'secret',
  tokens: ['callbackSecret'],
  filters: ['event'],
  givesParams: true,
  check: (source) => [
    ...schemeProblems(source.scheme).map((message) => ({ key: 'scheme', message })),
    ...callbackFindings(source),
    ...limitFindings(source),
  ],
  checkRoute: eventFindings,
  notes: retryNotes,
}

/** The exactly-once promise holds only for deliveries that can be recognized. */
function retryNotes({ name, options }: SourceConfig): readonly string[] {
  if (isKnownByKey(schemeOf(options))) return []
  return [
    `a retry from ${name} starts a second run unless it has an Idempotency-Key; set "key" in its scheme to what stays the same in a retry`,
  ]
}

function callbackFindings({ callbackUrl, callbackHosts, callbackSecret }: Raw): readonly SpecFinding[] {
  const why = typeof callbackUrl === 'string' ? whyNotInConfig(callbackUrl) : undefined
  const badHosts = [callbackHosts ?? []]
    .flat()
    .filter((host) => typeof host === 'string' && !/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host))
  const hasCallbacks = callbackUrl !== undefined || callbackHosts !== undefined
  return [
    ...(why === undefined ? [] : [{ key: 'callbackUrl', message: why }]),
    ...badHosts.map((host) => ({
      key: 'callbackHosts',
      message: `"${host}" is not a host: hooks.example.com, or *.example.com`,
    })),
    ...(hasCallbacks && callbackSecret === undefined
      ? [{ key: 'callbackSecret', message: 'is missing: receivers need it to verify that a callback is from taskhook' }]
      : []),
    ...(!hasCallbacks && callbackSecret !== undefined
      ? [{ key: 'callbackSecret', message: 'signs nothing: set callbackUrl or callbackHosts as well' }]
      : []),
  ]
}

const limitFindings = ({ limits }: Raw): readonly SpecFinding[] =>
  typeof limits === 'object' && limits !== null && 'perActor' in limits
    ? [{ key: 'limits', message: 'this sender does not name the requester; use deliveries in place of perActor' }]
    : []

/** Without `with`, every key of the body is a parameter, and no task takes the key with the event's name. */
function eventFindings(route: Raw, { scheme, event }: Raw): readonly SpecFinding[] {
  const preset = (presets as Readonly<Record<string, HmacScheme>>)[String(scheme)]
  const { body } = (event ?? preset?.event ?? {}) as Raw
  return route.event !== undefined && route.with === undefined && body !== undefined
    ? [
        {
          key: 'event',
          message: `is in the body, as "${body}", where every key is a parameter; set the route's parameters in "with"`,
        },
      ]
    : []
}
