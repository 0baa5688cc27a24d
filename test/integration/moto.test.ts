/** The bundle in its own Node process, as Lambda loads it, against moto: checks that the AWS requests are well-formed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { tableInput } from '../../src/core/store/dynamodb-table.ts'
import { slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { urlEvent } from '../support/function-url.ts'
import { defaultSubnet, hasMoto, invoke, type Moto, startMoto } from '../support/moto.ts'

const old = 'whsec_b2xkIHNlY3JldCBvZiB0aGUgcGFydG5lcg=='
const current = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const slackSecret = '8f742231b10e8888abcd99yyyzzz85a5'

const configFor = (subnet: string, otherSubnet: string) => `
sources:
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "secretsmanager:taskhook/partner#signing" }
  trainer: { adapter: hmac, scheme: standard-webhooks, secret: "secretsmanager:taskhook/partner#signing" }
  slack: { adapter: slack, signingSecret: "secretsmanager:taskhook/slack" }
tasks:
  analyze:
    cluster: analytics
    taskDefinition: analyze
    container: app
    subnets: [${subnet}]
    securityGroups: [sg-1]
    params:
      dataset: { type: string, required: true, env: DATASET }
      depth: { type: integer, default: 3, env: DEPTH }
  train:
    cluster: arn:aws:ecs:eu-central-1:222222222222:cluster/training
    assumeRole: arn:aws:iam::222222222222:role/taskhook
    taskDefinition: train
    container: app
    subnets: [${otherSubnet}]
    securityGroups: [sg-1]
routes:
  - { on: partner, run: analyze }
  - { on: trainer, run: train }
  - { on: slack, command: /analyze, run: analyze }
`

const fargate = {
  requiresCompatibilities: ['FARGATE' as const],
  networkMode: 'awsvpc' as const,
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'app', image: 'app', memory: 512 }],
}

describe.skipIf(!hasMoto)('the bundle against moto', () => {
  let moto: Moto
  let folder: string
  let env: Record<string, string>
  let ecs: ECSClient
  let otherEcs: ECSClient
  let sqs: SQSClient

  beforeAll(async () => {
    moto = await startMoto()
    const options = {
      endpoint: moto.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
      maxAttempts: 1,
    }
    ecs = new ECSClient(options)
    sqs = new SQSClient(options)
    const dynamo = new DynamoDBClient(options)
    const secrets = new SecretsManagerClient(options)

    await dynamo.send(new CreateTableCommand(tableInput('ledger')))
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'starts' }))
    await ecs.send(new CreateClusterCommand({ clusterName: 'analytics' }))
    await ecs.send(new RegisterTaskDefinitionCommand({ ...fargate, family: 'analyze' }))
    await secrets.send(
      new CreateSecretCommand({ Name: 'taskhook/partner', SecretString: JSON.stringify({ signing: old }) }),
    )
    await secrets.send(
      new PutSecretValueCommand({ SecretId: 'taskhook/partner', SecretString: JSON.stringify({ signing: current }) }),
    )
    // With a newline at the end, as `echo` writes it.
    await secrets.send(new CreateSecretCommand({ Name: 'taskhook/slack', SecretString: `${slackSecret}\n` }))
    await secrets.send(new CreateSecretCommand({ Name: 'taskhook/key', SecretString: 'a key that signs status URLs' }))

    const { Credentials } = await new STSClient(options).send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::222222222222:role/taskhook', RoleSessionName: 'test' }),
    )
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
    const otherCredentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
    otherEcs = new ECSClient({ ...options, region: 'eu-central-1', credentials: otherCredentials })
    await otherEcs.send(new CreateClusterCommand({ clusterName: 'training' }))
    await otherEcs.send(new RegisterTaskDefinitionCommand({ ...fargate, family: 'train' }))

    folder = mkdtempSync(join(tmpdir(), 'taskhook-moto-'))
    writeFileSync(
      join(folder, 'taskhook.json'),
      JSON.stringify(
        compileConfig(
          configFor(
            await defaultSubnet(moto.url),
            await defaultSubnet(moto.url, { region: 'eu-central-1', credentials: otherCredentials }),
          ),
          builtinSpecs,
        ),
      ),
    )
    env = {
      ...moto.env,
      TASKHOOK_CONFIG: join(folder, 'taskhook.json'),
      TASKHOOK_TABLE: 'ledger',
      TASKHOOK_QUEUE_URL: QueueUrl,
      TASKHOOK_KEY: 'secretsmanager:taskhook/key',
      LOG_LEVEL: 'warn',
    }
  }, 60_000)
  afterAll(async () => {
    await moto?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })

  /** The SQS event with the messages of one run. Messages of other tests are dropped. */
  const queuedFor = async (run: string) => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: env.TASKHOOK_QUEUE_URL, MaxNumberOfMessages: 10 }),
    )
    const records = Messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }))
    return { Records: records.filter(({ body }) => (JSON.parse(body) as { run?: string }).run === run) }
  }
  const tasksOf = async (client: ECSClient, cluster: string, run: string) => {
    const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster }))
    const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))
    return tasks.filter(({ startedBy }) => startedBy === `taskhook/${run}`)
  }

  it('runs one task with the declared overrides after receive and start, even if the message comes twice', async () => {
    const { headers, body } = standardDelivery(current, '{"dataset":"sales","depth":7}')
    const answer = (await invoke('receive', urlEvent('/partner', headers, body), env)) as {
      statusCode: number
      body: string
    }
    expect(answer.statusCode, answer.body).toBe(202)
    const { run } = JSON.parse(answer.body) as { run: string }

    const event = await queuedFor(run)
    expect(event.Records.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ verb: 'start', run }])
    expect(await invoke('start', event, env)).toEqual({ batchItemFailures: [] })
    // SQS may deliver a message twice.
    expect(await invoke('start', event, env)).toEqual({ batchItemFailures: [] })

    const tasks = await tasksOf(ecs, 'analytics', run)
    expect(tasks).toHaveLength(1)
    expect(tasks[0]?.overrides?.containerOverrides).toEqual([
      {
        name: 'app',
        environment: [
          { name: 'DATASET', value: 'sales' },
          { name: 'DEPTH', value: '7' },
          { name: 'TASKHOOK_RUN_ID', value: run },
          { name: 'TASKHOOK_SOURCE', value: 'partner' },
          { name: 'TASKHOOK_EVENT', value: 'webhook' },
          { name: 'TASKHOOK_ACTOR', value: 'partner' },
          { name: 'TASKHOOK_PROGRESS_URL', value: expect.stringMatching(`/runs/${run}/progress$`) },
          { name: 'TASKHOOK_TOKEN', value: expect.stringMatching(/^[\w-]{43}$/) },
        ],
      },
    ])

    const detail = {
      taskArn: tasks[0]?.taskArn,
      startedBy: `taskhook/${run}`,
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      version: 5,
      containers: [{ name: 'app', exitCode: 0 }],
    }
    await invoke('settle', { source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail }, env)
    const { statusUrl } = JSON.parse(answer.body) as { statusUrl: string }
    const { pathname, search } = new URL(statusUrl)
    const status = (await invoke('receive', urlEvent(pathname + search, {}, '', 'GET'), env)) as { body: string }
    expect(JSON.parse(status.body)).toMatchObject({ run, status: 'succeeded', exitCode: 0 })
  })

  it('runs a task in another account and region, with the role that the config names', async () => {
    const { headers, body } = standardDelivery(current, '{}')
    const answer = (await invoke('receive', urlEvent('/trainer', headers, body), env)) as { body: string }
    const { run } = JSON.parse(answer.body) as { run: string }
    expect(await invoke('start', await queuedFor(run), env)).toEqual({ batchItemFailures: [] })
    const tasks = await tasksOf(otherEcs, 'training', run)
    expect(tasks.map(({ taskArn }) => taskArn)).toEqual([
      expect.stringMatching(/^arn:aws:ecs:eu-central-1:222222222222:task\/training\//),
    ])
  })

  it('accepts the previous secret after a rotation, and rejects an unknown one', async () => {
    const status = async (secret: string) => {
      const { headers, body } = standardDelivery(secret, '{"dataset":"people"}')
      return ((await invoke('receive', urlEvent('/partner', headers, body), env)) as { statusCode: number }).statusCode
    }
    expect(await status(old)).toBe(202)
    expect(await status(`whsec_${Buffer.from('another secret altogether').toString('base64')}`)).toBe(401)
  })

  it('ignores a newline at the end of a secret', async () => {
    const { headers, body } = slackDelivery(slackSecret, 'command=%2Fanalyze&text=help&user_id=U1&channel_id=C1')
    const answer = (await invoke('receive', urlEvent('/slack', headers, body), env)) as {
      statusCode: number
      body: string
    }
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.body).toContain('How to use /analyze')
  })

  it.each([
    ['TASKHOOK_TABLE', { TASKHOOK_TABLE: '' }, /Environment variable TASKHOOK_TABLE is required/],
    ['the config', { TASKHOOK_CONFIG: '/nowhere/taskhook.json' }, /compiled config cannot be read/],
    ['TASKHOOK_KEY', { TASKHOOK_KEY: 'plain text' }, /TASKHOOK_KEY must be a secret reference/],
    ['an env: secret', { TASKHOOK_KEY: 'env:NOTHING', NOTHING: ' ' }, /secret env:NOTHING: is empty/],
  ])('fails to start with %s missing or not valid, and names it', async (_name, change, reason) => {
    await expect(invoke('receive', urlEvent('/partner', {}, '{}'), { ...env, ...change })).rejects.toThrow(reason)
  })
})
