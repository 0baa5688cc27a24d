/** moto's server where it is installed (`pipx install 'moto[server]'`); the tests on it are skipped, visibly, where it is not. */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { eventually } from './eventually.ts'

export const hasMoto = ((): boolean => {
  try {
    execFileSync('moto_server', ['--help'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

export interface Moto {
  readonly url: string
  /** Environment for an SDK client, or for a process that has some. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore', detached: true })
  const url = `http://127.0.0.1:${port}`
  await eventually(
    () =>
      fetch(`${url}/moto-api/`).then(
        () => true,
        () => false,
      ),
    30_000,
  )
  return {
    url,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
    },
    async close() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    },
  }
}

/** Not one of those that `fetch` refuses (5060, 5061, …): the system's ephemeral ports lie far above. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** Calls one handler of the bundle in a new process, as a cold start does. */
export async function invoke(
  name: 'receive' | 'start' | 'settle',
  event: unknown,
  env: Readonly<Record<string, string>>,
  bundle = 'dist/lambda/handler.mjs',
): Promise<unknown> {
  const script = `const handlers = await import(process.env.BUNDLE); console.log('result ' + JSON.stringify(await handlers[process.env.NAME](JSON.parse(process.env.EVENT), {})))`
  const { PATH = '', HOME = '' } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: {
      PATH,
      HOME,
      ...env,
      NAME: name,
      EVENT: JSON.stringify(event),
      BUNDLE: resolve(bundle),
    },
  })
  const line = stdout.split('\n').find((text) => text.startsWith('result '))
  return line === undefined || line === 'result undefined' ? undefined : JSON.parse(line.slice('result '.length))
}

/** moto starts Fargate tasks only in subnets that exist. @param options of the client: another region, another account */
export async function defaultSubnet(url: string, options: { region?: string; credentials?: Credentials } = {}) {
  const client = new EC2Client({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    ...options,
  })
  const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({}))
  return Subnets[0]?.SubnetId ?? 'subnet-0'
}

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}
