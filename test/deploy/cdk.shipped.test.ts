/** The built construct, synthesized: resources, policies, the URL's statements, cdk-nag and cfn-lint. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, type Stack as CdkStack, Stack, Validations } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { Vpc } from 'aws-cdk-lib/aws-ec2'
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll, describe, expect, it } from 'vitest'
import type * as Cdk from '../../infra/cdk/index.ts'
import { metrics } from '../../src/core/telemetry/metrics.ts'
import { alarms, environment, expected, functions, graphs } from './expected.ts'

// The file that users import as `taskhook/cdk`.
const { Taskhook, TaskhookMember } = (await import(join(process.cwd(), 'dist/cdk/index.js'))) as typeof Cdk

const config = 'examples/existing-cluster/taskhook.yaml'
const outdir = mkdtempSync(join(tmpdir(), 'taskhook-cdk-test-'))
afterAll(() => rmSync(outdir, { recursive: true, force: true }))

function synth(
  props: Partial<Cdk.TaskhookProps> = {},
  prepare: (stack: CdkStack) => Partial<Cdk.TaskhookProps> = () => ({}),
) {
  const app = new App({ outdir: mkdtempSync(join(outdir, 'out-')) })
  const stack = new Stack(app, 'Test', { env: { account: '111122223333', region: 'eu-west-1' } })
  const bridge = new Taskhook(stack, 'Bridge', {
    config,
    passRoleArns: ['arn:aws:iam::111122223333:role/analyze'],
    ...props,
    ...prepare(stack),
  })
  return { app, stack, bridge }
}

const template = Template.fromStack(synth().stack)
const statementsOf = (name: string, of: Template = template) =>
  Object.values(of.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify((Properties as { Roles: unknown }).Roles).includes(name))
    .flatMap(
      ({ Properties }) =>
        (
          Properties as {
            PolicyDocument: { Statement: { Sid?: string; Action: unknown; Resource: unknown; Condition?: unknown }[] }
          }
        ).PolicyDocument.Statement,
    )

describe('the construct', () => {
  it.each(expected)('creates $what', ({ cloudFormation, count, cloudFormationCount }) => {
    template.resourceCountIs(cloudFormation, cloudFormationCount ?? count)
  })
  it('creates no other type of resource', () => {
    const types = new Set(
      Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
    )
    expect([...types].sort()).toEqual(expected.map(({ cloudFormation }) => cloudFormation).sort())
  })
  it.each(Object.entries(functions))('%s has its handler, timeout and memory', (name, { handler, timeout, memory }) => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `taskhook-${name}`,
      Handler: handler,
      Timeout: timeout,
      MemorySize: memory,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Environment: { Variables: Object.fromEntries(environment.map((variable) => [variable, Match.anyValue()])) },
    })
  })
  it.each(alarms)('has the alarm %s', (name) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `taskhook-${name}`,
      AlarmDescription: Match.stringLikeRegexp(`\\. See docs/operations\\.md#${name}$`),
    })
  })
  it('uses metrics that taskhook publishes, limited to this deployment', () => {
    const counted = Object.values(
      template.findResources('AWS::CloudWatch::Alarm', { Properties: { Namespace: 'Taskhook' } }),
    ).map(({ Properties }) => Properties as { MetricName: string; Dimensions: { Name: string; Value: string }[] })
    expect(counted).toHaveLength(4)
    for (const { MetricName, Dimensions } of counted) {
      expect(Object.keys(metrics)).toContain(MetricName)
      const { by } = metrics[MetricName as keyof typeof metrics]
      expect(Dimensions.map(({ Name }) => Name).toSorted()).toEqual(['deployment', by ?? []].flat().toSorted())
      expect(Dimensions).toContainEqual({ Name: 'deployment', Value: 'taskhook' })
    }
  })
  it('has the expected graphs, with every metric in one of them', () => {
    const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'))
    const text = JSON.stringify(dashboard)
    const titles = [...text.matchAll(/\\"title\\":\\"([^"\\]+)/g)].map(([, title]) => title)
    expect(titles).toEqual(graphs)
    for (const name of Object.keys(metrics)) expect(text).toContain(`\\"Taskhook\\",\\"${name}\\"`)
  })
  it('allows everyone to invoke receive through its URL, and not directly', () => {
    const open = Object.values(template.findResources('AWS::Lambda::Permission', { Properties: { Principal: '*' } }))
    expect(
      open
        .map(({ Properties }) => Properties as Record<string, unknown>)
        .map(({ Action, FunctionUrlAuthType, InvokedViaFunctionUrl }) => ({
          Action,
          FunctionUrlAuthType,
          InvokedViaFunctionUrl,
        })),
    ).toEqual([
      { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE', InvokedViaFunctionUrl: undefined },
      { Action: 'lambda:InvokeFunction', FunctionUrlAuthType: undefined, InvokedViaFunctionUrl: true },
    ])
  })
  it('limits starts to what Fargate accepts, and reports failures message by message', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 5,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
  })
  it('receives events of its own tasks on the clusters of the config', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ecs'],
        'detail-type': ['ECS Task State Change'],
        detail: {
          startedBy: [{ prefix: 'taskhook/' }],
          clusterArn: [Match.objectLike({})],
          lastStatus: ['RUNNING', 'STOPPED'],
        },
      },
    })
  })
  it('protects the ledger: point-in-time recovery, TTL, deletion protection, retained', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    })
  })
})

describe('the roles of the construct', () => {
  it('do not allow receive to run or stop a task, or to pass a role', () => {
    const actions = statementsOf('BridgeReceiveRole').flatMap(({ Action }) => [Action].flat())
    expect(actions).toContain('dynamodb:PutItem')
    expect(actions.filter((action) => /^(ecs|iam):/.test(String(action)))).toEqual([])
  })
  it('allow start to run the task definition of the config on its cluster', () => {
    const run = statementsOf('BridgeStartRole').find(({ Action }) => Action === 'ecs:RunTask')
    expect(JSON.stringify(run)).toContain(':ecs:eu-west-1:111122223333:task-definition/analyze:*')
    expect(JSON.stringify(run?.Condition)).toContain(':ecs:eu-west-1:111122223333:cluster/analytics')
  })
  it('allow no network interfaces unless the functions are in a VPC', () => {
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('ec2:')
  })
  it('allow what Lambda needs to place the functions in a VPC, as in Terraform', () => {
    const { stack } = synth({}, (stack) => {
      const network = { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'], privateSubnetIds: ['subnet-1'] }
      return { vpc: { vpc: Vpc.fromVpcAttributes(stack, 'Vpc', network) } }
    })
    const inVpc = Template.fromStack(stack)
    inVpc.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: Match.anyValue() })
    const [, terraform = ''] =
      /Sid += "ManageNetworkInterfaces"[^[]*\[([^\]]*)\]/.exec(readFileSync('infra/terraform/iam.tf', 'utf8')) ?? []
    const actions = [...terraform.matchAll(/"(ec2:\w+)"/g)].map(([, action]) => action)
    expect(actions).toContain('ec2:CreateNetworkInterface')
    for (const role of ['BridgeReceiveRole', 'BridgeStartRole', 'BridgeSettleRole'])
      expect(statementsOf(role, inVpc)).toContainEqual({
        Sid: 'ManageNetworkInterfaces',
        Effect: 'Allow',
        Action: actions,
        Resource: '*',
      })
  })
  it('contain no unfilled placeholder', () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/\{(Partition|Region|Account|Table|Queue|Key|PassRoles)\}/)
  })
})

describe('task definitions of the same app', () => {
  const withDefinition = (stack: CdkStack) => {
    const definition = new FargateTaskDefinition(stack, 'Analyze', { family: 'analyze-cdk' })
    definition.addContainer('app', { image: ContainerImage.fromRegistry('public.ecr.aws/docker/library/busybox') })
    return { tasks: { analyze: definition }, passRoleArns: [] }
  }
  it('replace those of the config, and start may pass their roles', () => {
    const { stack } = synth({}, withDefinition)
    const text = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    expect(text).toContain('task-definition/analyze-cdk:*')
    expect(text).toContain('iam:PassRole')
    expect(text).toContain('AnalyzeTaskRole')
  })
  it('are rejected if the config has no such task, and so is a task whose roles are unknown', () => {
    expect(() => synth({}, (stack) => ({ tasks: { other: new FargateTaskDefinition(stack, 'Other') } }))).toThrow(
      'tasks.other: the config has no such task, only analyze',
    )
    const app = new App({ outdir: mkdtempSync(join(outdir, 'out-')) })
    expect(() => new Taskhook(new Stack(app, 'S'), 'Bridge', { config })).toThrow('pass its FargateTaskDefinition')
  })
})

describe('tasks in another account', () => {
  const two = 'test/fixtures/configs/two-accounts.yaml'
  const memberIn = (account: string, region: string, props: Partial<Cdk.TaskhookMemberProps> = {}) => {
    const app = new App({ outdir: mkdtempSync(join(outdir, 'out-')) })
    const stack = new Stack(app, 'Member', { env: { account, region } })
    new TaskhookMember(stack, 'Member', {
      config: two,
      eventBusArn: 'arn:aws:events:eu-west-1:111122223333:event-bus/default',
      ...props,
    })
    return Template.fromStack(stack)
  }
  it('may send their events to the bus, and start may assume their role', () => {
    const home = Template.fromStack(synth({ config: two }).stack)
    home.hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: Match.objectLike({
        Action: 'events:PutEvents',
        Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:root']] } },
      }),
    })
    home.resourceCountIs('AWS::Events::EventBusPolicy', 1)
    expect(JSON.stringify(home.findResources('AWS::IAM::Policy'))).toContain('role/taskhook/run')
  })
  it('get a role that start and settle may assume, and a rule that forwards events', () => {
    const trusted = ['start', 'settle'].map((name) => `arn:aws:iam::111122223333:role/taskhook-${name}`)
    const member = memberIn('222222222222', 'eu-central-1', {
      trustedRoleArns: trusted,
      passRoleArns: ['arn:aws:iam::222222222222:role/train-task'],
    })
    member.hasResourceProperties('AWS::IAM::Role', { RoleName: 'run', Path: '/taskhook/' })
    const text = JSON.stringify(member.toJSON())
    for (const part of [
      ...trusted,
      'task-definition/train:*',
      'role/train-task',
      'cluster/training',
      'events:PutEvents',
    ])
      expect(text).toContain(part)
  })
  it('need only the rule if the account is the same and the region is not', () => {
    const member = memberIn('111122223333', 'us-east-1')
    expect(JSON.stringify(member.toJSON())).toContain('cluster/reports')
    expect(JSON.stringify(member.toJSON())).not.toContain('ecs:RunTask')
  })
  it('are rejected without trusted roles, or if no task is in that account', () => {
    expect(() => memberIn('222222222222', 'eu-central-1')).toThrow('set "trustedRoleArns"')
    expect(() => memberIn('333333333333', 'us-east-1')).toThrow('has a cluster in us-east-1 of account 333333333333')
  })
})

/** Every finding that is accepted, and the reason. */
const acknowledged: readonly { id: string; reason: string }[] = [
  {
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'dead-events is the dead-letter queue of rules and of an invoke config, which cdk-nag does not detect',
  },
  {
    id: 'AwsSolutions::AwsSolutions-SMG4',
    reason: 'a new key invalidates all status URLs that were sent, so operators rotate it when they have a reason',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'ecs:DescribeTaskDefinition supports no resource; taskhook needs it to find the container and its log',
  },
  ...['task-definition/analyze:*', 'task/analytics/*'].map((resource) => ({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:eu-west-1:111122223333:${resource}]`,
    reason: 'revisions and tasks have no names before they exist, so the statement names the family or the cluster',
  })),
]

describe('checks by other tools', () => {
  it('cdk-nag finds nothing but what is acknowledged', () => {
    const { app, stack } = synth()
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
    for (const { id, reason } of acknowledged) Validations.of(stack).acknowledge({ id, reason })
    expect(() => app.synth()).not.toThrow()
  })
  it('cdk-nag would find what is acknowledged', () => {
    const { app } = synth()
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
    expect(() => app.synth()).toThrow('AwsSolutions-SMG4')
  })
  it.skipIf(spawnSync('cfn-lint', ['--version']).status !== 0)('cfn-lint finds nothing', () => {
    const { app } = synth()
    const path = app.synth().getStackByName('Test').templateFullPath
    // W3005: CDK declares the dependency on the role twice, by Ref and by DependsOn.
    expect(execFileSync('cfn-lint', ['--ignore-checks', 'W3005', '--', path], { encoding: 'utf8' })).toBe('')
  })
  it('the asset is the zip of the package', () => {
    const { app } = synth()
    const assets = JSON.parse(readFileSync(join(app.synth().directory, 'Test.assets.json'), 'utf8')) as {
      files: Record<string, { source: { path: string } }>
    }
    const zip = Object.values(assets.files).find(({ source }) => source.path.endsWith('.zip'))
    expect(existsSync(join(app.synth().directory, zip?.source.path ?? 'nothing'))).toBe(true)
  })
})
