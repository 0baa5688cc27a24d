/** The composition root: makes the three handlers of a deployment from the environment and the compiled config. It decides nothing. */
import { readFileSync } from 'node:fs'
import type { AdapterLoader } from './adapters/registry.ts'
import { dynamoClient, type Environment, ecsByHome, secretsManagerClient, sqsClient } from './core/aws/clients.ts'
import { createItems } from './core/aws/dynamodb-items.ts'
import { createQueue } from './core/aws/queue.ts'
import { parseReference } from './core/aws/secret-reference.ts'
import { createSecrets, type Secrets } from './core/aws/secret-rotation.ts'
import { type Bridge, createPipelines } from './core/bridge.ts'
import { messageOf } from './core/errors.ts'
import { createThrottle } from './core/http/throttle.ts'
import { parseCompiled } from './core/model/compiled-config.ts'
import type { Config } from './core/model/config.ts'
import { once } from './core/model/once.ts'
import { prepareRoute } from './core/routing/prepare-route.ts'
import type { Services, Source } from './core/services.ts'
import { createGroups } from './core/store/concurrency-store.ts'
import { createLedger } from './core/store/dynamodb-ledger.ts'
import { createPauseBoard } from './core/store/pause-store.ts'
import { createRates } from './core/store/rate-limit-store.ts'
import { createLog, type Log } from './core/telemetry/log.ts'

export type { Environment }

export interface BridgeOptions {
  /** Adapter name → loader. Only the adapters that the config names are loaded. */
  readonly adapters: Readonly<Record<string, AdapterLoader>>
  /** Usually `process.env`. Nothing else in taskhook reads it. */
  readonly env: Environment
  /** The compiled config. Default: the file that `TASKHOOK_CONFIG` names, or `taskhook.json` beside the bundle. */
  readonly config?: Config
  readonly log?: Log
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly fetch?: typeof fetch
  /** For addresses that come from outside. Default: `fetch` if it is given, else one that goes to public hosts only. */
  readonly fetchPublic?: typeof fetch
}

/** @throws {Error} at the start, not at the first delivery, if a variable, the config or the value of an `env:` secret is missing */
export async function createBridge(options: BridgeOptions): Promise<Bridge> {
  const { env, now = Date.now } = options
  const config = options.config ?? readConfig(env)
  const log = options.log ?? createLog(env.LOG_LEVEL, undefined, { functionName: env.AWS_LAMBDA_FUNCTION_NAME, now })
  const secrets = createSecrets({
    env,
    now,
    warn: (message) => log.warn(message),
    client: once(() => secretsManagerClient(env)),
  })
  const tokenKeyReference = required(env, 'TASKHOOK_KEY')
  await checkEnvSecrets(config, tokenKeyReference, secrets)
  const items = createItems(dynamoClient(env), required(env, 'TASKHOOK_TABLE'))
  const services: Services = {
    sources: await loadSources(config, options.adapters),
    tasks: new Map(Object.entries(config.tasks)),
    routes: config.routes.map(prepareRoute),
    ledger: createLedger(items),
    groups: createGroups(items, now),
    rates: createRates(items, now),
    pauses: createPauseBoard(items, now),
    queue: createQueue(sqsClient(env), required(env, 'TASKHOOK_QUEUE_URL')),
    ecs: ecsByHome(env),
    secrets,
    tokenKeyReference,
    reportThrottle: createThrottle(now, 1000),
    log,
    now,
    unique: () => crypto.randomUUID(),
    // Not `fetch` itself: the first access to the global loads all of undici.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    fetchPublic: options.fetchPublic ?? options.fetch ?? publicFetch(),
  }
  // Lambda gives the init phase a full CPU and a call only the memory's share, so what this function needs is loaded here.
  if (/\.(start|settle)$/.test(env._HANDLER ?? '')) await Promise.all([...services.tasks.values()].map(services.ecs))
  return createPipelines(services)
}

/** Loaded at the first callback. */
function publicFetch(): typeof fetch {
  const load = once(async () => (await import('./core/http/callback-guard.ts')).createPublicFetch())
  return async (input, init) => (await load())(input, init)
}

function required(env: Environment, name: string): string {
  const value = env[name]?.trim()
  if (value === undefined || value === '') throw new Error(`Environment variable ${name} is required`)
  return value
}

function readConfig(env: Environment): Config {
  const path = env.TASKHOOK_CONFIG?.trim() || new URL('taskhook.json', import.meta.url)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(
      `the compiled config cannot be read from ${path}: set TASKHOOK_CONFIG to its path, or create it with "taskhook build"`,
      { cause },
    )
  }
  return parseCompiled(text)
}

async function loadSources(config: Config, adapters: BridgeOptions['adapters']): Promise<Map<string, Source>> {
  const sources = await Promise.all(
    Object.values(config.sources).map(async (source): Promise<[string, Source]> => {
      const load = Object.hasOwn(adapters, source.adapter) ? adapters[source.adapter] : undefined
      if (load === undefined) throw new Error(`sources.${source.name}: there is no adapter "${source.adapter}"`)
      return [source.name, { config: source, adapter: (await load())(source) }]
    }),
  )
  return new Map(sources)
}

/** Checking `env:` secrets costs nothing. Secrets Manager is called only when a delivery needs a secret. */
async function checkEnvSecrets(config: Config, tokenKeyReference: string, secrets: Secrets): Promise<void> {
  if (parseReference(tokenKeyReference) === undefined)
    throw new Error('TASKHOOK_KEY must be a secret reference: secretsmanager:ID#KEY or env:NAME')
  const ofSources = Object.values(config.sources).flatMap(({ secret, tokens }) => [secret, ...Object.values(tokens)])
  const references = [tokenKeyReference, ...ofSources.flat()].filter((text) => text.startsWith('env:'))
  const checked = await Promise.allSettled(references.map((text) => secrets.all([text])))
  const errors = checked.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []))
  if (errors.length > 0) throw new AggregateError(errors, [...new Set(errors.map(messageOf))].join('\n'))
}
