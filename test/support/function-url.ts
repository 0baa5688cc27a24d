/** Events of a Lambda function URL, and its answers. */
import type { FunctionUrlEvent, FunctionUrlResult } from '../../src/core/http/lambda-url.ts'

/** An event as Lambda makes it: the body is base64 unless it is JSON or text. @param path with its query */
export function urlEvent(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array = '',
  method = 'POST',
): FunctionUrlEvent {
  const bytes = Buffer.from(body)
  const [rawPath = '/', rawQueryString = ''] = path.split('?', 2)
  const isText =
    /^(application\/json|text\/)/i.test(headers['content-type'] ?? '') &&
    Buffer.from(bytes.toString('utf8')).equals(bytes)
  return {
    rawPath,
    rawQueryString,
    headers,
    ...(bytes.length > 0 && { body: bytes.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: bytes.length > 0 && !isText,
    requestContext: { domainName: 'abc123.lambda-url.eu-west-1.on.aws', http: { method, path: rawPath } },
  }
}

/** The JSON body of an answer. */
export const bodyOf = (result: FunctionUrlResult): Record<string, unknown> =>
  JSON.parse(result.body) as Record<string, unknown>
