/** The three functions: whether they exist, are configured as the package needs, and run this config. */
import { type FunctionConfiguration, GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda'
import { type Finding, ok, problem, warning } from '../../core/model/checkup.ts'
import type { FunctionName } from '../../deploy/function-policies.ts'
import type { DoctorContext } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import type { Check } from './check.ts'

const functionNames = ['receive', 'start', 'settle'] as const
const requiredVariables = ['TASKHOOK_TABLE', 'TASKHOOK_QUEUE_URL', 'TASKHOOK_KEY']

export const functions: Check = {
  about: 'functions',
  async run(context) {
    const findings = [
      ...functionNames.flatMap((name) => functionFaults(name, context.functions[name], context)),
      ...(await concurrencyFaults(context)),
    ]
    if (findings.length > 0) return findings
    return [ok(`${functionNames.map((name) => `${context.name}-${name}`).join(', ')} run this config`)]
  },
}

function functionFaults(
  functionName: FunctionName,
  found: FunctionConfiguration | undefined,
  { name, packageSha256 }: DoctorContext,
): Finding[] {
  const fullName = `${name}-${functionName}`
  if (found === undefined)
    return [problem(`there is no function ${fullName}`, 'deploy it (docs/deploy.md), or set its prefix with --name')]
  const findings = configurationFaults(fullName, functionName, found)
  if (packageSha256 !== undefined && found.CodeSha256 !== packageSha256)
    findings.push(
      warning(
        `${fullName} runs a different package than this config and this version of taskhook build`,
        'run taskhook build, and deploy again',
      ),
    )
  return findings
}

function configurationFaults(fullName: string, functionName: FunctionName, found: FunctionConfiguration): Finding[] {
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason, Handler, Runtime, Environment } = found
  const findings: Finding[] = []
  if (State === 'Failed' || LastUpdateStatus === 'Failed')
    findings.push(
      problem(
        `${fullName} is in the state Failed: ${StateReason ?? LastUpdateStatusReason ?? 'Lambda gives no reason'}`,
        'fix the cause, and deploy again',
      ),
    )
  if (Handler !== `handler.${functionName}`)
    findings.push(problem(`${fullName} has the handler ${Handler}`, `set its handler to handler.${functionName}`))
  if (!/^nodejs(2[4-9]|[3-9]\d)\.x$/.test(Runtime ?? ''))
    findings.push(
      problem(`${fullName} runs on ${Runtime}`, 'set the runtime to nodejs24.x, for which the package is built'),
    )
  const missing = requiredVariables.filter((variable) => !Environment?.Variables?.[variable]?.trim())
  if (missing.length > 0)
    findings.push(problem(`${fullName} has no ${missing.join(', ')}`, 'set it in the function’s environment'))
  return findings
}

async function concurrencyFaults({ aws, name, functions: { receive } }: DoctorContext): Promise<Finding[]> {
  if (receive === undefined) return []
  const FunctionName = `${name}-receive`
  const answer = await getIfExists(aws.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })))
  if (answer?.ReservedConcurrentExecutions !== 0) return []
  return [
    problem(
      `${FunctionName} has a reserved concurrency of 0: every delivery gets a 429, and GitHub does not send it again`,
      `aws lambda delete-function-concurrency --function-name ${FunctionName}`,
    ),
  ]
}
