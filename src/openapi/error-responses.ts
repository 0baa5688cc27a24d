/** The answers with a 4xx or 5xx status. Each has a body of `application/problem+json`. */
import { type Content, type Reference, type Response, schemaRef } from './openapi-types.ts'

const content: Content = { 'application/problem+json': { schema: schemaRef('Problem') } }

const errors = {
  400: ['BadRequest', 'The body is neither valid JSON nor a valid form, or the query lacks a parameter.'],
  401: ['Unauthorized', 'The signature or the token is not valid. The answer is the same for every cause.'],
  403: ['Forbidden', 'The sender is not allowed to do this.'],
  404: ['NotFound', 'Nothing exists at this address, or the run no longer exists.'],
  405: ['MethodNotAllowed', 'The address does not support this HTTP method.'],
  410: ['Gone', 'The run has ended.'],
  413: ['ContentTooLarge', 'The body is too large. The limit is 6 MB for a delivery and 8 kB for a progress report.'],
  414: ['UriTooLong', 'The URL is too long.'],
  422: [
    'UnprocessableContent',
    'The request is readable, but its parameters are not valid. `problems` lists every fault. No task was started.',
  ],
  429: [
    'TooManyRequests',
    'More requests than the limits of the source allow, or more than one progress report a second. Wait for `Retry-After`.',
  ],
  431: ['RequestHeaderFieldsTooLarge', 'Too many headers. The limit is 200, and 64 kB in total.'],
  500: [
    'InternalServerError',
    'taskhook failed; the reason is in its log. Send the delivery again: it stays the same run.',
  ],
  503: [
    'ServiceUnavailable',
    'taskhook cannot record the delivery at the moment; send it again, and it stays the same run. Or the task is paused: `detail` has the reason, and `Retry-After` says when to try again.',
  ],
} as const satisfies Record<number, readonly [name: string, description: string]>

export type ErrorStatus = keyof typeof errors

const retryAfter = {
  'Retry-After': { description: 'Seconds until the next try.', schema: { type: 'integer' } },
}

/** All error responses; referenced-components.ts keeps those that a document uses. */
export const errorResponses: Readonly<Record<string, Response>> = Object.fromEntries(
  Object.entries(errors).map(([status, [name, description]]) => [
    name,
    { description, ...((status === '429' || status === '503') && { headers: retryAfter }), content },
  ]),
)

/** References for the `responses` of an operation. */
export const errorAnswers = (...statuses: readonly ErrorStatus[]): Readonly<Record<string, Reference>> =>
  Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${errors[status][0]}` }]))
