/**
 * The package in containers that moto runs. The test invokes `receive`; from there, moto's event source mapping invokes `start`. The test
 * passes nothing from one function to the other.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { ModifyVpcAttributeCommand } from '@aws-sdk/client-ec2'
import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs'
import { InvokeCommand, UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager'
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { taskhook } from '../cli/process.ts'
import { type Deployment, deploy, secretValues } from '../doctor/deployment.ts'
import { standardDelivery } from '../support/deliveries.ts'
import { type Engine, noEngine, startEngine } from '../support/docker.ts'
import { urlEvent } from '../support/function-url.ts'
import { type Moto, startMoto } from '../support/moto.ts'

const memory = { receive: 512, start: 256 }
type InvokedFunction = keyof typeof memory

const title = 'the package in Lambda containers of moto'
describe.skipIf(noEngine !== undefined)(noEngine === undefined ? title : `${title}: ${noEngine}`, () => {
  let engine: Engine | undefined
  let moto: Moto
  let folder: string
  let deployment: Deployment

  beforeAll(async () => {
    engine = await startEngine()
    if (engine === undefined) return
    for (const [name, value] of Object.entries(engine.env)) vi.stubEnv(name, value)
    moto = await startMoto()
    vi.unstubAllEnvs()
    deployment = await deploy(moto.url)
    folder = mkdtempSync(join(tmpdir(), 'taskhook-containers-'))
    const config = join(folder, 'taskhook.yaml')
    writeFileSync(config, deployment.yaml)
    expect(await taskhook(['build', config, '--out', folder])).toMatchObject({ code: 0 })
    const ZipFile = readFileSync(join(folder, 'taskhook.zip'))
    const { ec2, lambda, secrets } = deployment.aws
    // moto's RunTask answers 500 if DNS host names are not enabled in the VPC.
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId: deployment.vpc, EnableDnsHostnames: { Value: true } }))
    const { ARN } = await secrets.send(new DescribeSecretCommand({ SecretId: 'taskhook/key' }))
    // The same variables as in infra/terraform/functions.tf.
    const Variables = {
      TASKHOOK_TABLE: 'taskhook-ledger',
      TASKHOOK_QUEUE_URL: deployment.queueUrl,
      TASKHOOK_KEY: `secretsmanager:${ARN}`,
      LOG_LEVEL: 'info',
    }
    for (const [name, MemorySize] of Object.entries(memory)) {
      const FunctionName = `taskhook-${name}`
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }))
      await lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize, Environment: { Variables } }),
      )
    }
  }, 120_000)
  afterAll(async () => {
    await moto?.close()
    await engine?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  async function call(name: InvokedFunction, event: unknown): Promise<Record<string, unknown>> {
    const FunctionName = `taskhook-${name}`
    const { Payload } = await deployment.aws.lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
    )
    return JSON.parse(Buffer.from(Payload ?? []).toString()) as Record<string, unknown>
  }

  async function tasksOf() {
    const { ecs } = deployment.aws
    const { taskArns: tasks = [] } = await ecs.send(new ListTasksCommand({ cluster: 'analytics' }))
    if (tasks.length === 0) return []
    return (await ecs.send(new DescribeTasksCommand({ cluster: 'analytics', tasks }))).tasks ?? []
  }

  async function queued(QueueUrl: string): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
    const { Attributes = {} } = await deployment.aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
    )
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0)
  }

  async function logOf(name: InvokedFunction): Promise<string> {
    const { events = [] } = await deployment.aws.logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/taskhook-${name}` }),
    )
    return `${name}:\n${events.map(({ message }) => message).join('\n')}`
  }

  it('runs exactly one task for a delivery, through the queue and start', async ({ onTestFailed, skip }) => {
    if (engine === undefined) return skip('dockerd does not start on this machine')
    onTestFailed(async () => console.error(await logOf('receive'), await logOf('start')))
    const { headers, body } = standardDelivery(secretValues['taskhook/shop'], '{"dataset":"sales"}')
    const answer = await call('receive', urlEvent('/shop', headers, body))
    expect(answer).toMatchObject({ statusCode: 202 })
    const { run } = JSON.parse(String(answer.body)) as { run: string }

    await expect.poll(tasksOf, { timeout: 20_000 }).toHaveLength(1)
    const [task] = await tasksOf()
    expect(task?.startedBy).toBe(`taskhook/${run}`)
    expect(task?.overrides?.containerOverrides).toEqual([
      {
        name: 'app',
        environment: [
          { name: 'DATASET', value: 'sales' },
          { name: 'TASKHOOK_RUN_ID', value: run },
          { name: 'TASKHOOK_SOURCE', value: 'shop' },
          { name: 'TASKHOOK_EVENT', value: 'webhook' },
          { name: 'TASKHOOK_ACTOR', value: 'shop' },
          { name: 'TASKHOOK_PROGRESS_URL', value: expect.stringMatching(`/runs/${run}/progress$`) },
          { name: 'TASKHOOK_TOKEN', value: expect.stringMatching(/^[\w-]{43}$/) },
        ],
      },
    ])

    // The sender may send it twice.
    expect(await call('receive', urlEvent('/shop', headers, body))).toMatchObject({
      statusCode: 200,
      body: expect.stringContaining(run),
    })
    await expect.poll(() => queued(deployment.queueUrl), { timeout: 20_000 }).toBe(0)
    expect(await queued(deployment.deadUrl)).toBe(0)
    expect(await tasksOf()).toHaveLength(1)
  }, 120_000)
})
