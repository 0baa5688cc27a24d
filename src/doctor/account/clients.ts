/** The AWS clients that doctor uses. It only reads. */
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

/** @param options default: from the environment and the profile, like the AWS CLI */
export const createClients = (options: ClientOptions) => ({
  lambda: new LambdaClient(options),
  iam: new IAMClient(options),
  sqs: new SQSClient(options),
  events: new EventBridgeClient(options),
  dynamo: new DynamoDBClient(options),
  secrets: new SecretsManagerClient(options),
  sts: new STSClient(options),
  // A task may run in another region than the functions.
  ecs: (region: string) => new ECSClient({ ...options, region }),
  ec2: (region: string) => new EC2Client({ ...options, region }),
  logs: (region: string) => new CloudWatchLogsClient({ ...options, region }),
})

export type AwsClients = ReturnType<typeof createClients>
