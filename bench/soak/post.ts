import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Delivery } from '../../test/support/deliveries.ts'

const agent = new Agent({ keepAlive: true })

/** One POST on a connection that is kept. @throws {Error} where the connection breaks */
export function post(url: string, { headers, body }: Delivery): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      // A server that dies in the middle of its answer is an 'aborted' of this stream.
      text(incoming).then((answer) => resolve({ status: incoming.statusCode ?? 0, body: answer }), reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
