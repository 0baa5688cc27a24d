import * as v from 'valibot'
import { choice, choiceOr, closed, oneOrMore, secretReferences, text } from '../../config/fields.ts'
import type { AdapterSpec, SpecFinding } from '../../config/spec.ts'
import { type EventName, type HmacScheme, presets } from './schemes.ts'
import { whyNotCalled } from './update-status.ts'

const eventName = closed({ header: v.optional(text('a header')), body: v.optional(text('a key of the body')) })

const ownScheme = closed({
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
        'must hold {body}: a signature that leaves it out proves nothing',
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
})

const names = Object.keys(presets)

export const hmacSpec: AdapterSpec = {
  title: 'HMAC',
  entries: {
    scheme: choiceOr(names, ownScheme, 'a scheme of your own'),
    secret: secretReferences,
    event: v.optional(eventName),
    /** Told of every change of a run's status. */
    callbackUrl: v.optional(text('a URL')),
    /** A delivery may name its own `callbackUrl`, on these hosts. */
    callbackHosts: v.optional(oneOrMore('a host like hooks.example.com or *.example.com')),
    /** Signs what is told: Standard Webhooks. */
    callbackSecret: v.optional(secretReferences),
  },
  secret: 'secret',
  tokens: ['callbackSecret'],
  filters: ['event'],
  givesParams: true,
  check: (source) => [...schemeFaults(source), ...callbackFaults(source), ...limitFaults(source)],
  checkRoute(route, { scheme, event }) {
    // Without `with` the body's keys are the parameters, and the event's own key would be one that no task takes.
    const named = (event ?? (presets as Readonly<Record<string, HmacScheme>>)[String(scheme)]?.event) as
      | EventName
      | undefined
    return route.event !== undefined && route.with === undefined && named?.body !== undefined
      ? [
          {
            key: 'event',
            message: `stands in the body, as "${named.body}", where every key is a parameter; say in "with" which parameters the route takes`,
          },
        ]
      : []
  },
}

type Raw = Readonly<Record<string, unknown>>

const limitFaults = ({ limits }: Raw): SpecFinding[] =>
  typeof limits === 'object' && limits !== null && 'perActor' in limits
    ? [{ key: 'limits', message: 'these senders do not say for whom they ask; write deliveries in place of perActor' }]
    : []

function callbackFaults({ callbackUrl, callbackHosts, callbackSecret }: Raw): SpecFinding[] {
  const findings: SpecFinding[] = []
  const why = typeof callbackUrl === 'string' ? whyNoCallback(callbackUrl) : undefined
  if (why !== undefined) findings.push({ key: 'callbackUrl', message: why })
  for (const host of [callbackHosts ?? []].flat())
    if (typeof host === 'string' && !/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host))
      findings.push({ key: 'callbackHosts', message: `"${host}" is not a host: hooks.example.com, or *.example.com` })
  const calls = callbackUrl !== undefined || callbackHosts !== undefined
  if (calls && callbackSecret === undefined)
    findings.push({
      key: 'callbackSecret',
      message: 'is missing: who is called back must be able to tell that it was us',
    })
  if (!calls && callbackSecret !== undefined)
    findings.push({
      key: 'callbackSecret',
      message: 'signs nothing: say whom to call back in callbackUrl or callbackHosts',
    })
  return findings
}

/** This machine is for `taskhook dev --live` alone: a deployment refuses to go there. */
function whyNoCallback(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null) return 'is not a URL'
  if (url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname)) return undefined
  const why = whyNotCalled(url)
  return why === undefined ? undefined : `${why}; write https://…`
}

function schemeFaults({ scheme }: Raw): SpecFinding[] {
  if (typeof scheme !== 'object' || scheme === null) return []
  const {
    signed = '{body}',
    timestamp,
    id,
  } = scheme as { signed?: unknown; timestamp?: Record<string, unknown>; id?: unknown }
  const template = String(signed)
  const findings = []
  const algorithm = (scheme as { algorithm?: unknown }).algorithm
  if (algorithm === 'token' && (template !== '{body}' || timestamp !== undefined || id !== undefined))
    findings.push({
      key: 'scheme',
      message:
        'sends its secret and signs nothing, so "signed", "timestamp" and "id" would prove nothing; leave them out',
    })
  const timed = timestamp?.header !== undefined || timestamp?.part !== undefined
  if (template.includes('{timestamp}') && !timed)
    findings.push({
      key: 'scheme',
      message: 'signs {timestamp}; say in timestamp.header or timestamp.part where it stands',
    })
  // A time that is not signed can be set to anything by whoever replays the request.
  if (timed && !template.includes('{timestamp}'))
    findings.push({
      key: 'scheme',
      message: 'has a timestamp that is not signed; put {timestamp} into "signed", or leave it out',
    })
  if (timestamp !== undefined && !timed && timestamp.body === undefined)
    findings.push({
      key: 'scheme',
      message: 'has a timestamp that stands nowhere; say where: timestamp.header, .part or .body',
    })
  if (template.includes('{id}') && id === undefined)
    findings.push({ key: 'scheme', message: 'signs {id}; say in "id" which header holds it' })
  return findings
}
