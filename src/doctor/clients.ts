/** AWS, as far as doctor asks it: every call that is made through these only reads. */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ECSClient } from '@aws-sdk/client-ecs'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'

export interface ClientOptions {
  readonly region?: string
  readonly endpoint?: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** @param options default: the environment and the profile, as in the AWS command line */
export const clientsOf = (options: ClientOptions) => ({
  lambda: new LambdaClient(options),
  iam: new IAMClient(options),
  sqs: new SQSClient(options),
  events: new EventBridgeClient(options),
  dynamo: new DynamoDBClient(options),
  secrets: new SecretsManagerClient(options),
  sts: new STSClient(options),
  /** Where a task runs, which may be another region. */
  ecs: (region: string) => new ECSClient({ ...options, region }),
  ec2: (region: string) => new EC2Client({ ...options, region }),
  logs: (region: string) => new CloudWatchLogsClient({ ...options, region }),
})

export type Clients = ReturnType<typeof clientsOf>

/** AWS did not say: no permission, no connection. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
}

/** As each service calls what is not there. */
const missing =
  /^(ResourceNotFoundException|NoSuchEntity(Exception)?|QueueDoesNotExist|ClusterNotFoundException|AWS\.SimpleQueueService\.NonExistentQueue)$/

/**
 * @returns undefined where there is no such thing
 * @throws {Unanswered} where AWS gives no answer, with its reason
 */
export async function ask<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    if (missing.test(name) || /Unable to describe task definition/.test(message)) return undefined
    throw new Unanswered(`${name}: ${message.split('\n', 1)[0]}`, { cause: error })
  }
}
