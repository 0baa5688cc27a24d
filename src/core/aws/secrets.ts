/** Secret references → values, cached with a short life. A reference is `env:NAME` or `secretsmanager:ID#KEY` (the id may be an ARN). */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { messageOf, TaskhookError } from '../errors.ts'

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

/** What may have signed, by age: the first reference's value, and what a rotation has left behind. */
export interface SecretsByAge {
  /** Never empty. */
  readonly current: readonly string[]
  /** AWSPREVIOUS, for as long as it is allowed to; and what stands further back in a list, which has no age. */
  readonly previous: readonly string[]
}

export interface Secrets {
  /** @param previousFor seconds that a previous version still counts after its successor was stored @throws {TaskhookError} `unavailable` */
  byAge(references: readonly string[], previousFor?: number): Promise<SecretsByAge>
  /** The same in one list, current ones first. Never empty. @throws {TaskhookError} `unavailable` */
  all(references: readonly string[], previousFor?: number): Promise<readonly string[]>
  /** The value to sign or speak with. @throws {TaskhookError} `unavailable` */
  current(references: readonly string[]): Promise<string>
  /**
   * Look again, unless that was done too often: bad signatures must not become calls to Secrets Manager. What is known stays where
   * looking fails.
   */
  refresh(references: readonly string[]): Promise<void>
}

export interface SecretsOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly client: () => Promise<SecretsManagerClient>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly warn: (message: string) => void
}

const lifeMs = 5 * 60_000
/** A look is earned every thirty seconds, and so many are saved up: a rotation is seen at once, a flood finds the purse empty. */
const [refreshMs, mostLooks] = [30_000, 5]

/** Seconds. Long enough for a rotation over a weekend; AWSPREVIOUS itself stays until the next one. */
export const previousForDefault = 7 * 86_400

interface Versions {
  readonly current: string
  readonly previous?: string
  /** When the current one was stored, in milliseconds since the epoch. */
  readonly since?: number
}

interface Cached {
  readonly at: number
  readonly versions: Promise<Versions>
}

export function createSecrets({ env, client, now, warn }: SecretsOptions): Secrets {
  const cache = new Map<string, Cached>()
  const looking = new Map<string, Promise<void>>()
  const purses = new Map<string, Purse>()

  const read = (reference: string): Promise<Versions> => {
    const known = cache.get(reference)
    if (known !== undefined && now() - known.at < lifeMs) return known.versions
    const versions = load(reference)
    cache.set(reference, { at: now(), versions })
    // A failure is not remembered: the next delivery asks again.
    versions.catch(() => cache.delete(reference))
    return versions
  }

  /** Whoever comes while somebody looks waits for what he finds. */
  const lookAgain = (reference: string): Promise<void> => {
    const known = looking.get(reference)
    if (known !== undefined) return known
    const purse = purses.get(reference) ?? { looks: mostLooks, at: now() }
    purses.set(reference, purse)
    if (!spend(purse, now())) return Promise.resolve()
    const look = load(reference)
      .then(
        (versions) => void cache.set(reference, { at: now(), versions: Promise.resolve(versions) }),
        (error) => warn(`secret ${reference} could not be looked at again: ${messageOf(error)}`),
      )
      .finally(() => looking.delete(reference))
    looking.set(reference, look)
    return look
  }

  const load = async (text: string): Promise<Versions> => {
    const reference = parseReference(text)
    if (reference === undefined) throw unavailable(text, 'is not a secret reference')
    if (reference.kind === 'env') return { current: clean(text, env[reference.name], warn) }
    const manager = await client()
    const [currently, previously] = await Promise.all([
      fetchVersion(manager, reference.id, 'AWSCURRENT'),
      fetchVersion(manager, reference.id, 'AWSPREVIOUS'),
    ])
    const current = clean(text, keyOf(text, currently?.text, reference.key), warn)
    const previous = previously?.text === undefined ? undefined : optionalKey(previously.text, reference.key)
    return {
      current,
      ...(previous !== undefined && previous.trim() !== '' && { previous: withoutNewline(previous) }),
      ...(currently?.since !== undefined && { since: currently.since }),
    }
  }

  const byAge: Secrets['byAge'] = async (references, previousFor = previousForDefault) => {
    const [first, ...older] = await Promise.all(references.map(read))
    if (first === undefined) throw unavailable('', 'no reference')
    const alive = ({ previous, since = Number.POSITIVE_INFINITY }: Versions): readonly string[] =>
      previous === undefined || now() >= since + previousFor * 1000 ? [] : [previous]
    const previous = [...alive(first), ...older.flatMap((versions) => [versions.current, ...alive(versions)])]
    return { current: [first.current], previous: [...new Set(previous)].filter((value) => value !== first.current) }
  }

  return {
    byAge,
    async all(references, previousFor) {
      const { current, previous } = await byAge(references, previousFor)
      return [...current, ...previous]
    },
    async current(references) {
      const [first] = references
      if (first === undefined) throw unavailable('', 'no reference')
      return (await read(first)).current
    },
    async refresh(references) {
      await Promise.all(references.map(lookAgain))
    },
  }
}

interface Purse {
  looks: number
  /** When it was last full, or earned something. */
  at: number
}

function spend(purse: Purse, now: number): boolean {
  const earned = Math.floor((now - purse.at) / refreshMs)
  if (earned > 0) {
    purse.looks = Math.min(mostLooks, purse.looks + earned)
    purse.at += earned * refreshMs
  }
  if (purse.looks === 0) return false
  if (purse.looks === mostLooks) purse.at = now
  purse.looks--
  return true
}

const unavailable = (reference: string, why: string, cause?: unknown): TaskhookError =>
  new TaskhookError('unavailable', `secret ${reference}: ${why}`, { cause })

/** Counted back from the end: a regular expression would begin at every newline. */
function withoutNewline(value: string): string {
  let end = value.length
  while (end > 0 && '\r\n'.includes(value[end - 1] ?? '')) end--
  return value.slice(0, end)
}

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
    const { SecretString, CreatedDate } = await client.send(
      new GetSecretValueCommand({ SecretId: id, VersionStage: stage }),
    )
    return { text: SecretString, since: CreatedDate?.getTime() }
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
