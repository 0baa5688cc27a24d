/**
 * The SDK clients, made from the environment. Each function needs DynamoDB and SQS; the other packages are loaded when their first client
 * is made, through a file that names what is used of them: `import()` of the package itself would keep every command in the bundle.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SQSClient } from '@aws-sdk/client-sqs'
import { arnOf } from '../model/arn.ts'
import { once } from '../model/once.ts'
import type { Ecs, EcsHome } from './ecs.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Milliseconds. The SDK waits without a limit by default, and Lambda kills a function that waits, with everything it knows. */
const timeouts = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true }

/**
 * The endpoint is set even if the SDK would read it itself: SQS would use the host of the queue's URL instead. Credentials that are in
 * the environment, as in Lambda, are passed on, which saves loading the SDK's chain of credential providers.
 */
function clientConfig(env: Environment, service: string) {
  const {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] ?? env.AWS_ENDPOINT_URL
  return {
    requestHandler: timeouts,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      }),
  }
}

export const dynamoClient = (env: Environment): DynamoDBClient => new DynamoDBClient(clientConfig(env, 'DYNAMODB'))

export const sqsClient = (env: Environment): SQSClient => new SQSClient(clientConfig(env, 'SQS'))

export async function secretsManagerClient(env: Environment) {
  const { SecretsManagerClient } = await import('./secrets-manager-sdk.ts')
  return new SecretsManagerClient(clientConfig(env, 'SECRETS_MANAGER'))
}

/** One ECS for each region and role that the tasks name. */
export function ecsByHome(env: Environment): (home: EcsHome) => Promise<Ecs> {
  const made = new Map<string, () => Promise<Ecs>>()
  return ({ cluster, assumeRole }) => {
    const region = arnOf(cluster)?.region ?? env.AWS_REGION
    const key = `${region} ${assumeRole}`
    const ecs = made.get(key) ?? once(() => createEcsIn(env, region, assumeRole))
    made.set(key, ecs)
    return ecs()
  }
}

async function createEcsIn(env: Environment, region: string | undefined, assumeRole: string | undefined): Promise<Ecs> {
  const { createEcs, ECSClient } = await import('./ecs.ts')
  const config = { ...clientConfig(env, 'ECS'), ...(region !== undefined && { region }) }
  if (assumeRole === undefined) return createEcs(new ECSClient(config))
  const { assumedRole } = await import('./assume-role.ts')
  return createEcs(new ECSClient({ ...config, credentials: assumedRole(assumeRole, clientConfig(env, 'STS')) }))
}
