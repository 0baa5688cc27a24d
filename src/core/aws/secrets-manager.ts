/** The current and the previous version of one secret, read from its store. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { messageOf } from '../errors.ts'
import { parseReference } from './secret-reference.ts'
import { cleanSecret, SecretUnavailable, secretMember, withoutNewline } from './secret-value.ts'

export interface SecretVersions {
  readonly current: string
  readonly previous?: string
  /** When the current one was stored, in milliseconds since the epoch. */
  readonly since?: number
}

export interface SecretStores {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Called only for a reference to Secrets Manager. */
  readonly client: () => Promise<SecretsManagerClient>
  readonly warn: (message: string) => void
}

/** @throws {TaskhookError} `unavailable` */
export async function readVersions({ env, client, warn }: SecretStores, text: string): Promise<SecretVersions> {
  const reference = parseReference(text)
  if (reference === undefined) throw new SecretUnavailable(text, 'is not a secret reference')
  if (reference.kind === 'env') return { current: cleanSecret(text, env[reference.name], warn) }
  const { id, key } = reference
  const manager = await client()
  const [latest, before] = await Promise.all([
    fetchVersion(manager, id, 'AWSCURRENT'),
    fetchVersion(manager, id, 'AWSPREVIOUS'),
  ])
  const current = cleanSecret(text, secretMember(text, latest?.text, key), warn)
  const previous = previousMember(before?.text, key)
  return {
    current,
    ...(previous !== undefined && previous.trim() !== '' && { previous: withoutNewline(previous) }),
    ...(latest?.since !== undefined && { since: latest.since }),
  }
}

async function fetchVersion(client: SecretsManagerClient, id: string, stage: 'AWSCURRENT' | 'AWSPREVIOUS') {
  const { GetSecretValueCommand } = await import('./secrets-manager-sdk.ts')
  try {
    const { SecretString, CreatedDate } = await client.send(
      new GetSecretValueCommand({ SecretId: id, VersionStage: stage }),
    )
    return { text: SecretString, since: CreatedDate?.getTime() }
  } catch (error) {
    // A secret that was never rotated has no previous version.
    if (stage === 'AWSPREVIOUS') return undefined
    throw new SecretUnavailable(`secretsmanager:${id}`, messageOf(error), error)
  }
}

/** A previous version without the key is no error: the key may be new. */
function previousMember(text: string | undefined, key: string | undefined): string | undefined {
  try {
    return secretMember('', text, key)
  } catch {
    return undefined
  }
}
