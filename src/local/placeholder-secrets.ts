/**
 * Secrets without an account. A `secretsmanager:` reference gets a local stand-in that is made of the reference alone, so that
 * `taskhook dev` and `taskhook send` come to the same one; it has the form `whsec_…`, which every scheme can take.
 */
import { createHash, generateKeyPairSync } from 'node:crypto'
import type { SourceConfig } from '../core/adapter.ts'
import type { Config } from '../core/model/config.ts'

export const standInFor = (reference: string): string =>
  `whsec_${createHash('sha256').update(`taskhook local stand-in for ${reference}`).digest('base64')}`

/** An App's key must sign, so a stand-in for it is one. */
const keyStandIn = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString()
    .trim()

export interface LocalConfig {
  readonly config: Config
  /** Variables that the references of `config` now name. */
  readonly env: Readonly<Record<string, string>>
  /** References that a stand-in stands in for. */
  readonly replaced: readonly string[]
}

/**
 * The config with every `secretsmanager:` reference turned into a variable.
 * @param value what the reference stands for; default: its stand-in
 */
export async function localiseSecrets(
  config: Config,
  value: (reference: string) => Promise<string> | string = standInFor,
): Promise<LocalConfig> {
  const references = [
    ...new Set(
      Object.values(config.sources).flatMap(({ secret, tokens }) => [...secret, ...Object.values(tokens).flat()]),
    ),
  ]
  const replaced = references.filter((reference) => !reference.startsWith('env:'))
  const names = new Map(replaced.map((reference, at) => [reference, `TASKHOOK_LOCAL_SECRET_${at}`]))
  const local = (reference: string): string => {
    const name = names.get(reference)
    return name === undefined ? reference : `env:${name}`
  }
  const localise = (source: SourceConfig): SourceConfig => ({
    ...source,
    secret: source.secret.map(local),
    tokens: Object.fromEntries(Object.entries(source.tokens).map(([name, list]) => [name, list.map(local)])),
  })
  const entries = await Promise.all(
    [...names].map(async ([reference, name]): Promise<[string, string]> => {
      const isKey = Object.values(config.sources).some(({ tokens }) => tokens.privateKey?.includes(reference))
      return [name, value === standInFor && isKey ? keyStandIn() : await value(reference)]
    }),
  )
  return {
    config: {
      ...config,
      sources: Object.fromEntries(Object.entries(config.sources).map(([name, source]) => [name, localise(source)])),
    },
    env: Object.fromEntries(entries),
    replaced,
  }
}
