/** AWS JSON 1.1 over HTTP: which action, its input, and the answer or error as the SDK reads it. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { messageOf } from '../../core/errors.ts'
import { ecsActions } from '../faults/ecs-fault-kinds.ts'
import type { Answer, Api } from './action.ts'
import { actionOf } from './actions.ts'
import { callWithFaults } from './call-faults.ts'
import { ApiError } from './errors.ts'

const service = 'AmazonEC2ContainerServiceV20141113'

export interface Listening {
  readonly url: string
  close(): Promise<void>
}

export async function listen(api: Api): Promise<Listening> {
  const server = createServer((request, response) => void serve(request, response, api))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

async function serve(request: IncomingMessage, response: ServerResponse, api: Api): Promise<void> {
  try {
    const [name, action] = wantedBy(request)
    reply(await callWithFaults(name, action, await inputOf(request), api), request, response)
  } catch (error) {
    const { type, message, status, members } =
      error instanceof ApiError ? error : new ApiError('ServerException', messageOf(error), 500)
    send(response, status, { __type: type, message, ...members })
  }
}

function wantedBy({ headers }: IncomingMessage) {
  // A web page can make a browser call 127.0.0.1 under a name of the page's own; what is started here are programs.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? ''))
    throw new ApiError('AccessDeniedException', 'The local ECS endpoint answers on 127.0.0.1 and localhost only.')
  const [prefix, name = ''] = String(headers['x-amz-target'] ?? '').split('.')
  const found = prefix === service ? actionOf(name) : undefined
  if (found !== undefined) return found
  const [asked, known] = [name || '(no X-Amz-Target)', ecsActions.join(', ')]
  throw new ApiError(
    'UnknownOperationException',
    `The local ECS endpoint does not know the operation ${asked}; it knows ${known}.`,
  )
}

async function inputOf(request: IncomingMessage): Promise<unknown> {
  // A form or a plain text can be sent by any web page without asking; this type cannot.
  if (!request.headers['content-type']?.startsWith('application/x-amz-json-1.1'))
    throw new ApiError('SerializationException', 'The content type must be application/x-amz-json-1.1.')
  try {
    return await json(request)
  } catch (error) {
    throw new ApiError('SerializationException', `The request is no JSON: ${messageOf(error)}`)
  }
}

function reply(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (answer.kind === 'lost') request.socket.destroy()
  else if (answer.kind === 'body') send(response, 200, answer.body)
  else {
    const text = JSON.stringify(answer.body)
    const half = text.slice(0, text.length / 2)
    // A half says how long the whole would be, and hangs up in the middle.
    const length = answer.how === 'half' ? { 'content-length': Buffer.byteLength(text) } : {}
    response.writeHead(200, { ...headers(), ...length })
    if (answer.how === 'half') response.write(half, () => request.socket.destroy())
    else response.end(half)
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, headers()).end(JSON.stringify(body))
}

const headers = () => ({ 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() })
