/** The function URL: everybody may call it, and nobody may call past it. */
import { GetFunctionUrlConfigCommand, GetPolicyCommand } from '@aws-sdk/client-lambda'
import { type Finding, ok, problem } from '../../core/model/checkup.ts'
import { ask } from '../clients.ts'
import type { Check } from '../context.ts'
import { type Document, isOpen, statementsOf } from '../iam-policy.ts'

export const functionUrl: Check = {
  about: 'function URL',
  async look({ aws, name, functions: { receive } }) {
    if (receive === undefined) return []
    const FunctionName = `${name}-receive`
    const url = await ask(aws.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName })))
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
          `the URL wants AWS signatures (${url.AuthType}), which GitHub and Slack cannot make: every delivery is answered 403`,
          `aws lambda update-function-url-config --function-name ${FunctionName} --auth-type NONE; taskhook proves each delivery itself`,
        ),
      ]
    const policy = await ask(aws.lambda.send(new GetPolicyCommand({ FunctionName })))
    const faults = urlFaults(JSON.parse(policy?.Policy ?? '{}') as Document, FunctionName)
    return faults.length > 0 ? faults : [ok(`${url.FunctionUrl} is open to senders, and only through the URL`)]
  },
}

/**
 * URLs made since October 2025 need two statements. https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 * Pure.
 */
export function urlFaults(policy: Document, functionName: string): Finding[] {
  const open = statementsOf(policy).filter(isOpen)
  const of = (action: string) =>
    open.filter(({ Action = [] }) => [Action].flat().some((pattern) => isLike(pattern, action)))
  const viaUrl = of('lambda:InvokeFunction').filter(
    ({ Condition }) => String(Condition?.Bool?.['lambda:InvokedViaFunctionUrl']) === 'true',
  )
  const permit = `aws lambda add-permission --function-name ${functionName} --principal "*"`
  const findings: Finding[] = []
  if (of('lambda:InvokeFunctionUrl').length === 0)
    findings.push(
      problem(
        'nobody may call the URL: its policy does not allow lambda:InvokeFunctionUrl, so every delivery is answered 403',
        `${permit} --statement-id Url --action lambda:InvokeFunctionUrl --function-url-auth-type NONE`,
      ),
    )
  if (viaUrl.length === 0)
    findings.push(
      problem(
        'nobody may invoke the function through its URL: its policy lacks lambda:InvokeFunction for lambda:InvokedViaFunctionUrl, so every delivery is answered 403',
        `${permit} --statement-id ViaUrl --action lambda:InvokeFunction --invoked-via-function-url`,
      ),
    )
  for (const { Sid, Condition } of of('lambda:InvokeFunction')) {
    if (String(Condition?.Bool?.['lambda:InvokedViaFunctionUrl']) === 'true') continue
    findings.push(
      problem(
        `every AWS account may invoke the function past its URL: statement ${Sid} allows lambda:InvokeFunction to "*", and not only through the URL`,
        `aws lambda remove-permission --function-name ${functionName} --statement-id ${Sid}`,
      ),
    )
  }
  return findings
}

/** `lambda:*` and `lambda:Invoke*` are `lambda:InvokeFunction`, too. */
const isLike = (pattern: string, action: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(action)
