/**
 * `terraform apply` of examples/existing-cluster against moto, then the main job with what was applied: the functions' own environment,
 * the package that was uploaded, one task in ECS, settled by an ECS event. Takes some three minutes: `npm run test:deploy`.
 *
 * Exchanged, since moto and the provider that is here cannot do otherwise: what test/support/terraform.ts says; the example's subnets, for
 * some that moto has; FARGATE_SPOT, since moto answers 500 to a capacityProviderStrategy; the provider's block, to reach moto.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { defaultSubnet, hasMoto, invoke, type Moto, startMoto } from '../support/moto.ts'
import { copyModule, hasTerraform, type Terraform } from '../support/terraform.ts'
import { urlEvent } from '../support/world.ts'

const services = ['cloudwatch', 'dynamodb', 'ecs', 'events', 'iam', 'lambda', 'logs', 'secretsmanager', 'sqs', 'sts']
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const secret = '8f742231b10e8888abcd99yyyzzz85a5'

describe.skipIf(!hasMoto || !hasTerraform)('the example, applied', () => {
  let moto: Moto
  let terraform: Terraform
  let example: string
  let ecs: ECSClient
  let sqs: SQSClient
  let secrets: SecretsManagerClient

  beforeAll(async () => {
    moto = await startMoto()
    const options = {
      endpoint: moto.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    }
    ecs = new ECSClient(options)
    sqs = new SQSClient(options)
    secrets = new SecretsManagerClient(options)
    await ecs.send(new CreateClusterCommand({ clusterName: 'analytics' }))
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'analyze',
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        taskRoleArn: role('analyze-task'),
        executionRoleArn: role('analyze-execution'),
        containerDefinitions: [{ name: 'app', image: 'app', memory: 512 }],
      }),
    )
    terraform = copyModule()
    example = join(terraform.folder, 'examples/existing-cluster')
    prepare(await defaultSubnet(moto.url))
    terraform.run([`-chdir=${example}`, 'init', '-no-color'])
    terraform.run([`-chdir=${example}`, 'apply', '-auto-approve', '-no-color', '-parallelism=30'])
  }, 300_000)
  afterAll(async () => {
    await moto?.close()
    if (terraform !== undefined) rmSync(terraform.folder, { recursive: true, force: true })
  })

  function prepare(subnet: string): void {
    const yaml = readFileSync('examples/existing-cluster/taskhook.yaml', 'utf8')
      .replace(/subnets: \[.*\]/, `subnets: [${subnet}]`)
      .replace('[FARGATE_SPOT, FARGATE]', '[FARGATE]')
    writeFileSync(join(example, 'taskhook.yaml'), yaml)
    execFileSync(process.execPath, [
      'dist/cli/main.js',
      'build',
      join(example, 'taskhook.yaml'),
      '--out',
      join(example, 'build'),
    ])
    const endpoints = services.map((service) => `    ${service} = "${moto.url}"`).join('\n')
    const provider = `provider "aws" {\n  region = "us-east-1"\n  access_key = "testing"\n  secret_key = "testing"\n  skip_credentials_validation = true\n  skip_metadata_api_check = true\n  endpoints {\n${endpoints}\n  }\n}`
    const main = readFileSync(join(example, 'main.tf'), 'utf8')
      .replace('provider "aws" {}', provider)
      .replace('package = "${path.module}/build"', 'package = "${path.module}/build"\n  deletion_protection = false')
    writeFileSync(join(example, 'main.tf'), main)
  }

  const output = <T>(name: string): T => JSON.parse(terraform.run([`-chdir=${example}`, 'output', '-json', name])) as T

  /** What Lambda would give the function; its Secrets Manager, DynamoDB and so on are moto's. */
  async function environmentOf(name: string): Promise<Record<string, string>> {
    const response = await fetch(`${moto.url}/2015-03-31/functions/${name}`, {
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0',
      },
    })
    const { Configuration } = (await response.json()) as {
      Configuration: { Environment: { Variables: Record<string, string> }; Handler: string }
    }
    return { ...Configuration.Environment.Variables, ...moto.env, _HANDLER: Configuration.Handler }
  }

  it('makes a URL for each source, and the key', async () => {
    expect(Object.keys(output<Record<string, string>>('urls'))).toEqual(['github', 'slack'])
    expect(JSON.parse(output<Record<string, string>>('slack_manifests').slack ?? '{}')).toMatchObject({
      features: { slash_commands: [{ command: '/analyze' }] },
    })
  })

  it('does the main job with what was applied', async () => {
    // Each function is unpacked from the package as Lambda would do it.
    const unpacked = join(terraform.folder, 'unpacked')
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(example, 'build/taskhook.zip'))))) {
      mkdirSync(join(unpacked, name, '..'), { recursive: true })
      writeFileSync(join(unpacked, name), bytes)
    }
    const bundle = join(unpacked, 'handler.mjs')
    await secrets.send(new PutSecretValueCommand({ SecretId: 'taskhook/slack', SecretString: secret }))

    const body = new URLSearchParams({
      command: '/analyze',
      text: 'sales depth=5',
      user_id: 'U1',
      channel_id: 'C1',
      trigger_id: '1.2.3',
    }).toString()
    const { headers } = slackDelivery(secret, body)
    const receiveEnv = await environmentOf('taskhook-receive')
    const answer = (await invoke('receive', urlEvent('/slack', headers, body), receiveEnv, bundle)) as {
      statusCode: number
      body: string
    }
    expect(answer.body).toContain('analyze queued')

    const startEnv = await environmentOf('taskhook-start')
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: startEnv.TASKHOOK_QUEUE_URL }))
    const records = Messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }))
    expect(records).toHaveLength(1)
    expect(await invoke('start', { Records: records }, startEnv, bundle)).toEqual({ batchItemFailures: [] })

    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: 'analytics' }))
    expect(taskArns).toHaveLength(1)
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: 'analytics', tasks: taskArns }))
    expect(tasks[0]?.overrides?.containerOverrides?.[0]?.environment?.slice(0, 2)).toEqual([
      { name: 'DATASET', value: 'sales' },
      { name: 'DEPTH', value: '5' },
    ])

    const settleEnv = await environmentOf('taskhook-settle')
    const detail = {
      taskArn: taskArns[0],
      startedBy: tasks[0]?.startedBy,
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      version: 5,
      containers: [{ name: 'app', exitCode: 0 }],
    }
    await invoke('settle', { source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail }, settleEnv, bundle)
    const statusUrl = /(\/runs\/[0-9a-f]{20}\?token=[\w-]+)/.exec(answer.body)?.[1] ?? ''
    const status = (await invoke('receive', urlEvent(statusUrl, {}, '', 'GET'), receiveEnv, bundle)) as { body: string }
    expect(JSON.parse(status.body)).toMatchObject({
      status: 'succeeded',
      exitCode: 0,
      params: { dataset: 'sales', depth: 5 },
    })
  }, 60_000)

  it('is removed again', () => {
    expect(terraform.run([`-chdir=${example}`, 'destroy', '-auto-approve', '-no-color', '-parallelism=30'])).toContain(
      'Destroy complete',
    )
  }, 200_000)
})
