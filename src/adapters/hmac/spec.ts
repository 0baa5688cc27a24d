/** The config of an hmac source, and what `taskhook check` checks in it. */
import * as v from 'valibot'
import {
  choice,
  choiceOr,
  closed,
  described,
  mustBe,
  oneOf,
  oneOrMore,
  secretReferences,
  text,
} from '../../config/fields.ts'
import type { AdapterSpec, Raw, SpecFinding } from '../../config/spec.ts'
import type { SourceConfig } from '../../core/adapter.ts'
import { whyNotInConfig } from './callback-url.ts'
import { isKnownByKey } from './delivery-key.ts'
import type { HmacScheme } from './hmac-scheme.ts'
import { presets } from './presets.ts'
import { schemeProblems } from './scheme-checks.ts'
import { schemeOf } from './schemes.ts'

const eventNameLocation = closed({
  header: v.optional(oneOrMore('a header')),
  body: v.optional(text('a key of the body')),
})

/** Values of the body, by their paths. */
const condition = v.record(text('a path'), v.union([v.string(), v.number(), v.boolean(), v.null()]))

const handshake = v.pipe(
  closed({
    if: v.optional(condition),
    echo: v.optional(
      oneOf({ body: text('a key of the body'), query: text('a key of the query'), header: text('a header') }),
    ),
    copy: v.optional(oneOf({ body: text('a key of the body'), header: text('a header') })),
    sign: v.optional(closed({ body: text('a key of the body'), as: text('a key of the answer') })),
    reply: v.optional(v.unknown()),
    signed: v.optional(v.literal(true, 'must be true')),
  }),
  v.check(
    (entry) =>
      ['echo', 'sign', 'reply'].filter((key) => key in entry).length +
        ('copy' in entry && !('echo' in entry) ? 1 : 0) ===
      1,
    'must have one of echo, copy, sign and reply; only echo and copy go together',
  ),
  v.check(
    ({ signed, echo }) => signed === undefined || (echo !== undefined && 'body' in echo),
    'has "signed" without an echo of the body; only that needs it: sign and reply always require a signature',
  ),
  v.check(
    ({ echo, copy }) => echo === undefined || copy === undefined || JSON.stringify(echo) === JSON.stringify(copy),
    'has echo and copy of different values; both must name the same one',
  ),
  v.check(
    ({ signed, copy }) => signed === undefined || copy === undefined,
    'has "copy" and "signed"; a secret is sent before the sender can sign',
  ),
  v.check(
    ({ if: when, echo }) => when === undefined || echo === undefined || !('query' in echo),
    'has "if" for a GET, which has no body; remove it',
  ),
)

const ignoreRule = v.pipe(
  closed({ event: v.optional(text('the name of an event')), if: v.optional(condition), because: text('a reason') }),
  v.check(({ event, if: when }) => event !== undefined || when !== undefined, 'must have event, if, or both'),
)

const keyLocation = oneOf({ body: oneOrMore('a key of the body'), header: oneOrMore('a header') })

const customScheme = closed({
  header: oneOrMore('a header'),
  algorithm: choice(['sha256', 'sha1', 'sha512', 'ed25519', 'token']),
  encoding: choice(['hex', 'base64', 'base64url']),
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
      unit: v.optional(choice(['s', 'ms', 'date'])),
      tolerance: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(86_400))),
    }),
  ),
  secret: v.optional(choice(['utf8', 'hex', 'base64', 'whsec'])),
  formField: v.optional(text('a field of a form')),
  key: v.optional(choiceOr(['body'], keyLocation, 'one of body:, header:')),
  handshake: v.optional(
    v.pipe(v.array(handshake, mustBe('a list of handshakes')), v.minLength(1, 'must not be empty')),
  ),
  ignore: v.optional(v.pipe(v.array(ignoreRule, mustBe('a list of rules')), v.minLength(1, 'must not be empty'))),
})

export const hmacSpec: AdapterSpec = {
  title: 'HMAC',
  entries: {
    scheme: choiceOr(Object.keys(presets), customScheme, 'a scheme of your own'),
    secret: secretReferences,
    event: v.optional(eventNameLocation),
    each: v.optional(
      described(
        text('a path of the body'),
        'The list of the body whose elements are deliveries of their own; ".": the body itself.',
      ),
    ),
    publicUrl: v.optional(
      described(
        v.pipe(
          text('a URL'),
          v.regex(/^https:\/\/[^\s/?#]+\/[^\s#]*$/, 'must be the whole URL: https://hooks.example.com/shop'),
        ),
        'The URL under which the sender knows this source, for senders that sign it. Default: the address of the request.',
      ),
    ),
    accepted: v.optional(
      described(
        v.picklist([200, 202, 204], 'must be 200, 202 or 204'),
        'The status of a success. Default 202, or 200 where nothing new starts.',
      ),
    ),
    refusals: v.optional(
      described(
        v.picklist([200], 'must be 200'),
        'The status of a refusal, for senders that switch a hook off after a 4xx.',
      ),
    ),
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
    ...urlFindings(source),
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

/** A custom domain or a proxy changes the address that the sender signs. */
function urlFindings({ scheme, publicUrl }: Raw): readonly SpecFinding[] {
  const preset = (presets as Readonly<Record<string, HmacScheme>>)[String(scheme)]
  const { signed } = (preset ?? scheme ?? {}) as Raw
  return publicUrl === undefined || /\{(?:url|path)\}/.test(String(signed))
    ? []
    : [{ key: 'publicUrl', message: 'has no effect: this scheme does not sign the URL; remove it' }]
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
