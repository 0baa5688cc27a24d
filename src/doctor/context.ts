/** What the checks look at: a config, and the account into which it was deployed. */
import { type FunctionConfiguration, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { arnOf } from '../core/model/arn.ts'
import type { Finding } from '../core/model/checkup.ts'
import type { Config, TaskConfig } from '../core/model/config.ts'
import type { FunctionName } from '../deploy/function-policies.ts'
import { ask, type Clients } from './clients.ts'

export interface DoctorOptions {
  readonly config: Config
  readonly aws: Clients
  /** Prefix of the deployment's names: the Terraform module's `name`. */
  readonly name: string
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** SHA-256, in base64, of the package that this config makes. Undefined: it is not compared. */
  readonly packageSha256?: string
}

export interface DoctorContext extends DoctorOptions {
  readonly account: string
  readonly partition: string
  readonly region: string
  /** Undefined: it is not there. */
  readonly functions: Readonly<Record<FunctionName, FunctionConfiguration | undefined>>
}

/** Looks at one thing, and finds something to say about it. @throws {Unanswered} */
export interface Check {
  readonly about: string
  readonly look: (examined: DoctorContext) => Promise<readonly Finding[]>
}

/** @throws {Unanswered} where there are no credentials */
export async function doctorContext(options: DoctorOptions): Promise<DoctorContext> {
  const identity = await ask(options.aws.sts.send(new GetCallerIdentityCommand({})))
  const read = (verb: FunctionName) =>
    ask(options.aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `${options.name}-${verb}` })))
  const [receive, start, settle] = await Promise.all([read('receive'), read('start'), read('settle')])
  return {
    ...options,
    account: identity?.Account ?? '',
    partition: arnOf(identity?.Arn ?? '')?.partition ?? 'aws',
    region: await options.aws.lambda.config.region(),
    functions: { receive, start, settle },
  }
}

/** What a function finds in its environment. */
export const variablesOf = (
  examined: DoctorContext,
  verb: FunctionName = 'receive',
): Readonly<Record<string, string>> => examined.functions[verb]?.Environment?.Variables ?? {}

/** Account and region in which a task runs. */
export function homeOf({ cluster }: TaskConfig, { account, region }: DoctorContext) {
  const arn = arnOf(cluster)
  return { account: arn?.account ?? account, region: arn?.region ?? region }
}

/** Tasks that can be looked at with the credentials that are here. */
export const tasksHere = (examined: DoctorContext): readonly TaskConfig[] =>
  Object.values(examined.config.tasks).filter((task) => homeOf(task, examined).account === examined.account)
