/** The composition root's hands: environment and compiled config in, the three handlers out. Nothing here decides anything. */
import { readFileSync } from 'node:fs'
import type { AdapterLoader } from './adapters/registry.ts'
import { createItems } from './core/aws/dynamodb-items.ts'
import type { Ecs } from './core/aws/ecs.ts'
import { createQueue } from './core/aws/queue.ts'
import { createSecrets, parseReference } from './core/aws/secrets.ts'
import { type Bridge, createBridge as bridgeOf } from './core/bridge.ts'
import { createOncePer } from './core/http/once-a-second.ts'
import { arnOf } from './core/model/arn.ts'
import { parseCompiled } from './core/model/compiled-config.ts'
import type { Config } from './core/model/config.ts'
import { prepareRoute } from './core/routing/prepare-route.ts'
import type { Services, Source } from './core/services.ts'
import { createGroups } from './core/store/concurrency-store.ts'
import { createLedger } from './core/store/dynamodb-ledger.ts'
import { createPauseBoard } from './core/store/pause-store.ts'
import { createRates } from './core/store/rate-limit-store.ts'
import { createLog, type Log } from './core/telemetry/log.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface BridgeOptions {
  /** Adapter name → loader; only those that the config names are loaded. */
  readonly adapters: Readonly<Record<string, AdapterLoader>>
  /** Default: `process.env` of the caller's choice; nothing else in taskhook reads it. */
  readonly env: Environment
  /** The compiled config. Default: read from `TASKHOOK_CONFIG`, or from `taskhook.json` beside the bundle. */
  readonly config?: Config
  readonly log?: Log
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly fetch?: typeof fetch
  /** For addresses that somebody outside chose. Default: `fetch`, where it is given, else one that goes to public hosts only. */
  readonly fetchPublic?: typeof fetch
}

/**
 * The three handlers of a deployment.
 * @throws {Error} where a variable or the config is missing, or an `env:` secret is empty: at the start, not at the first delivery
 */
export async function createBridge(options: BridgeOptions): Promise<Bridge> {
  const { env, now = Date.now } = options
  const config = options.config ?? readConfig(env)
  const log = options.log ?? createLog(env.LOG_LEVEL, undefined, { functionName: env.AWS_LAMBDA_FUNCTION_NAME, now })
  const secrets = createSecrets({
    env,
    now,
    warn: (message) => log.warn(message),
    client: once(() => secretsManager(env)),
  })
  const key = required(env, 'TASKHOOK_KEY')
  await checkEnvSecrets(config, key, secrets)
  const items = createItems(await dynamo(env), required(env, 'TASKHOOK_TABLE'))
  const services: Services = {
    sources: await loadSources(config, options.adapters),
    tasks: new Map(Object.entries(config.tasks)),
    routes: config.routes.map(prepareRoute),
    ledger: createLedger(items),
    groups: createGroups(items, now),
    rates: createRates(items, now),
    pauses: createPauseBoard(items, now),
    queue: createQueue(await sqs(env), required(env, 'TASKHOOK_QUEUE_URL')),
    ecs: ecsOf(env),
    secrets,
    key,
    onceASecond: createOncePer(now, 1000),
    log,
    now,
    unique: () => crypto.randomUUID(),
    // Touched on use: the first touch of `fetch` loads all of undici.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    fetchPublic: options.fetchPublic ?? options.fetch ?? publicFetch(),
  }
  // Lambda gives init its full CPU, and the first call only the memory's share: what this function needs is loaded now.
  if (/\.(start|settle)$/.test(env._HANDLER ?? '')) await Promise.all([...services.tasks.values()].map(services.ecs))
  return bridgeOf(services)
}

/** Loaded by whoever calls somebody back. */
function publicFetch(): typeof fetch {
  const made = once(() => import('./core/http/public-fetch.ts').then(({ createPublicFetch }) => createPublicFetch()))
  return async (input, init) => (await made())(input, init)
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
      `the compiled config cannot be read from ${path}; TASKHOOK_CONFIG says where it is, "taskhook build" makes it`,
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

/** What stands in the environment can be looked at for nothing; Secrets Manager is asked when a delivery needs it. */
async function checkEnvSecrets(config: Config, key: string, secrets: ReturnType<typeof createSecrets>): Promise<void> {
  const references = [
    key,
    ...Object.values(config.sources).flatMap(({ secret, tokens }) => [...secret, ...Object.values(tokens).flat()]),
  ]
  if (parseReference(key) === undefined)
    throw new Error('TASKHOOK_KEY is a secret reference: secretsmanager:ID#KEY or env:NAME')
  const checked = await Promise.allSettled(
    references.filter((text) => text.startsWith('env:')).map((text) => secrets.all([text])),
  )
  const problems = checked.flatMap((result) =>
    result.status === 'rejected' ? [String((result.reason as Error).message)] : [],
  )
  if (problems.length > 0) throw new Error([...new Set(problems)].join('\n'))
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/**
 * Endpoints are given to the clients so that SQS, which would go by the queue's URL, honours them too. Credentials that stand in the
 * environment, as Lambda's do, are taken from there, which saves loading the SDK's chain of providers.
 */
/** Milliseconds. The SDK waits for ever, and a function that waits is killed: with what it knew. */
const patience = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true }

function clientConfig(env: Environment, service: string) {
  const {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] ?? env.AWS_ENDPOINT_URL
  return {
    requestHandler: patience,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      }),
  }
}

async function dynamo(env: Environment) {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb')
  return new DynamoDBClient(clientConfig(env, 'DYNAMODB'))
}

async function sqs(env: Environment) {
  const { SQSClient } = await import('@aws-sdk/client-sqs')
  return new SQSClient(clientConfig(env, 'SQS'))
}

async function secretsManager(env: Environment) {
  const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager')
  return new SecretsManagerClient(clientConfig(env, 'SECRETS_MANAGER'))
}

/** One client for each region and role that the tasks name. */
function ecsOf(env: Environment): Services['ecs'] {
  const clients = new Map<string, Promise<Ecs>>()
  return ({ cluster, assumeRole }) => {
    const region = arnOf(cluster)?.region ?? env.AWS_REGION
    const key = `${region} ${assumeRole}`
    const client = clients.get(key) ?? ecs(env, region, assumeRole)
    clients.set(key, client)
    return client
  }
}

async function ecs(env: Environment, region: string | undefined, assumeRole: string | undefined): Promise<Ecs> {
  const [{ ECSClient }, { createEcs }] = await Promise.all([import('@aws-sdk/client-ecs'), import('./core/aws/ecs.ts')])
  const config = { ...clientConfig(env, 'ECS'), ...(region !== undefined && { region }) }
  if (assumeRole === undefined) return createEcs(new ECSClient(config))
  const { assumedRole } = await import('./core/aws/assume-role.ts')
  return createEcs(new ECSClient({ ...config, credentials: assumedRole(assumeRole, clientConfig(env, 'STS')) }))
}
