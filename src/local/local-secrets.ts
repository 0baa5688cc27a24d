/**
 * Secrets without an AWS account. Each `secretsmanager:` reference becomes an environment variable with a placeholder value, which
 * depends only on the reference: `taskhook dev` and `taskhook send` derive the same one.
 */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { schemeOf } from '../adapters/hmac/schemes.ts'
import type { SourceConfig } from '../core/adapter.ts'
import type { Config } from '../core/model/config.ts'

/** `whsec_` and 32 bytes in base64, or those bytes in hex if the source's scheme needs that. */
export function placeholderSecret(reference: string, source?: SourceConfig): string {
  const bytes = createHash('sha256').update(`taskhook local stand-in for ${reference}`)
  const isHex = source?.adapter === 'hmac' && schemeOf(source.options).secret === 'hex'
  return isHex ? bytes.digest('hex') : `whsec_${bytes.digest('base64')}`
}

/** For the private key of a GitHub App, which must be able to sign. */
const placeholderKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString()
    .trim()

export interface LocalSecrets {
  /** The config with `env:` references only. */
  readonly config: Config
  /** The variables that its new references name. */
  readonly env: Readonly<Record<string, string>>
  /** The `secretsmanager:` references that were replaced. */
  readonly replacedReferences: readonly string[]
}

/** @param secretFor the value of a reference; default: its placeholder */
export async function replaceSecretReferences(
  config: Config,
  secretFor: (reference: string, source?: SourceConfig) => Promise<string> | string = placeholderSecret,
): Promise<LocalSecrets> {
  const sources = Object.values(config.sources)
  const references = sources.flatMap(({ secret, tokens }) => [...secret, ...Object.values(tokens).flat()])
  const replacedReferences = [...new Set(references)].filter((reference) => !reference.startsWith('env:'))
  const variables = new Map(
    replacedReferences.map((reference, index) => [reference, `TASKHOOK_LOCAL_SECRET_${index}`] as const),
  )
  const isKey = (reference: string): boolean => sources.some(({ tokens }) => tokens.privateKey?.includes(reference))
  const env = await Promise.all(
    [...variables].map(async ([reference, variable]): Promise<[string, string]> => {
      const isPlaceholderKey = secretFor === placeholderSecret && isKey(reference)
      const source = sources.find(({ secret }) => secret.includes(reference))
      return [variable, isPlaceholderKey ? placeholderKey() : await secretFor(reference, source)]
    }),
  )
  return {
    config: { ...config, sources: mapValues(config.sources, (source) => withVariables(source, variables)) },
    env: Object.fromEntries(env),
    replacedReferences,
  }
}

function withVariables(source: SourceConfig, variables: ReadonlyMap<string, string>): SourceConfig {
  const replace = (reference: string): string => {
    const variable = variables.get(reference)
    return variable === undefined ? reference : `env:${variable}`
  }
  return {
    ...source,
    secret: source.secret.map(replace),
    tokens: mapValues(source.tokens, (references) => references.map(replace)),
  }
}

const mapValues = <T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
