/** Finds the table and the queue of a deployment: by the name that Terraform or CDK gave it, or from the environment. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { messageOf } from '../core/errors.ts'
import { AwsRequestFailed, getIfExists } from '../doctor/account/get-if-exists.ts'
import { CommandError } from './command-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Region, credentials and endpoints come from the environment and the profile, as in the AWS CLI. */
function clientOptions(env: Environment, service: 'DYNAMODB' | 'SQS' | 'LAMBDA') {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION
  // Set explicitly: without it, the client of SQS uses the host of the queue's URL.
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL
  return { ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}) }
}

export const dynamoClient = (env: Environment): DynamoDBClient => new DynamoDBClient(clientOptions(env, 'DYNAMODB'))
export const sqsClient = (env: Environment): SQSClient => new SQSClient(clientOptions(env, 'SQS'))

/**
 * @param variable `TASKHOOK_TABLE` or `TASKHOOK_QUEUE_URL`: from the environment, otherwise from that of the function `<name>-receive`
 * @throws {CommandError} if neither has it
 */
export async function deploymentVariable(env: Environment, name: string, variable: string): Promise<string> {
  const own = env[variable]?.trim()
  if (own) return own
  const FunctionName = `${name}-receive`
  const lambda = new LambdaClient(clientOptions(env, 'LAMBDA'))
  const found = await getIfExists(lambda.send(new GetFunctionConfigurationCommand({ FunctionName })))
  const value = found?.Environment?.Variables?.[variable]
  if (value !== undefined) return value
  throw new CommandError(
    found === undefined
      ? `the function ${FunctionName} does not exist in this account and region; set the prefix of the deployment with --name, or set ${variable}`
      : `the function ${FunctionName} has no variable ${variable}. If it is taskhook's, deploy it again; otherwise set ${variable}`,
  )
}

/** @throws {CommandError} if AWS cannot be reached or refuses, with what to do */
export async function withAwsErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CommandError || !isAwsError(error)) throw error
    throw new CommandError(
      `AWS request failed: ${messageOf(error).split('\n', 1)[0]}\nSet AWS_REGION and credentials. They are complete if this works: aws sts get-caller-identity`,
      { cause: error },
    )
  }
}

/** No region or credentials, an error response of a service, or a failed connection. */
const isAwsError = (error: unknown): boolean =>
  error instanceof AwsRequestFailed ||
  /region is missing|credential/i.test(messageOf(error)) ||
  (error instanceof Error && ('$metadata' in error || 'code' in error))
