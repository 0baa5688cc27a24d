/**
 * Breaks a healthy deployment in one way at a time, and expects doctor to find that fault, no other, and its fix. Runs against moto with
 * the additions of test/support/account.ts. A `fetch` answers for Slack and GitHub.
 */
import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DeleteTableCommand, UpdateContinuousBackupsCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import {
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DeleteRouteCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2'
import {
  DeleteClusterCommand,
  DeregisterTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import {
  DeleteRuleCommand,
  DisableRuleCommand,
  PutRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { DeleteRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  AddPermissionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  DeleteFunctionUrlConfigCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda'
import { DeleteSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createItems } from '../../src/core/aws/dynamodb-items.ts'
import { sealSecret } from '../../src/core/http/sealed-secret.ts'
import type { Finding } from '../../src/core/model/checkup.ts'
import { allTasks } from '../../src/core/model/pause.ts'
import { changePauses } from '../../src/core/store/pause-store.ts'
import { createClients } from '../../src/doctor/account/clients.ts'
import type { DoctorOptions } from '../../src/doctor/account/context.ts'
import { renderReport } from '../../src/doctor/render-report.ts'
import type { Report } from '../../src/doctor/report.ts'
import { runChecks } from '../../src/doctor/run-checks.ts'
import { type Account, startAccount } from '../support/account.ts'
import { hasMoto } from '../support/moto.ts'
import {
  allRoles,
  type Deployment,
  deploy,
  putPolicy,
  secretValues,
  taskDefinition,
  writeDeliveryLog,
} from './deployment.ts'

/** What Slack and GitHub answer if nothing is wrong. */
const senders = {
  slack: (): Response =>
    Response.json({ ok: true, team: 'Acme' }, { headers: { 'x-oauth-scopes': 'commands,chat:write' } }),
  github: (_path: string): Response => Response.json({}, { headers: { 'x-oauth-scopes': 'repo:status' } }),
}
const fetchFrom =
  ({ slack, github }: typeof senders): typeof fetch =>
  async (input) => {
    const { hostname, pathname } = new URL(new Request(input).url)
    return hostname === 'slack.com' ? slack() : github(pathname)
  }

describe.skipIf(!hasMoto)('doctor', () => {
  let account: Account
  let deployed: Deployment
  beforeAll(async () => {
    account = await startAccount()
  }, 60_000)
  afterAll(() => account?.close())
  /** Whether the deployment is new. A test that only reads sets it again when it ends, so that the next one need not deploy. */
  let isFresh = false
  beforeEach(async () => {
    if (!isFresh) {
      await account.reset()
      deployed = await deploy(account.url)
    }
    isFresh = false
  }, 60_000)

  const check = (options: Partial<DoctorOptions> = {}): Promise<Report> =>
    runChecks({
      config: deployed.config,
      aws: createClients(deployed.aws.options),
      name: 'taskhook',
      fetch: fetchFrom(senders),
      now: Date.now,
      ...options,
    })
  const faultsIn = ({ checks }: Report): (Finding & { about: string })[] =>
    checks
      .flatMap(({ about, findings }) => findings.map((finding) => ({ about, ...finding })))
      .filter(({ level }) => level === 'problem' || level === 'warning')
  /** Options with a changed config. */
  const withConfig = (from: string, to: string): Partial<DoctorOptions> => {
    expect(deployed.yaml).toContain(from)
    return { config: compileConfig(deployed.yaml.replace(from, to), builtinSpecs) }
  }

  it('finds no fault in a healthy deployment, after running every check', async () => {
    await writeDeliveryLog(deployed.aws, [
      { source: 'slack', outcome: 'accepted', status: 200, time: '2026-11-24T10:00:00.000Z', msg: 'delivery accepted' },
    ])
    const report = await check()
    expect(faultsIn(report)).toEqual([])
    expect(report.checks.map(({ about, findings }) => [about, findings.map(({ level }) => level)])).toEqual([
      ['functions', ['ok']],
      ['function URL', ['ok']],
      ['secrets', ['ok']],
      ['ledger', ['ok']],
      ['queue', ['ok']],
      ['roles', ['ok']],
      ['tasks', ['ok']],
      ['network', ['ok']],
      ['events', ['ok']],
      ['senders', ['ok', 'ok']],
      ['last deliveries', ['ok', 'unknown', 'unknown']],
    ])
    expect(JSON.stringify(report)).toContain('slack: 1 accepted in the last 24 hours, the last at 2026-11-24T10:00')
  })

  interface Fault {
    readonly name: string
    readonly break: (deployment: Deployment) => unknown
    /** For a fault of the config or of a sender, not of the account. */
    readonly options?: () => Partial<DoctorOptions>
    readonly about: string
    readonly message: RegExp
    readonly fix: RegExp
    /** Other faults that it causes. */
    readonly more?: readonly RegExp[]
  }
  const nothing = () => {}
  const FunctionName = 'taskhook-receive'
  const storeSecret = ({ aws }: Deployment, SecretId: string, SecretString: string) =>
    aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString }))
  const redefine = async (
    { aws }: Deployment,
    change: Partial<typeof taskDefinition>,
    container: Record<string, unknown> = {},
  ) =>
    aws.ecs.send(
      new RegisterTaskDefinitionCommand({
        ...taskDefinition,
        ...change,
        containerDefinitions: [{ ...taskDefinition.containerDefinitions[0], ...container }],
      }),
    )

  const faults: readonly Fault[] = [
    {
      name: 'the URL lacks the statement that URLs need since October 2025',
      break: ({ aws }) => aws.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'ViaUrl' })),
      about: 'function URL',
      message: /lacks lambda:InvokeFunction with the condition lambda:InvokedViaFunctionUrl/,
      fix: /add-permission .*--action lambda:InvokeFunction --invoked-via-function-url/,
    },
    {
      name: 'the URL lacks the statement for lambda:InvokeFunctionUrl',
      break: ({ aws }) => aws.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'Url' })),
      about: 'function URL',
      message: /does not allow everyone lambda:InvokeFunctionUrl/,
      fix: /--action lambda:InvokeFunctionUrl --function-url-auth-type NONE/,
    },
    {
      name: 'everyone may invoke the function without the URL',
      break: ({ aws }) =>
        aws.lambda.send(
          new AddPermissionCommand({
            FunctionName,
            StatementId: 'Open',
            Principal: '*',
            Action: 'lambda:InvokeFunction',
          }),
        ),
      about: 'function URL',
      message: /^statement Open lets every AWS account invoke receive without its URL/,
      fix: /remove-permission --function-name taskhook-receive --statement-id Open/,
    },
    {
      name: 'the URL requires AWS signatures',
      break: ({ aws }) => aws.lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM' })),
      about: 'function URL',
      message: /requires AWS signatures \(AWS_IAM\)/,
      fix: /--auth-type NONE/,
    },
    {
      name: 'there is no URL',
      break: ({ aws }) => aws.lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName })),
      about: 'function URL',
      message: /has no URL/,
      fix: /create-function-url-config/,
    },
    {
      name: 'a function is missing',
      break: ({ aws }) => aws.lambda.send(new DeleteFunctionCommand({ FunctionName: 'taskhook-settle' })),
      about: 'functions',
      message: /no function taskhook-settle/,
      fix: /--name/,
    },
    {
      name: 'receive has a reserved concurrency of 0',
      break: ({ aws }) =>
        aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 })),
      about: 'functions',
      message: /reserved concurrency of 0: every delivery gets a 429/,
      fix: /delete-function-concurrency/,
    },
    {
      name: 'a function has another handler and an old runtime',
      break: ({ aws }) =>
        aws.lambda.send(
          new UpdateFunctionConfigurationCommand({
            FunctionName: 'taskhook-start',
            Handler: 'index.handler',
            Runtime: 'nodejs20.x',
          }),
        ),
      about: 'functions',
      message: /has the handler index.handler/,
      fix: /set its handler to handler.start/,
      more: [/runs on nodejs20.x/],
    },
    {
      name: 'a different package is deployed',
      break: nothing,
      options: () => ({ packageSha256: 'of-another-package' }),
      about: 'functions',
      message: /taskhook-receive runs a different package/,
      fix: /taskhook build, and deploy again/,
      more: [/taskhook-start runs a different/, /taskhook-settle runs a different/],
    },
    {
      name: 'start may not pass a role',
      break: ({ aws, config }) => putPolicy(aws, config, 'start', allRoles.slice(0, 1)),
      about: 'roles',
      message: /start is not authorized to perform iam:PassRole on arn:aws:iam::123456789012:role\/analyze-execution/,
      fix: /pass_role_arns/,
    },
    {
      name: 'start may not run the task definition',
      break: ({ aws, config }) => putPolicy(aws, { ...config, tasks: {} as never }, 'start', []),
      about: 'roles',
      message: /start is not authorized to perform ecs:RunTask on .*task-definition\/analyze:1/,
      fix: /taskhook build, and deploy again/,
      more: [/PassRole .*analyze-task/, /PassRole .*analyze-execution/],
    },
    {
      name: 'a role does not trust ECS',
      break: ({ aws }) =>
        aws.iam.send(
          new UpdateAssumeRolePolicyCommand({
            RoleName: 'analyze-task',
            PolicyDocument: JSON.stringify({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
            }),
          }),
        ),
      about: 'roles',
      message: /analyze-task does not trust ECS tasks/,
      fix: /ecs-tasks.amazonaws.com/,
    },
    {
      name: 'a role of the task does not exist',
      break: ({ aws }) => aws.iam.send(new DeleteRoleCommand({ RoleName: 'analyze-execution' })),
      about: 'roles',
      message: /role analyze-execution of the task definition does not exist/,
      fix: /create it/,
    },
    {
      name: 'the task definition does not exist',
      break: ({ aws }) => aws.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'analyze:1' })),
      about: 'tasks',
      message: /analyze: (there is no task definition analyze|analyze is inactive)/,
      fix: /register/,
    },
    {
      name: 'the container does not exist',
      break: nothing,
      options: () => withConfig('container: app', 'container: main'),
      about: 'tasks',
      message: /has no container "main"; it has app/,
      fix: /container/,
    },
    {
      name: 'the container has no log driver',
      break: (deployment) => redefine(deployment, {}, { logConfiguration: undefined }),
      about: 'tasks',
      message: /cannot link to the container's log: it has no log driver/,
      fix: /awslogs-stream-prefix/,
    },
    {
      name: 'the log has no stream prefix',
      break: (deployment) =>
        redefine(
          deployment,
          {},
          { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/analyze' } } },
        ),
      about: 'tasks',
      message: /cannot link to the container's log: it has no awslogs-stream-prefix/,
      fix: /awslogs-stream-prefix/,
    },
    {
      name: 'the log group does not exist',
      break: ({ aws }) => aws.logs.send(new DeleteLogGroupCommand({ logGroupName: '/ecs/analyze' })),
      about: 'tasks',
      message: /no log group \/ecs\/analyze in us-east-1, so the container cannot start/,
      fix: /create-log-group --log-group-name \/ecs\/analyze/,
    },
    {
      name: 'a parameter and a secret of the container use the same variable',
      break: (deployment) =>
        redefine(deployment, {}, { secrets: [{ name: 'DATASET', valueFrom: 'arn:aws:ssm:us-east-1:1:parameter/x' }] }),
      about: 'tasks',
      message: /"dataset" sets DATASET, which app has as a secret/,
      fix: /another env/,
    },
    {
      name: 'the cluster does not exist',
      break: ({ aws }) => aws.ecs.send(new DeleteClusterCommand({ cluster: 'analytics' })),
      about: 'tasks',
      message: /the cluster analytics (does not exist|is inactive)/,
      fix: /create it/,
    },
    {
      name: 'the cluster has no Spot capacity provider',
      break: nothing,
      options: () => withConfig('container: app', 'container: app\n    capacity: [FARGATE_SPOT, FARGATE]'),
      about: 'tasks',
      message: /no capacity provider FARGATE_SPOT/,
      fix: /put-cluster-capacity-providers/,
    },
    {
      name: 'a subnet does not exist',
      break: nothing,
      options: () =>
        withConfig(`subnets: [${deployed.subnet}]`, `subnets: [${deployed.subnet}, subnet-0123456789abcdef0]`),
      about: 'network',
      message: /there is no subnet subnet-0123456789abcdef0/,
      fix: /config/,
    },
    {
      name: 'a security group does not exist',
      break: nothing,
      options: () => withConfig(deployed.securityGroup, 'sg-0123456789abcdef0'),
      about: 'network',
      message: /there is no security group sg-0123456789abcdef0/,
      fix: /config/,
    },
    {
      name: 'a task in a public subnet has no public address',
      break: nothing,
      options: () => withConfig('assignPublicIp: ENABLED', 'assignPublicIp: DISABLED'),
      about: 'network',
      message: /is a public subnet, but the task gets no public address there, so it cannot pull its image/,
      fix: /assignPublicIp: ENABLED/,
    },
    {
      name: 'a subnet has no route to the internet',
      break: ({ aws, routeTable }) =>
        aws.ec2.send(new DeleteRouteCommand({ RouteTableId: routeTable, DestinationCidrBlock: '0.0.0.0/0' })),
      about: 'network',
      message: /has no route to the internet, and its VPC has no endpoint for ecr.api, ecr.dkr, s3, logs/,
      fix: /NAT gateway/,
    },
    {
      name: 'no security group allows outbound HTTPS',
      break: ({ aws, securityGroup }) =>
        aws.ec2.send(
          new RevokeSecurityGroupEgressCommand({
            GroupId: securityGroup,
            IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          }),
        ),
      about: 'network',
      message: /no security group allows outbound traffic to port 443/,
      fix: /authorize-security-group-egress/,
    },
    {
      name: 'a secret ends in a newline',
      break: (deployment) => storeSecret(deployment, 'taskhook/shop', `${secretValues['taskhook/shop']}\n`),
      about: 'secrets',
      message: /taskhook\/shop ends in a newline/,
      fix: /printf instead of echo/,
    },
    {
      name: 'a secret does not exist',
      break: ({ aws }) =>
        aws.secrets.send(new DeleteSecretCommand({ SecretId: 'taskhook/shop', ForceDeleteWithoutRecovery: true })),
      about: 'secrets',
      message: /secretsmanager:taskhook\/shop does not exist/,
      fix: /put-secret-value --secret-id taskhook\/shop/,
    },
    {
      name: 'a secret lacks the key that the config names',
      break: (deployment) => storeSecret(deployment, 'taskhook/slack', JSON.stringify({ bot: 'xoxb-1-made-up' })),
      about: 'secrets',
      message: /taskhook\/slack#signing: has no key "signing"/,
      fix: /"signing"/,
    },
    {
      name: 'the signing secret is another of Slack’s tokens',
      break: (deployment) =>
        storeSecret(
          deployment,
          'taskhook/slack',
          JSON.stringify({ signing: 'xapp-not-that-one', bot: 'xoxb-1-made-up' }),
        ),
      about: 'secrets',
      message: /#signing is not a signing secret, which has 32 hexadecimal digits/,
      fix: /put-secret-value/,
    },
    {
      name: 'a Standard Webhooks secret is not base64',
      break: (deployment) => storeSecret(deployment, 'taskhook/shop', 'whsec_not base64 at all'),
      about: 'secrets',
      message: /is not base64/,
      fix: /put-secret-value/,
    },
    {
      name: 'no function reads the queue',
      break: ({ aws, mapping }) => aws.lambda.send(new DeleteEventSourceMappingCommand({ UUID: mapping })),
      about: 'queue',
      message: /no function reads the queue: every run stays queued/,
      fix: /create-event-source-mapping/,
    },
    {
      name: 'the event source mapping is off, and does not report single failures',
      break: ({ aws, mapping }) =>
        aws.lambda.send(
          new UpdateEventSourceMappingCommand({ UUID: mapping, Enabled: false, FunctionResponseTypes: [] }),
        ),
      about: 'queue',
      message: /start does not read the queue, .*: the event source mapping is Disabled/,
      fix: /--enabled/,
      more: [/one message that fails returns its whole batch/],
    },
    {
      name: 'the queue has no dead-letter queue, and its messages return too early',
      break: ({ aws, queueUrl }) =>
        aws.sqs.send(
          new SetQueueAttributesCommand({
            QueueUrl: queueUrl,
            Attributes: { RedrivePolicy: '', VisibilityTimeout: '30' },
          }),
        ),
      about: 'queue',
      message: /no dead-letter queue/,
      fix: /redrive policy/,
      more: [/returns to the queue after 30 s/],
    },
    {
      name: 'a message is in the dead-letter queue',
      break: ({ aws, deadUrl }) => aws.sqs.send(new SendMessageCommand({ QueueUrl: deadUrl, MessageBody: '{}' })),
      about: 'queue',
      message: /messages in taskhook-dead-starts: 1;/,
      fix: /then run: npx taskhook redrive$/,
    },
    {
      name: 'the rule for ECS events is disabled',
      break: ({ aws }) => aws.events.send(new DisableRuleCommand({ Name: 'taskhook-tasks' })),
      about: 'events',
      message: /the rule taskhook-tasks is disabled/,
      fix: /enable-rule --name taskhook-tasks/,
    },
    {
      name: 'the rule does not name the cluster',
      break: ({ aws }) =>
        aws.events.send(
          new PutRuleCommand({
            Name: 'taskhook-tasks',
            EventPattern: JSON.stringify({ source: ['aws.ecs'], detail: { clusterArn: ['arn:of:another'] } }),
          }),
        ),
      about: 'events',
      message: /no rule sends events of the cluster arn:aws:ecs:us-east-1:123456789012:cluster\/analytics to settle/,
      fix: /taskhook build/,
    },
    {
      name: 'no schedule runs the sweep',
      break: async ({ aws }) => {
        await aws.events.send(new RemoveTargetsCommand({ Rule: 'taskhook-sweep', Ids: ['settle'] }))
        await aws.events.send(new DeleteRuleCommand({ Name: 'taskhook-sweep' }))
      },
      about: 'events',
      message: /no schedule runs the sweep/,
      fix: /deploy again/,
    },
    {
      name: 'EventBridge may not invoke settle',
      break: ({ aws }) =>
        aws.lambda.send(new RemovePermissionCommand({ FunctionName: 'taskhook-settle', StatementId: 'Events' })),
      about: 'events',
      message: /EventBridge may not invoke settle/,
      fix: /add-permission/,
    },
    {
      name: 'the table does not exist',
      break: ({ aws }) => aws.dynamo.send(new DeleteTableCommand({ TableName: 'taskhook-ledger' })),
      about: 'ledger',
      message: /no table taskhook-ledger/,
      fix: /TASKHOOK_TABLE/,
    },
    {
      name: 'runs are kept for ever and are not backed up',
      break: async ({ aws }) => {
        const TableName = 'taskhook-ledger'
        await aws.dynamo.send(
          new UpdateTimeToLiveCommand({
            TableName,
            TimeToLiveSpecification: { Enabled: false, AttributeName: 'expiresAt' },
          }),
        )
        await aws.dynamo.send(
          new UpdateContinuousBackupsCommand({
            TableName,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
          }),
        )
      },
      about: 'ledger',
      message: /keeps runs for ever: TTL is not enabled on "expiresAt"/,
      fix: /update-time-to-live/,
      more: [/no point-in-time recovery/],
    },
    {
      name: 'a task is paused',
      break: ({ aws }) =>
        changePauses(createItems(aws.dynamo, 'taskhook-ledger'), () => ({
          analyze: { message: 'the cluster is upgraded', by: 'ann', since: Date.UTC(2026, 10, 24) },
        })),
      about: 'pauses',
      message: /^analyze has been paused since 2026-11-24T00:00:00\.000Z by ann \("the cluster is upgraded"\)$/,
      fix: /taskhook resume --task analyze/,
    },
    {
      name: 'all tasks are paused',
      break: ({ aws }) =>
        changePauses(createItems(aws.dynamo, 'taskhook-ledger'), () => ({
          [allTasks]: { message: 'moving', by: 'ann', since: 0 },
          analyze: { message: 'over', by: 'ann', since: 0, until: 1 },
        })),
      about: 'pauses',
      message: /^all tasks have been paused since .* by ann/,
      fix: /^taskhook resume$/,
    },
    {
      name: 'Slack refuses the bot token',
      break: nothing,
      options: () => ({
        fetch: fetchFrom({ ...senders, slack: () => Response.json({ ok: false, error: 'token_revoked' }) }),
      }),
      about: 'senders',
      message: /slack: Slack refuses the bot token \(token_revoked\)/,
      fix: /install the app again/,
    },
    {
      name: 'the bot token lacks a scope',
      break: nothing,
      options: () => ({
        fetch: fetchFrom({
          ...senders,
          slack: () => Response.json({ ok: true }, { headers: { 'x-oauth-scopes': 'commands' } }),
        }),
      }),
      about: 'senders',
      message: /lacks the scope chat:write/,
      fix: /add chat:write/,
    },
    {
      name: 'GitHub refuses the token',
      break: nothing,
      options: () => ({
        fetch: fetchFrom({ ...senders, github: () => Response.json({ message: 'Bad credentials' }, { status: 401 }) }),
      }),
      about: 'senders',
      message: /GitHub rejects the token/,
      fix: /create a new token/,
    },
    {
      name: 'the GitHub token lacks a scope, expires soon, and has no access to a repository',
      break: nothing,
      options: () => ({
        now: () => Date.parse('2026-11-24T00:00:00Z'),
        fetch: fetchFrom({
          ...senders,
          github: (path) =>
            path.startsWith('/repos/')
              ? Response.json({}, { status: 404 })
              : Response.json(
                  {},
                  {
                    headers: {
                      'x-oauth-scopes': 'gist',
                      'github-authentication-token-expiration': '2026-12-01 00:00:00 UTC',
                    },
                  },
                ),
        }),
      }),
      about: 'senders',
      message: /may not write commit statuses; its scopes are gist/,
      fix: /repo:status/,
      more: [/expires at 2026-12-01/, /has no access to acme\/data/],
    },
    {
      name: 'a sender has sent the secret that the operator must store',
      break: ({ aws }) =>
        writeDeliveryLog(aws, [
          {
            source: 'shop',
            outcome: 'replied',
            status: 200,
            time: '2026-11-24T10:00:01.000Z',
            sealedSecret: sealSecret('a-secret-of-the-sender', 'shop', 'a key that signs status URLs'),
            msg: 'delivery replied',
          },
        ]),
      about: 'handshakes',
      message: /shop: the sender sent its secret at 2026-11-24T10:00:01.000Z: a-secret-of-the-sender/,
      fix: /if you have just added the hook there, store it as secretsmanager:taskhook\/shop/,
    },
    {
      name: 'no delivery can be verified',
      break: ({ aws }) =>
        writeDeliveryLog(
          aws,
          [1, 2].map((at) => ({
            source: 'github',
            outcome: 'unauthorized',
            status: 401,
            time: `2026-11-24T10:00:0${at}.000Z`,
            reason: 'no secret matches the signature',
            msg: 'delivery unauthorized',
          })),
        ),
      about: 'last deliveries',
      message: /github: 2 unauthorized in the last 24 hours, .*no secret matches/,
      fix: /compare the secret/,
    },
  ]

  // A deployment takes half a second, so the faults that change nothing in the account come first and share one.
  const changesAccount = (fault: Fault): number => Number(fault.break !== nothing)
  const sorted = faults.toSorted((a, b) => changesAccount(a) - changesAccount(b))
  it.each(sorted)('finds that $name', async ({ break: breakIt, options, about, message, fix, more = [] }) => {
    await breakIt(deployed)
    const findings = faultsIn(await check(options?.()))
    isFresh = breakIt === nothing
    const [found, ...others] = findings.filter((finding) => message.test(finding.message))
    expect({ findings, found }).toMatchObject({ found: { about, fix: expect.stringMatching(fix) } })
    expect(others).toEqual([])
    for (const also of more)
      expect(findings.map((finding) => finding.message)).toContainEqual(expect.stringMatching(also))
    // The check finds nothing else.
    expect(findings.filter((finding) => finding.about === about)).toHaveLength(1 + more.length)
  })

  it('names both VPCs if a security group is in another one than the subnets', async () => {
    const { Vpc } = await deployed.aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }))
    const { GroupId = '' } = await deployed.aws.ec2.send(
      new CreateSecurityGroupCommand({ VpcId: Vpc?.VpcId ?? '', GroupName: 'other', Description: 'other' }),
    )
    const [found] = faultsIn(await check(withConfig(deployed.securityGroup, GroupId)))
    expect(found?.message).toBe(
      `analyze: the security group ${GroupId} is in ${Vpc?.VpcId}, and the subnets are in ${deployed.vpc}`,
    )
  })

  it('prints no secret', async () => {
    await storeSecret(deployed, 'taskhook/slack', JSON.stringify({ signing: 'sentinel-1', bot: 'sentinel-2' }))
    await storeSecret(deployed, 'taskhook/github', JSON.stringify({ webhook: 'sent-3', token: 'sentinel-4' }))
    await storeSecret(deployed, 'taskhook/shop', 'sentinel 5')
    const report = await check()
    expect(faultsIn(report).length).toBeGreaterThanOrEqual(5)
    expect(JSON.stringify(report)).not.toMatch(/sent/)
    expect(renderReport(report, 80).join('\n')).not.toMatch(/sent/)
  })
})
