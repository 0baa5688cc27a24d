/** Which deployment a command works on: by the name that Terraform and CDK gave it, or by the variables that its functions have. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { messageOf } from '../core/errors.ts'
import { AwsRequestFailed, getIfExists } from '../doctor/account/get-if-exists.ts'
import { Failure } from './load-config.ts'

export const nameArgument = {
  type: 'string',
  default: 'taskhook',
  valueHint: 'taskhook',
  description: 'Prefix of the deployment',
} as const

type Environment = Readonly<Record<string, string | undefined>>

/** Region and credentials from the environment and the profile, as in the AWS command line; endpoints from the environment, too. */
function optionsOf(env: Environment, service?: string) {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION
  // Said, since SQS' client would go by the queue's URL.
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL
  return { ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}) }
}

export const dynamoOf = (env: Environment): DynamoDBClient => new DynamoDBClient(optionsOf(env, 'DYNAMODB'))
export const sqsOf = (env: Environment): SQSClient => new SQSClient(optionsOf(env, 'SQS'))

/**
 * @param variable `TASKHOOK_TABLE`, `TASKHOOK_QUEUE_URL`: from the environment, else from that of the function `<name>-receive`
 * @throws {Failure} where there is no such function
 */
export async function variableOf(env: Environment, name: string, variable: string): Promise<string> {
  const own = env[variable]?.trim()
  if (own) return own
  const FunctionName = `${name}-receive`
  const lambda = new LambdaClient(optionsOf(env, 'LAMBDA'))
  const found = await getIfExists(lambda.send(new GetFunctionConfigurationCommand({ FunctionName })))
  const value = found?.Environment?.Variables?.[variable]
  if (value === undefined)
    throw new Failure(
      found === undefined
        ? `there is no function ${FunctionName} here; say the deployment’s prefix with --name, or set ${variable}`
        : `the function ${FunctionName} has no ${variable}: is it taskhook’s? Set ${variable}, or deploy again`,
    )
  return value
}

/** @throws {Failure} with what to do, where AWS gives no answer */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Failure) throw error
    const known =
      error instanceof AwsRequestFailed || /region is missing|credential/i.test(messageOf(error)) || isOfAws(error)
    if (!known) throw error
    throw new Failure(
      `AWS gives no answer: ${messageOf(error).split('\n', 1)[0]}\nSet AWS_REGION and credentials, as for the AWS command line: aws sts get-caller-identity must work`,
      { cause: error },
    )
  }
}

/** A refusal of a service, or nobody who answers. */
const isOfAws = (error: unknown): boolean => error instanceof Error && ('$metadata' in error || 'code' in error)
