/** A proxy between the bridge and an emulator: notes each call of an AWS API, and can answer a call itself. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request as requestTo, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface Call {
  /** `RunTask`, `UpdateItem`, `SendMessage`. */
  readonly action: string
  readonly input: Readonly<Record<string, unknown>>
}

/** An error as AWS' JSON protocols have it; undefined: the emulator answers. */
export type Interceptor = (call: Call) => AwsError | undefined | Promise<AwsError | undefined>
export interface AwsError {
  readonly type: string
  readonly message: string
  readonly resourceIds?: readonly string[]
}

/** Not one that the SDK tries again by itself. */
export const accessDenied: AwsError = { type: 'AccessDeniedException', message: 'refused by the test' }

export interface Relay {
  readonly url: string
  readonly calls: Call[]
  callsOf(action: string): Call[]
  /** From now on these calls get this answer; without one, the emulator's. */
  intercept(answering?: Interceptor): void
  close(): Promise<void>
}

export async function startRelay(target: string): Promise<Relay> {
  const calls: Call[] = []
  let answering: Interceptor = () => undefined
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const call = callOf(request, body)
    calls.push(call)
    const refused = await answering(call)
    if (refused === undefined) return forward(target, request, body, response)
    const { type, ...members } = refused
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify({ __type: type, ...members }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    callsOf: (action) => calls.filter((call) => call.action === action),
    intercept(next = () => undefined) {
      answering = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const callOf = ({ headers }: IncomingMessage, body: Buffer): Call => ({
  action: String(headers['x-amz-target']).split('.').at(-1) ?? '',
  input: JSON.parse(body.toString() || '{}') as Call['input'],
})

/** Byte for byte, and a connection that breaks there breaks here. */
function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse) {
  const upstream = requestTo(new URL(url ?? '/', target), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.on('error', () => response.destroy())
    answer.pipe(response)
  })
  upstream.on('error', () => response.destroy())
  upstream.end(body)
}
