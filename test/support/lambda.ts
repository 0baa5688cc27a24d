/**
 * A function as Lambda runs it: AWS's own runtime client (`aws-lambda-ric`) in a process of its own, in front of a Runtime API.
 * The client is built from the sources in its package, once for each machine, which needs autoconf, automake, libtool, cmake and a
 * C++ compiler; the tests on it are skipped, visibly, where it cannot be had.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'

const version = '4.0.2'
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), `taskhook/aws-lambda-ric-${version}`)
const main = join(folder, 'node_modules/aws-lambda-ric/index.mjs')
const tools = ['autoconf', 'automake', 'libtoolize', 'cmake', 'make', 'g++', 'xz']

/** Path of the runtime client. Undefined: it is not here, and cannot be built. */
export const ric: string | undefined = ((): string | undefined => {
  if (existsSync(join(main, '../rapid-client.node'))) return main
  if (tools.some((tool) => spawnSync(tool, ['--version']).error !== undefined)) return undefined
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  try {
    // A minute on two quiet cores.
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `aws-lambda-ric@${version}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 400_000,
    })
    return main
  } catch (error) {
    console.warn(`aws-lambda-ric cannot be built here: ${String((error as Error).message).slice(-500)}`)
    return undefined
  }
})()

export interface LambdaFunction {
  /** @throws {Error} with the function's own error, as Lambda would report it */
  invoke(event: unknown): Promise<unknown>
  close(): Promise<void>
}

/**
 * @param handler `handler.receive`, from the folder of the unpacked package
 * @param env what the function's configuration says, and nothing of this process's
 */
export async function startFunction(
  handler: string,
  taskRoot: string,
  env: Readonly<Record<string, string>>,
): Promise<LambdaFunction> {
  const api = await startRuntimeApi()
  const child = spawn(process.execPath, [ric ?? '', handler], {
    cwd: taskRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...env,
      PATH: process.env.PATH ?? '',
      AWS_LAMBDA_RUNTIME_API: api.host,
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_LAMBDA_FUNCTION_NAME: handler.replace('.', '-'),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/test',
      AWS_LAMBDA_LOG_STREAM_NAME: 'test',
    },
  })
  child.once('exit', (code) => api.fail(new Error(`the runtime ended with ${code}`)))
  return {
    invoke: api.invoke,
    async close() {
      api.close()
      if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit')
    },
  }
}

interface Invocation {
  readonly id: string
  readonly event: unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
async function startRuntimeApi() {
  const queue: Invocation[] = []
  const running = new Map<string, Invocation>()
  let idle: ServerResponse | undefined
  let broken: Error | undefined

  const hand = (): void => {
    const next = idle === undefined ? undefined : queue.shift()
    if (idle === undefined || next === undefined) return
    running.set(next.id, next)
    idle.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': next.id,
      'lambda-runtime-deadline-ms': Date.now() + 60_000,
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:test',
    })
    idle.end(JSON.stringify(next.event))
    idle = undefined
  }
  const fail = (error: Error): void => {
    broken = error
    for (const { reject } of [...queue.splice(0), ...running.values()]) reject(error)
    running.clear()
  }
  const server = createServer(async (request, response) => {
    const [, id = '', verb = ''] = /\/runtime\/(?:invocation\/)?([^/]+)(?:\/(\w+))?$/.exec(request.url ?? '') ?? []
    if (id === 'next') {
      idle = response
      return hand()
    }
    const body = await json(request).catch(() => undefined)
    response.writeHead(202).end('{}')
    if (id === 'init') return fail(errorOf(body))
    const invocation = running.get(id)
    running.delete(id)
    if (verb === 'response') invocation?.resolve(body)
    else invocation?.reject(errorOf(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail,
    invoke: (event: unknown): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken)
        queue.push({ id: randomUUID(), event, resolve, reject })
        hand()
      }),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function errorOf(body: unknown): Error {
  const { errorType, errorMessage } = (body ?? {}) as { errorType?: string; errorMessage?: string }
  return new Error(`${errorType}: ${errorMessage}`)
}
