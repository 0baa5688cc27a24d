/**
 * A proxy before moto that adds what `doctor` needs and moto lacks: a function's resource policy in the shape that AWS returns (moto
 * returns the request's), and SimulatePrincipalPolicy, evaluated from the role policies in moto.
 */
import { once } from 'node:events'
import { createServer, request as requestTo, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam'
import type { Statement } from '../../src/deploy/statement.ts'
import { type AccessRequest, isAllowed } from './iam.ts'
import { type Moto, startMoto } from './moto.ts'

export interface Account {
  /** The endpoint of every service. */
  readonly url: string
  /** Removes all resources. */
  reset(): Promise<void>
  /** Closes the proxy and keeps moto running. */
  closeProxy(): Promise<void>
  close(): Promise<void>
}

/** @param running a moto that runs already */
export async function startAccount(running?: Moto): Promise<Account> {
  const moto = running ?? (await startMoto())
  const iam = new IAMClient({
    endpoint: moto.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  })
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const form = new URLSearchParams(body.toString())
    if (form.get('Action') === 'SimulatePrincipalPolicy') return simulate(iam, form, response)
    const { method, url = '/', headers } = request
    const upstream = requestTo(new URL(url, moto.url), { method, headers }, async (answer) => {
      const text = await buffer(answer)
      const isPolicy = method === 'GET' && /\/functions\/[^/]+\/policy$/.test(url) && answer.statusCode === 200
      const out = isPolicy ? Buffer.from(inAwsShape(text.toString())) : text
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': out.length })
      response.end(out)
    })
    upstream.on('error', () => response.destroy())
    upstream.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const closeProxy = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reset: async () => void (await fetch(`${moto.url}/moto-api/reset`, { method: 'POST' })),
    closeProxy,
    async close() {
      await closeProxy()
      await moto.close()
    },
  }
}

interface MotoStatement {
  readonly FunctionUrlAuthType?: string
  readonly InvokedViaFunctionUrl?: boolean
  readonly Condition?: unknown
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html shows both statements as AWS returns them. */
function inAwsShape(text: string): string {
  const answer = JSON.parse(text) as { Policy: string }
  const { Statement, ...policy } = JSON.parse(answer.Policy) as { Statement: MotoStatement[] }
  const statements = Statement.map(({ FunctionUrlAuthType, InvokedViaFunctionUrl, ...statement }) => ({
    ...statement,
    ...(FunctionUrlAuthType !== undefined && {
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType } },
    }),
    ...(InvokedViaFunctionUrl !== undefined && {
      Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': String(InvokedViaFunctionUrl) } },
    }),
  }))
  return JSON.stringify({ ...answer, Policy: JSON.stringify({ ...policy, Statement: statements }) })
}

async function simulate(iam: IAMClient, form: URLSearchParams, response: ServerResponse): Promise<void> {
  const RoleName = form.get('PolicySourceArn')?.split('/').at(-1) ?? ''
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }))
  const documents = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  )
  const statements = documents.flatMap(
    ({ PolicyDocument = '' }) =>
      (JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: Statement[] }).Statement,
  )
  const key = form.get('ContextEntries.member.1.ContextKeyName')
  const access: AccessRequest = {
    action: form.get('ActionNames.member.1') ?? '',
    resource: form.get('ResourceArns.member.1') ?? '',
    ...(key !== null && { context: { [key]: form.get('ContextEntries.member.1.ContextKeyValues.member.1') ?? '' } }),
  }
  const decision = isAllowed(statements, access) ? 'allowed' : 'implicitDeny'
  response.writeHead(200, { 'content-type': 'text/xml' })
  response.end(
    `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults><member><EvalActionName>${access.action}</EvalActionName><EvalDecision>${decision}</EvalDecision></member></EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`,
  )
}
