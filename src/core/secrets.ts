/** Secret references → values, cached with a short life. A reference is `env:NAME` or `secretsmanager:ID#KEY` (the id may be an ARN). */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { messageOf, TaskhookError } from './errors.ts'

export type SecretReference =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'secretsmanager'; readonly id: string; readonly key: string | undefined }

/** Undefined: the text is not a reference. */
export function parseReference(text: string): SecretReference | undefined {
  const env = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)
  if (env?.[1] !== undefined) return { kind: 'env', name: env[1] }
  const manager = /^secretsmanager:([^#\s]+)(?:#([^#\s]+))?$/.exec(text)
  return manager?.[1] === undefined ? undefined : { kind: 'secretsmanager', id: manager[1], key: manager[2] }
}

export interface Secrets {
  /** Every value that may have signed, current ones first. Never empty. @throws {TaskhookError} `unavailable` */
  all(references: readonly string[]): Promise<readonly string[]>
  /** The value to sign or speak with. @throws {TaskhookError} `unavailable` */
  current(references: readonly string[]): Promise<string>
  /**
   * Look again, unless that was done a moment ago: bad signatures must not become calls to Secrets Manager. What is known stays where
   * looking fails. True: there are new values.
   */
  refresh(references: readonly string[]): Promise<boolean>
}

export interface SecretsOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly client: () => Promise<SecretsManagerClient>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly warn: (message: string) => void
}

const lifeMs = 5 * 60_000
const refreshMs = 30_000

interface Cached {
  readonly at: number
  readonly values: Promise<readonly string[]>
}

export function createSecrets({ env, client, now, warn }: SecretsOptions): Secrets {
  const cache = new Map<string, Cached>()

  const read = (reference: string): Promise<readonly string[]> => {
    const known = cache.get(reference)
    if (known !== undefined && now() - known.at < lifeMs) return known.values
    const values = load(reference)
    cache.set(reference, { at: now(), values })
    // A failure is not remembered: the next delivery asks again.
    values.catch(() => cache.delete(reference))
    return values
  }

  /** Whether something new was found. */
  const lookAgain = async (reference: string): Promise<boolean> => {
    const known = cache.get(reference)
    // First, so that whoever comes meanwhile does not look as well.
    if (known !== undefined) cache.set(reference, { ...known, at: now() })
    try {
      const values = await load(reference)
      cache.set(reference, { at: now(), values: Promise.resolve(values) })
      return values.join('\n') !== (await known?.values)?.join('\n')
    } catch (error) {
      warn(`secret ${reference} could not be looked at again: ${messageOf(error)}`)
      return false
    }
  }

  const load = async (text: string): Promise<readonly string[]> => {
    const reference = parseReference(text)
    if (reference === undefined) throw unavailable(text, 'is not a secret reference')
    if (reference.kind === 'env') return [clean(text, env[reference.name], warn)]
    const manager = await client()
    const [currently, previously] = await Promise.all([
      fetchVersion(manager, reference.id, 'AWSCURRENT'),
      fetchVersion(manager, reference.id, 'AWSPREVIOUS'),
    ])
    const previous = previously === undefined ? undefined : optionalKey(previously, reference.key)
    return [
      clean(text, keyOf(text, currently, reference.key), warn),
      ...(previous === undefined || previous.trim() === '' ? [] : [withoutNewline(previous)]),
    ]
  }

  return {
    async all(references) {
      const values = (await Promise.all(references.map(read))).flat()
      return [...new Set(values)]
    },
    async current(references) {
      const [first] = references
      if (first === undefined) throw unavailable('', 'no reference')
      return (await read(first))[0] ?? ''
    },
    async refresh(references) {
      const stale = references.filter((reference) => now() - (cache.get(reference)?.at ?? 0) > refreshMs)
      const looked = await Promise.all(stale.map(lookAgain))
      return looked.includes(true)
    },
  }
}

const unavailable = (reference: string, why: string, cause?: unknown): TaskhookError =>
  new TaskhookError('unavailable', `secret ${reference}: ${why}`, { cause })

const withoutNewline = (value: string): string => value.replace(/[\r\n]+$/, '')

/** @throws {TaskhookError} where there is nothing: an empty secret would let anybody sign */
export function clean(reference: string, value: string | undefined, warn: (message: string) => void): string {
  if (value === undefined) throw unavailable(reference, 'is not set')
  const trimmed = withoutNewline(value)
  if (trimmed.trim() === '') throw unavailable(reference, 'is empty')
  if (trimmed !== value) warn(`secret ${reference} ends in a newline, which was left out; store it without`)
  return trimmed
}

async function fetchVersion(client: SecretsManagerClient, id: string, stage: 'AWSCURRENT' | 'AWSPREVIOUS') {
  // Loaded with the client that is used: a deployment with `env:` secrets alone never needs it.
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager')
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id, VersionStage: stage }))
    return SecretString
  } catch (error) {
    // A secret that was never rotated has no previous version.
    if (stage === 'AWSPREVIOUS') return undefined
    throw unavailable(`secretsmanager:${id}`, messageOf(error), error)
  }
}

/** A member of a JSON secret. @throws {TaskhookError} where there is none */
export function keyOf(reference: string, text: string | undefined, key: string | undefined): string | undefined {
  if (key === undefined || text === undefined) return text
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw unavailable(reference, `is not JSON, so it has no key "${key}"`)
  }
  const value =
    typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, key) ? Reflect.get(parsed, key) : undefined
  if (typeof value !== 'string') throw unavailable(reference, `has no key "${key}" with a text`)
  return value
}

function optionalKey(text: string, key: string | undefined): string | undefined {
  try {
    return keyOf('', text, key)
  } catch {
    return undefined
  }
}
