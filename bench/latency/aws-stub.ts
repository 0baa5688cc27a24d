/** A stub of DynamoDB and SQS that responds at once, so that only taskhook's own time is measured. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export async function startAwsStub(): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const { MessageBody } = JSON.parse(await text(request)) as { MessageBody?: string }
    response.setHeader('content-type', 'application/x-amz-json-1.0')
    response.end(MessageBody === undefined ? '{}' : sendMessageResult(MessageBody))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

/** The SDK checks the digest of the message in SQS's response. */
const sendMessageResult = (body: string): string =>
  JSON.stringify({ MessageId: '1', MD5OfMessageBody: createHash('md5').update(body).digest('hex') })
