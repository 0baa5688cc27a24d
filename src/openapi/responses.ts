/** What is answered where something is wrong. */
import { type Content, type Reference, type Response, schemaRef } from './openapi-types.ts'

const content: Content = { 'application/problem+json': { schema: schemaRef('Problem') } }

const refusals = {
  400: ['BadRequest', 'It cannot be read: the body is neither JSON nor a form, or the query lacks something.'],
  401: ['Unauthorized', 'The signature or the token does not hold. Every reason looks the same from outside.'],
  403: ['Forbidden', 'Whoever asks may not.'],
  404: ['NotFound', 'There is nothing at this address, or not any more.'],
  405: ['MethodNotAllowed', 'The address is asked with another method.'],
  410: ['Gone', 'The run has ended.'],
  413: ['ContentTooLarge', 'The body is larger than what is taken: 6 MB of a delivery, 8 kB of a report.'],
  414: ['UriTooLong', 'The address is longer than what is taken.'],
  422: [
    'UnprocessableContent',
    'It was read, and cannot be run: `problems` says of each parameter what is wrong. Nothing was started.',
  ],
  429: [
    'TooManyRequests',
    'More than the source’s limits, or than one report a second; wait as long as `Retry-After` says.',
  ],
  431: ['RequestHeaderFieldsTooLarge', 'The headers are more than what is taken: 200, with 64 kB in all.'],
  500: ['InternalServerError', 'taskhook failed, and its log says why. Send it again: it is the same delivery.'],
  503: [
    'ServiceUnavailable',
    'taskhook cannot write it down just now: send it again, it is the same delivery. Or the task is paused: `detail` says why, `Retry-After` when to come again.',
  ],
} as const satisfies Record<number, readonly [name: string, description: string]>

const headers = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } }

export type Refusal = keyof typeof refusals

/** All there are; a document takes those that it refers to. */
export const refusalResponses: Readonly<Record<string, Response>> = Object.fromEntries(
  Object.entries(refusals).map(([status, [name, description]]) => [
    name,
    { description, ...((status === '429' || status === '503') && { headers }), content },
  ]),
)

export const refusing = (...statuses: readonly Refusal[]): Readonly<Record<string, Reference>> =>
  Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${refusals[status][0]}` }]))
