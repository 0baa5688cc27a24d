/** The HTTP server of local ECS: AWS JSON 1.1, as the AWS SDK speaks it. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { messageOf } from '../../core/errors.ts'
import { ecsActions } from '../faults/ecs-fault-kinds.ts'
import type { ActionResult, EcsApi } from './action.ts'
import { findAction } from './actions.ts'
import { callWithFaults } from './call-faults.ts'
import { ApiError } from './errors.ts'

const service = 'AmazonEC2ContainerServiceV20141113'

export interface EcsServer {
  readonly url: string
  close(): Promise<void>
}

export async function startServer(api: EcsApi): Promise<EcsServer> {
  const server = createServer((request, response) => void handleRequest(request, response, api))
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

async function handleRequest(request: IncomingMessage, response: ServerResponse, api: EcsApi): Promise<void> {
  try {
    const [name, action] = actionIn(request)
    sendResult(await callWithFaults(name, action, await readInput(request), api), request, response)
  } catch (error) {
    const { type, message, status, members } =
      error instanceof ApiError ? error : new ApiError('ServerException', messageOf(error), 500)
    sendJson(response, status, { __type: type, message, ...members })
  }
}

/** @throws {ApiError} */
function actionIn({ headers }: IncomingMessage) {
  // DNS rebinding: a web page can resolve its own name to 127.0.0.1. It must not be able to start programs.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? ''))
    throw new ApiError('AccessDeniedException', 'Local ECS accepts requests to 127.0.0.1 and localhost only.')
  const [prefix, name = ''] = String(headers['x-amz-target'] ?? '').split('.')
  const found = prefix === service ? findAction(name) : undefined
  if (found !== undefined) return found
  throw new ApiError(
    'UnknownOperationException',
    `Local ECS does not support the operation ${name || '(no X-Amz-Target)'}. It supports ${ecsActions.join(', ')}.`,
  )
}

/** @throws {ApiError} */
async function readInput(request: IncomingMessage): Promise<unknown> {
  // Any web page can send a form or plain text without a CORS preflight. It cannot send this type.
  if (!request.headers['content-type']?.startsWith('application/x-amz-json-1.1'))
    throw new ApiError('SerializationException', 'The content type must be application/x-amz-json-1.1.')
  try {
    return await json(request)
  } catch (error) {
    throw new ApiError('SerializationException', `The request is not JSON: ${messageOf(error)}`)
  }
}

function sendResult(result: ActionResult, request: IncomingMessage, response: ServerResponse): void {
  switch (result.kind) {
    case 'lost':
      request.socket.destroy()
      return
    case 'body':
      sendJson(response, 200, result.body)
      return
    case 'garbled':
      sendGarbled(result, request, response)
  }
}

function sendGarbled(
  { body, how }: Extract<ActionResult, { kind: 'garbled' }>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const text = JSON.stringify(body)
  const half = text.slice(0, text.length / 2)
  if (how === 'not-json') {
    response.writeHead(200, headers()).end(half)
    return
  }
  // The length is that of the whole body, and the connection drops in the middle of it.
  response.writeHead(200, { ...headers(), 'content-length': Buffer.byteLength(text) })
  response.write(half, () => request.socket.destroy())
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, headers()).end(JSON.stringify(body))
}

const headers = () => ({ 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() })
