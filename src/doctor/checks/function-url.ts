/** The function URL: everyone may call it, and no one may invoke the function without it. */
import { GetFunctionUrlConfigCommand, GetPolicyCommand } from '@aws-sdk/client-lambda'
import { type Finding, ok, problem } from '../../core/model/checkup.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import { isPublic, type PolicyDocument, type PolicyStatement, statementsOf } from '../account/policy-document.ts'
import type { Check } from './check.ts'

export const functionUrl: Check = {
  about: 'function URL',
  async run({ aws, name, functions: { receive } }) {
    if (receive === undefined) return []
    const FunctionName = `${name}-receive`
    const url = await getIfExists(aws.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName })))
    if (url === undefined)
      return [
        problem(
          `${FunctionName} has no URL`,
          `aws lambda create-function-url-config --function-name ${FunctionName} --auth-type NONE`,
        ),
      ]
    if (url.AuthType !== 'NONE')
      return [
        problem(
          `the URL requires AWS signatures (${url.AuthType}), which GitHub and Slack cannot make: every delivery gets a 403`,
          `aws lambda update-function-url-config --function-name ${FunctionName} --auth-type NONE; taskhook verifies each delivery itself`,
        ),
      ]
    const policy = await getIfExists(aws.lambda.send(new GetPolicyCommand({ FunctionName })))
    const faults = urlPolicyFaults(JSON.parse(policy?.Policy ?? '{}') as PolicyDocument, FunctionName)
    return faults.length > 0
      ? faults
      : [ok(`${url.FunctionUrl} accepts deliveries, and is the only way to invoke receive`)]
  },
}

/** URLs created since October 2025 need two statements. https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html Pure. */
export function urlPolicyFaults(policy: PolicyDocument, functionName: string): Finding[] {
  const open = statementsOf(policy).filter(isPublic)
  const allowing = (action: string) =>
    open.filter(({ Action = [] }) => [Action].flat().some((pattern) => actionMatches(pattern, action)))
  const addPermission = `aws lambda add-permission --function-name ${functionName} --principal "*"`
  const findings: Finding[] = []
  if (allowing('lambda:InvokeFunctionUrl').length === 0)
    findings.push(
      problem(
        'the policy of receive does not allow everyone lambda:InvokeFunctionUrl: every delivery gets a 403',
        `${addPermission} --statement-id Url --action lambda:InvokeFunctionUrl --function-url-auth-type NONE`,
      ),
    )
  const [viaUrl, direct] = partition(allowing('lambda:InvokeFunction'), isOnlyViaUrl)
  if (viaUrl.length === 0)
    findings.push(
      problem(
        'the policy of receive lacks lambda:InvokeFunction with the condition lambda:InvokedViaFunctionUrl: every delivery gets a 403',
        `${addPermission} --statement-id ViaUrl --action lambda:InvokeFunction --invoked-via-function-url`,
      ),
    )
  for (const { Sid } of direct)
    findings.push(
      problem(
        `statement ${Sid} lets every AWS account invoke receive without its URL: it allows lambda:InvokeFunction to "*" without the condition lambda:InvokedViaFunctionUrl`,
        `aws lambda remove-permission --function-name ${functionName} --statement-id ${Sid}`,
      ),
    )
  return findings
}

const isOnlyViaUrl = ({ Condition }: PolicyStatement): boolean =>
  String(Condition?.Bool?.['lambda:InvokedViaFunctionUrl']) === 'true'

function partition<T>(all: readonly T[], test: (each: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter((each) => !test(each))]
}

/** `lambda:*` and `lambda:Invoke*` include `lambda:InvokeFunction`. */
const actionMatches = (pattern: string, action: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(action)
