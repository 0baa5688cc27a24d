import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Delivery } from '../../test/support/deliveries.ts'

const agent = new Agent({ keepAlive: true })

/** A POST on a connection that is kept alive. @throws {Error} if the connection breaks */
export function post(url: string, { headers, body }: Delivery): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      // If the server is killed in the middle of its response, this stream is aborted.
      text(incoming).then((body) => resolve({ status: incoming.statusCode ?? 0, body }), reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
