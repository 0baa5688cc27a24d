/**
 * Each misconfiguration, seeded into a deployment that has none, is found, alone, and its mend is named. Against moto;
 * test/support/account.ts says what is added to it. Slack and GitHub are stood in for by a `fetch`.
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
import type { Finding } from '../../src/core/model/checkup.ts'
import { allTasks } from '../../src/core/model/pause.ts'
import { changePauses } from '../../src/core/store/pause-store.ts'
import { clientsOf } from '../../src/doctor/clients.ts'
import type { DoctorOptions } from '../../src/doctor/context.ts'
import { doctor, type Report } from '../../src/doctor/index.ts'
import { renderReport } from '../../src/doctor/render.ts'
import { type Account, startAccount } from '../support/account.ts'
import { hasMoto } from '../support/moto.ts'
import {
  allRoles,
  type Deployment,
  deploy,
  noteDeliveries,
  permit,
  secretValues,
  taskDefinition,
} from './deployment.ts'

/** Slack and GitHub when all is well. */
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
  let there: Deployment
  beforeAll(async () => {
    account = await startAccount()
  }, 60_000)
  afterAll(() => account?.close())
  /** Whether the last test may have changed something. */
  let spoiled = true
  beforeEach(async () => {
    if (spoiled) {
      await account.reset()
      there = await deploy(account.url)
    }
    spoiled = true
  }, 60_000)

  const examine = (options: Partial<DoctorOptions> = {}): Promise<Report> =>
    doctor({
      config: there.config,
      aws: clientsOf(there.aws.options),
      name: 'taskhook',
      fetch: fetchFrom(senders),
      now: Date.now,
      ...options,
    })
  const wrongIn = ({ checks }: Report): (Finding & { about: string })[] =>
    checks
      .flatMap(({ about, findings }) => findings.map((finding) => ({ about, ...finding })))
      .filter(({ level }) => level === 'problem' || level === 'warning')
  /** The config, with a line of it changed. */
  const changed = (from: string, to: string): Partial<DoctorOptions> => {
    expect(there.yaml).toContain(from)
    return { config: compileConfig(there.yaml.replace(from, to), builtinSpecs) }
  }

  it('finds nothing where nothing is wrong, and has looked everywhere', async () => {
    await noteDeliveries(there.aws, [
      { source: 'slack', outcome: 'accepted', status: 200, time: '2026-11-24T10:00:00.000Z', msg: 'delivery accepted' },
    ])
    const report = await examine()
    expect(wrongIn(report)).toEqual([])
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

  interface Seed {
    readonly name: string
    readonly break: (there: Deployment) => unknown
    /** Of a config or a sender, rather than of the account. */
    readonly options?: () => Partial<DoctorOptions>
    readonly about: string
    readonly message: RegExp
    readonly fix: RegExp
    /** What else is wrong then. */
    readonly more?: readonly RegExp[]
  }
  const nothing = () => {}
  const FunctionName = 'taskhook-receive'
  const store = ({ aws }: Deployment, SecretId: string, SecretString: string) =>
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

  const seeds: readonly Seed[] = [
    {
      name: 'the URL lacks the statement that URLs need since October 2025',
      break: ({ aws }) => aws.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'ViaUrl' })),
      about: 'function URL',
      message: /lacks lambda:InvokeFunction for lambda:InvokedViaFunctionUrl/,
      fix: /add-permission .*--action lambda:InvokeFunction --invoked-via-function-url/,
    },
    {
      name: 'the URL lacks the other statement',
      break: ({ aws }) => aws.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'Url' })),
      about: 'function URL',
      message: /does not allow lambda:InvokeFunctionUrl/,
      fix: /--action lambda:InvokeFunctionUrl --function-url-auth-type NONE/,
    },
    {
      name: 'everybody may invoke past the URL',
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
      message: /every AWS account may invoke the function past its URL: statement Open/,
      fix: /remove-permission --function-name taskhook-receive --statement-id Open/,
    },
    {
      name: 'the URL wants AWS signatures',
      break: ({ aws }) => aws.lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM' })),
      about: 'function URL',
      message: /wants AWS signatures \(AWS_IAM\)/,
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
      name: 'the door is shut',
      break: ({ aws }) =>
        aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 })),
      about: 'functions',
      message: /no concurrency: every delivery is answered 429/,
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
      message: /calls index.handler/,
      fix: /must be handler.start/,
      more: [/runs on nodejs20.x/],
    },
    {
      name: 'another package is deployed',
      break: nothing,
      options: () => ({ packageSha256: 'of-another-package' }),
      about: 'functions',
      message: /taskhook-receive runs another package/,
      fix: /taskhook build, and deploy again/,
      more: [/taskhook-start runs another/, /taskhook-settle runs another/],
    },
    {
      name: 'a role cannot be passed',
      break: ({ aws, config }) => permit(aws, config, 'start', allRoles.slice(0, 1)),
      about: 'roles',
      message: /start may not iam:PassRole arn:aws:iam::123456789012:role\/analyze-execution/,
      fix: /pass_role_arns/,
    },
    {
      name: 'start may not run the task definition',
      break: ({ aws, config }) => permit(aws, { ...config, tasks: {} as never }, 'start', []),
      about: 'roles',
      message: /start may not ecs:RunTask .*task-definition\/analyze:1/,
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
      message: /analyze-task does not let ECS tasks take it/,
      fix: /ecs-tasks.amazonaws.com/,
    },
    {
      name: 'a role of the task is gone',
      break: ({ aws }) => aws.iam.send(new DeleteRoleCommand({ RoleName: 'analyze-execution' })),
      about: 'roles',
      message: /role analyze-execution of the task definition is not there/,
      fix: /make it/,
    },
    {
      name: 'there is no such task definition',
      break: ({ aws }) => aws.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'analyze:1' })),
      about: 'tasks',
      message: /analyze: (there is no task definition analyze|analyze is inactive)/,
      fix: /register/,
    },
    {
      name: 'there is no such container',
      break: nothing,
      options: () => changed('container: app', 'container: main'),
      about: 'tasks',
      message: /has no container "main"; it has app/,
      fix: /container/,
    },
    {
      name: 'the container logs nowhere',
      break: (there) => redefine(there, {}, { logConfiguration: undefined }),
      about: 'tasks',
      message: /no link to a log can be told: the container logs nowhere/,
      fix: /awslogs-stream-prefix/,
    },
    {
      name: 'the log has no stream prefix',
      break: (there) =>
        redefine(
          there,
          {},
          { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/analyze' } } },
        ),
      about: 'tasks',
      message: /its log has no awslogs-stream-prefix/,
      fix: /awslogs-stream-prefix/,
    },
    {
      name: 'the log group is gone',
      break: ({ aws }) => aws.logs.send(new DeleteLogGroupCommand({ logGroupName: '/ecs/analyze' })),
      about: 'tasks',
      message: /no log group \/ecs\/analyze in us-east-1, so the container cannot start/,
      fix: /create-log-group --log-group-name \/ecs\/analyze/,
    },
    {
      name: 'a parameter has the name of a secret of the container',
      break: (there) =>
        redefine(there, {}, { secrets: [{ name: 'DATASET', valueFrom: 'arn:aws:ssm:us-east-1:1:parameter/x' }] }),
      about: 'tasks',
      message: /"dataset" sets DATASET, which app has as a secret/,
      fix: /another env/,
    },
    {
      name: 'the cluster is gone',
      break: ({ aws }) => aws.ecs.send(new DeleteClusterCommand({ cluster: 'analytics' })),
      about: 'tasks',
      message: /the cluster analytics is (not there|inactive)/,
      fix: /create it/,
    },
    {
      name: 'the cluster has no Spot',
      break: nothing,
      options: () => changed('container: app', 'container: app\n    capacity: [FARGATE_SPOT, FARGATE]'),
      about: 'tasks',
      message: /no capacity provider FARGATE_SPOT/,
      fix: /put-cluster-capacity-providers/,
    },
    {
      name: 'a subnet does not exist',
      break: nothing,
      options: () => changed(`subnets: [${there.subnet}]`, `subnets: [${there.subnet}, subnet-0123456789abcdef0]`),
      about: 'network',
      message: /there is no subnet subnet-0123456789abcdef0/,
      fix: /config/,
    },
    {
      name: 'a security group does not exist',
      break: nothing,
      options: () => changed(there.securityGroup, 'sg-0123456789abcdef0'),
      about: 'network',
      message: /there is no security group sg-0123456789abcdef0/,
      fix: /config/,
    },
    {
      name: 'a task in a public subnet has no public address',
      break: nothing,
      options: () => changed('assignPublicIp: ENABLED', 'assignPublicIp: DISABLED'),
      about: 'network',
      message: /is a public subnet, and the task has no public address there: it cannot pull its image/,
      fix: /assignPublicIp: ENABLED/,
    },
    {
      name: 'a subnet has no way out',
      break: ({ aws, routeTable }) =>
        aws.ec2.send(new DeleteRouteCommand({ RouteTableId: routeTable, DestinationCidrBlock: '0.0.0.0/0' })),
      about: 'network',
      message: /has no way out, and its VPC has no endpoint for ecr.api, ecr.dkr, s3, logs/,
      fix: /NAT gateway/,
    },
    {
      name: 'no security group lets the task out',
      break: ({ aws, securityGroup }) =>
        aws.ec2.send(
          new RevokeSecurityGroupEgressCommand({
            GroupId: securityGroup,
            IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          }),
        ),
      about: 'network',
      message: /no security group lets it out on port 443/,
      fix: /authorize-security-group-egress/,
    },
    {
      name: 'a secret ends in a newline',
      break: (there) => store(there, 'taskhook/shop', `${secretValues['taskhook/shop']}\n`),
      about: 'secrets',
      message: /taskhook\/shop ends in a newline/,
      fix: /printf, not echo/,
    },
    {
      name: 'a secret is not there',
      break: ({ aws }) =>
        aws.secrets.send(new DeleteSecretCommand({ SecretId: 'taskhook/shop', ForceDeleteWithoutRecovery: true })),
      about: 'secrets',
      message: /secretsmanager:taskhook\/shop is not there/,
      fix: /put-secret-value --secret-id taskhook\/shop/,
    },
    {
      name: 'a secret lacks the key that the config names',
      break: (there) => store(there, 'taskhook/slack', JSON.stringify({ bot: 'xoxb-1-made-up' })),
      about: 'secrets',
      message: /taskhook\/slack#signing: has no key "signing"/,
      fix: /"signing"/,
    },
    {
      name: 'a signing secret is something else of Slack',
      break: (there) =>
        store(there, 'taskhook/slack', JSON.stringify({ signing: 'xapp-not-that-one', bot: 'xoxb-1-made-up' })),
      about: 'secrets',
      message: /#signing is not a signing secret: that has 32 hexadecimal digits/,
      fix: /put-secret-value/,
    },
    {
      name: 'a Standard Webhooks secret is no base64',
      break: (there) => store(there, 'taskhook/shop', 'whsec_not base64 at all'),
      about: 'secrets',
      message: /is not base64/,
      fix: /put-secret-value/,
    },
    {
      name: 'nothing reads the queue',
      break: ({ aws, mapping }) => aws.lambda.send(new DeleteEventSourceMappingCommand({ UUID: mapping })),
      about: 'queue',
      message: /nothing reads the queue: every run stays queued/,
      fix: /create-event-source-mapping/,
    },
    {
      name: 'the event source mapping is off, and takes whole batches back',
      break: ({ aws, mapping }) =>
        aws.lambda.send(
          new UpdateEventSourceMappingCommand({ UUID: mapping, Enabled: false, FunctionResponseTypes: [] }),
        ),
      about: 'queue',
      message: /start does not read the queue: the event source mapping is Disabled/,
      fix: /--enabled/,
      more: [/one start that fails brings back the whole batch/],
    },
    {
      name: 'the queue has no dead-letter queue, and its messages come back too early',
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
      more: [/comes back after 30 s/],
    },
    {
      name: 'starts need a person',
      break: ({ aws, deadUrl }) => aws.sqs.send(new SendMessageCommand({ QueueUrl: deadUrl, MessageBody: '{}' })),
      about: 'queue',
      message: /1 starts are in taskhook-dead-starts/,
      fix: /start-message-move-task/,
    },
    {
      name: 'the rule of ECS events is off',
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
      message: /events of the cluster arn:aws:ecs:us-east-1:123456789012:cluster\/analytics reach nobody/,
      fix: /taskhook build/,
    },
    {
      name: 'no schedule wakes the sweep',
      break: async ({ aws }) => {
        await aws.events.send(new RemoveTargetsCommand({ Rule: 'taskhook-sweep', Ids: ['settle'] }))
        await aws.events.send(new DeleteRuleCommand({ Name: 'taskhook-sweep' }))
      },
      about: 'events',
      message: /no schedule wakes the sweep/,
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
      name: 'the table is gone',
      break: ({ aws }) => aws.dynamo.send(new DeleteTableCommand({ TableName: 'taskhook-ledger' })),
      about: 'ledger',
      message: /no table taskhook-ledger/,
      fix: /TASKHOOK_TABLE/,
    },
    {
      name: 'runs are kept for ever, and not backed up',
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
      message: /kept for ever: TTL is not on "expiresAt"/,
      fix: /update-time-to-live/,
      more: [/no point-in-time recovery/],
    },
    {
      name: 'a task that somebody has paused',
      break: ({ aws }) =>
        changePauses(createItems(aws.dynamo, 'taskhook-ledger'), () => ({
          analyze: { message: 'the cluster is upgraded', by: 'ann', since: Date.UTC(2026, 10, 24) },
        })),
      about: 'pauses',
      message:
        /^analyze is not started: ann has paused it since 2026-11-24T00:00:00\.000Z \("the cluster is upgraded"\)$/,
      fix: /taskhook resume --task analyze/,
    },
    {
      name: 'everything is paused',
      break: ({ aws }) =>
        changePauses(createItems(aws.dynamo, 'taskhook-ledger'), () => ({
          [allTasks]: { message: 'moving', by: 'ann', since: 0 },
          analyze: { message: 'over', by: 'ann', since: 0, until: 1 },
        })),
      about: 'pauses',
      message: /^nothing is started: ann has paused it/,
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
      message: /GitHub refuses the token/,
      fix: /make a new one/,
    },
    {
      name: 'the GitHub token lacks its scope, expires soon, and does not see a repository',
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
      more: [/expires at 2026-12-01/, /does not see acme\/data/],
    },
    {
      name: 'no delivery verifies',
      break: ({ aws }) =>
        noteDeliveries(
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

  // Those that change nothing in the account one after another: it takes half a second to make.
  const breaks = (seed: Seed): number => Number(seed.break !== nothing)
  const gentleFirst = [...seeds].sort((a, b) => breaks(a) - breaks(b))
  it.each(gentleFirst)('$name', async ({ break: seed, options, about, message, fix, more = [] }) => {
    await seed(there)
    spoiled = seed !== nothing
    const wrong = wrongIn(await examine(options?.()))
    const [found, ...others] = wrong.filter((finding) => message.test(finding.message))
    expect({ wrong, found }).toMatchObject({ found: { about, fix: expect.stringMatching(fix) } })
    expect(others).toEqual([])
    for (const also of more) expect(wrong.map((finding) => finding.message)).toContainEqual(expect.stringMatching(also))
    // And nothing is found beside it in the place that it broke.
    expect(wrong.filter((finding) => finding.about === about)).toHaveLength(1 + more.length)
  })

  it('says of a security group in another VPC which is which', async () => {
    const { Vpc } = await there.aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }))
    const { GroupId = '' } = await there.aws.ec2.send(
      new CreateSecurityGroupCommand({ VpcId: Vpc?.VpcId ?? '', GroupName: 'other', Description: 'other' }),
    )
    const [found] = wrongIn(await examine(changed(there.securityGroup, GroupId)))
    expect(found?.message).toBe(
      `analyze: the security group ${GroupId} is in ${Vpc?.VpcId}, and the subnets are in ${there.vpc}`,
    )
  })

  it('quotes no secret', async () => {
    await store(there, 'taskhook/slack', JSON.stringify({ signing: 'sentinel-1', bot: 'sentinel-2' }))
    await store(there, 'taskhook/github', JSON.stringify({ webhook: 'sent-3', token: 'sentinel-4' }))
    await store(there, 'taskhook/shop', 'sentinel 5')
    const report = await examine()
    expect(wrongIn(report).length).toBeGreaterThanOrEqual(5)
    expect(JSON.stringify(report)).not.toMatch(/sent/)
    expect(renderReport(report, 80).join('\n')).not.toMatch(/sent/)
  })
})
