/** What every check gets: the config, and the AWS account into which it was deployed. */
import { type FunctionConfiguration, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { arnOf } from '../../core/model/arn.ts'
import type { Config } from '../../core/model/config.ts'
import type { FunctionName } from '../../deploy/function-policies.ts'
import type { AwsClients } from './clients.ts'
import { getIfExists } from './get-if-exists.ts'

export interface DoctorOptions {
  readonly config: Config
  readonly aws: AwsClients
  /** Prefix of the deployment's names: the Terraform module's `name`. */
  readonly name: string
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** SHA-256, in base64, of the package that this config builds. Undefined: the package is not compared. */
  readonly packageSha256?: string
}

export interface DoctorContext extends DoctorOptions {
  readonly account: string
  readonly partition: string
  readonly region: string
  /** Undefined if there is no such function. */
  readonly functions: Readonly<Record<FunctionName, FunctionConfiguration | undefined>>
}

/** @throws {AwsRequestFailed} if there are no credentials */
export async function loadContext(options: DoctorOptions): Promise<DoctorContext> {
  const { aws, name } = options
  const identity = await getIfExists(aws.sts.send(new GetCallerIdentityCommand({})))
  const configurationOf = (functionName: FunctionName) =>
    getIfExists(aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `${name}-${functionName}` })))
  const [receive, start, settle] = await Promise.all(
    (['receive', 'start', 'settle'] as const).map((functionName) => configurationOf(functionName)),
  )
  return {
    ...options,
    account: identity?.Account ?? '',
    partition: arnOf(identity?.Arn ?? '')?.partition ?? 'aws',
    region: await aws.lambda.config.region(),
    functions: { receive, start, settle },
  }
}

/** The environment variables of `receive`. Those that doctor reads are the same in all three functions. */
export const environmentOf = ({ functions }: DoctorContext): Readonly<Record<string, string>> =>
  functions.receive?.Environment?.Variables ?? {}
