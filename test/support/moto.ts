/** moto's server where it is installed (`pipx install 'moto[server]'`); the tests on it are skipped, visibly, where it is not. */
import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { eventually } from './world.ts'

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
