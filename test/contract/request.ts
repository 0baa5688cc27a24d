import type { HttpRequest } from '../../src/core/adapter.ts'
import type { Body, Headers } from '../support/sign.ts'

/** A delivery as core hands it to an adapter. */
export const requestOf = (body: Body, headers: Headers = {}): HttpRequest => ({
  method: 'POST',
  path: '/source',
  query: new URLSearchParams(),
  headers,
  body: Buffer.from(body),
  origin: 'https://abc.lambda-url.eu-west-1.on.aws',
})
