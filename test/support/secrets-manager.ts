/** Secrets Manager as far as taskhook asks it: GetSecretValue, with the current version and the one before. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface SecretsManager {
  readonly url: string
  /** How often a secret was asked for. */
  calls(): number
  /** A new version: what was current becomes the previous one. */
  rotate(id: string, value: string): void
  close(): Promise<void>
}

interface Version {
  readonly value: string
  /** Seconds since the epoch, as on the wire. */
  readonly created: number
}

/** @param now milliseconds since the epoch */
export async function startSecretsManager(
  initial: Readonly<Record<string, string>>,
  now: () => number = Date.now,
): Promise<SecretsManager> {
  const stored = (value: string): Version => ({ value, created: now() / 1000 })
  const versions = new Map(Object.entries(initial).map(([id, value]) => [id, [stored(value)]]))
  let calls = 0
  const server = createServer(async (request, response) => {
    calls++
    const { SecretId = '', VersionStage } = (await json(request)) as { SecretId?: string; VersionStage?: string }
    const version = versions.get(SecretId)?.[VersionStage === 'AWSPREVIOUS' ? 1 : 0]
    response.writeHead(version === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(
      JSON.stringify(
        version === undefined
          ? { __type: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret." }
          : {
              Name: SecretId,
              SecretString: version.value,
              CreatedDate: version.created,
              VersionStages: [VersionStage],
            },
      ),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    rotate: (id, value) => void versions.set(id, [stored(value), ...(versions.get(id) ?? [])]),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
