/** The three functions: there, whole, and of this config. */
import { type FunctionConfiguration, GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda'
import { type Finding, ok, problem, warning } from '../../core/model/checkup.ts'
import type { FunctionName } from '../../deploy/function-policies.ts'
import { ask } from '../clients.ts'
import type { Check, DoctorContext } from '../context.ts'

const verbs = ['receive', 'start', 'settle'] as const
const required = ['TASKHOOK_TABLE', 'TASKHOOK_QUEUE_URL', 'TASKHOOK_KEY']

export const functions: Check = {
  about: 'functions',
  async look(examined) {
    const findings = verbs.flatMap((verb) => faultsOf(verb, examined.functions[verb], examined))
    const shut = await isShut(examined)
    const all = [...findings, ...shut]
    return all.length > 0 ? all : [ok(`${verbs.map((verb) => `${examined.name}-${verb}`).join(', ')} run this config`)]
  },
}

function faultsOf(
  verb: FunctionName,
  found: FunctionConfiguration | undefined,
  { name, packageSha256 }: DoctorContext,
) {
  const called = `${name}-${verb}`
  if (found === undefined)
    return [problem(`there is no function ${called}`, 'deploy it (docs/deploy.md), or say its prefix with --name')]
  const findings: Finding[] = []
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason, Handler, Runtime, Environment } = found
  if (State === 'Failed' || LastUpdateStatus === 'Failed')
    findings.push(
      problem(
        `${called} is broken: ${StateReason ?? LastUpdateStatusReason ?? 'Lambda does not say why'}`,
        'mend what it says, and deploy again',
      ),
    )
  if (Handler !== `handler.${verb}`)
    findings.push(problem(`${called} calls ${Handler}`, `its handler must be handler.${verb}`))
  if (!/^nodejs(2[4-9]|[3-9]\d)\.x$/.test(Runtime ?? ''))
    findings.push(problem(`${called} runs on ${Runtime}`, 'the package is made for nodejs24.x; change the runtime'))
  const missing = required.filter((variable) => !Environment?.Variables?.[variable]?.trim())
  if (missing.length > 0)
    findings.push(problem(`${called} has no ${missing.join(', ')}`, 'set it in the function’s environment'))
  if (packageSha256 !== undefined && found.CodeSha256 !== packageSha256)
    findings.push(
      warning(
        `${called} runs another package than this config and this version of taskhook make`,
        'taskhook build, and deploy again',
      ),
    )
  return findings
}

async function isShut({ aws, name, functions: { receive } }: DoctorContext): Promise<Finding[]> {
  if (receive === undefined) return []
  const FunctionName = `${name}-receive`
  const answer = await ask(aws.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })))
  return answer?.ReservedConcurrentExecutions === 0
    ? [
        problem(
          `${FunctionName} has no concurrency: every delivery is answered 429, and GitHub does not send it again`,
          `aws lambda delete-function-concurrency --function-name ${FunctionName}`,
        ),
      ]
    : []
}
