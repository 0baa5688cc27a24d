import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ECSClient } from '@aws-sdk/client-ecs'
import { afterEach, describe, expect, it } from 'vitest'
import { createEcs, type StartResult } from '../../src/core/ecs.ts'
import type { TaskRequest } from '../../src/core/plan.ts'

/** What the endpoint says to the next call: a status and a body, or "break" the connection. */
type Answer = { status: number; body: unknown } | 'break'
interface Call {
  readonly action: string
  readonly input: Record<string, unknown>
}

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** The real client against a small endpoint that speaks ECS's JSON protocol. */
async function ecsThatSays(answer: Answer) {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    calls.push({ action, input: JSON.parse(text) })
    if (answer === 'break') {
      request.socket.destroy()
      return
    }
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new ECSClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  })
  closers.push(() => {
    client.destroy()
    server.closeAllConnections()
    server.close()
  })
  return { ecs: createEcs(client), calls }
}

const request: TaskRequest = {
  cluster: 'analytics',
  taskDefinition: 'analyze:7',
  count: 1,
  startedBy: 'taskhook/0123456789abcdef0123',
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'], assignPublicIp: 'DISABLED' } },
  overrides: { containerOverrides: [{ name: 'app', environment: [{ name: 'DATASET', value: 'sales' }] }] },
  tags: [],
}
const arn = 'arn:aws:ecs:eu-west-1:111122223333:task/analytics/0b6e7d1a'
const failures = (reason: string | undefined, detail?: string): Answer => ({
  status: 200,
  body: { tasks: [], failures: [{ arn: 'x', reason, detail }] },
})
const error = (name: string, message: string, status = 400, more: Record<string, unknown> = {}): Answer => ({
  status,
  body: { __type: `com.amazonaws.ecs#${name}`, message, ...more },
})

const started: StartResult = { kind: 'started', taskArn: arn }
const soon = { kind: 'soon' }
const later = { kind: 'later' }
const never = { kind: 'never' }
const full = { kind: 'elsewhere', lasting: false }
const wrongPlace = { kind: 'elsewhere', lasting: true }

describe('start', () => {
  it.each<[string, Answer, object]>([
    ['a task', { status: 200, body: { tasks: [{ taskArn: arn }], failures: [] } }, started],
    [
      'a task beside failures',
      { status: 200, body: { tasks: [{ taskArn: arn }], failures: [{ reason: 'x' }] } },
      started,
    ],
    ['200 with neither tasks nor failures', { status: 200, body: { tasks: [], failures: [] } }, soon],
    ['200 with nothing at all', { status: 200, body: {} }, soon],
    ['failures: RESOURCE:ENI', failures('RESOURCE:ENI'), full],
    ['failures: RESOURCE:CPU', failures('RESOURCE:CPU'), full],
    ['failures: RESOURCE:FARGATE', failures('RESOURCE:FARGATE'), full],
    ['failures: AGENT', failures('AGENT'), full],
    [
      'failures: capacity',
      failures('Capacity is unavailable at this time. Please try again later or in a different availability zone'),
      full,
    ],
    ['failures: capacity in the detail', failures('PLACEMENT', 'no Capacity left'), full],
    ['failures: MISSING', failures('MISSING'), never],
    ['failures: INACTIVE', failures('INACTIVE'), never],
    ['failures: ATTRIBUTE', failures('ATTRIBUTE'), never],
    ['failures: a resource that is not there', failures('UNKNOWN_RESOURCE'), never],
    ['failures: LOCATION', failures('LOCATION'), never],
    ['failures without a reason', failures(undefined), never],
    ['throttling', error('ThrottlingException', 'Rate exceeded'), soon],
    ['throttling that speaks of a quota', error('ThrottlingException', 'Request quota exceeded'), soon],
    ['throttling that speaks of a limit', error('TooManyRequestsException', 'Limit exceeded'), soon],
    ['throttling that speaks of a limit', error('RequestLimitExceeded', 'Request limit exceeded.'), soon],
    ['throttling, as other services call it', error('TooManyRequestsException', 'Slow down'), soon],
    ['throttling inside an InvalidParameterException', error('InvalidParameterException', 'Rate exceeded'), soon],
    ['throttling inside a ClientException', error('ClientException', 'Request was throttled'), soon],
    ['a conflict that names the task', error('ConflictException', 'same token', 409, { resourceIds: [arn] }), started],
    ['a conflict that names nothing', error('ConflictException', 'same token', 409, { resourceIds: [] }), never],
    [
      'capacity as an exception',
      error(
        'ClientException',
        'Capacity is unavailable at this time. Please try again later or in a different availability zone',
      ),
      full,
    ],
    ['access denied', error('AccessDeniedException', 'User is not authorized to perform: ecs:RunTask'), never],
    [
      'access denied on a task definition called quota-report',
      error(
        'AccessDeniedException',
        'not authorized to perform: ecs:RunTask on resource: arn:aws:ecs:eu-west-1:1:task-definition/quota-report:1',
      ),
      never,
    ],
    [
      'access denied on a task definition called throttle',
      error(
        'AccessDeniedException',
        'not authorized to perform: ecs:RunTask on resource: arn:aws:ecs:eu-west-1:1:task-definition/throttle:1',
      ),
      never,
    ],
    [
      'access denied on a task definition called subnet-scan',
      error('AccessDeniedException', 'not authorized on subnet-scan'),
      never,
    ],
    ['an unknown cluster called throttle', error('ClusterNotFoundException', 'Cluster throttle not found.'), never],
    ['bad credentials', error('UnrecognizedClientException', 'The security token is invalid'), never],
    ['an inactive task definition', error('ClientException', 'TaskDefinition is inactive'), never],
    [
      'an unknown container',
      error('InvalidParameterException', 'Override for container named x is not a container in the TaskDefinition.'),
      never,
    ],
    ['a blocked account', error('BlockedException', 'Your Amazon Web Services account was blocked.'), never],
    ['an unknown platform', error('PlatformUnknownException', 'x'), never],
    ['a platform that does not fit', error('PlatformTaskDefinitionIncompatibilityException', 'x'), never],
    ['an unsupported feature', error('UnsupportedFeatureException', 'x'), never],
    [
      'the vCPU limit',
      error('ClientException', "You've reached the limit on the number of vCPUs you can run concurrently"),
      later,
    ],
    ['a quota', error('InvalidParameterException', 'Service quota for tasks was hit'), later],
    ['a limit', error('LimitExceededException', 'Limit exceeded for tags'), later],
    [
      'a subnet that is not there',
      error('InvalidParameterException', "The subnet ID 'subnet-x' does not exist"),
      wrongPlace,
    ],
    ['a server error of ECS', error('ServerException', 'Service Unavailable. Please try again later.', 500), soon],
    ['a server error with no shape', { status: 503, body: {} }, soon],
    ['a name we never heard of', error('BrandNewException', 'x'), soon],
    ['a broken connection', 'break', soon],
  ])('%s', async (_, answer, expected) => {
    const { ecs } = await ecsThatSays(answer)
    expect(await ecs.start(request, 'token')).toMatchObject(expected)
  })

  it('sends the request as it was planned, with the attempt’s token', async () => {
    const { ecs, calls } = await ecsThatSays({ status: 200, body: { tasks: [{ taskArn: arn }] } })
    await ecs.start(request, 'the-token')
    expect(calls).toEqual([{ action: 'RunTask', input: { ...request, clientToken: 'the-token' } }])
  })

  it.each<[Answer, string]>([
    [failures('RESOURCE:ENI', 'no free addresses'), 'RESOURCE:ENI: no free addresses'],
    [failures(undefined), 'RunTask failed without a reason'],
    [{ status: 200, body: { tasks: [] } }, 'RunTask started nothing and gave no reason'],
    [error('AccessDeniedException', 'not authorized'), 'AccessDeniedException: not authorized'],
  ])('says why in words: %j', async (answer, reason) => {
    const { ecs } = await ecsThatSays(answer)
    expect(await ecs.start(request, 'token')).toMatchObject({ reason })
  })

  it('an endpoint that nobody answers at may or may not have started it', async () => {
    const client = new ECSClient({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    })
    expect(await createEcs(client).start(request, 'token')).toMatchObject(soon)
  })
})

describe('containerOf', () => {
  const definition = (...names: string[]): Answer => ({
    status: 200,
    body: { taskDefinition: { containerDefinitions: names.map((name) => ({ name })) } },
  })

  it('is the one container', async () => {
    const { ecs, calls } = await ecsThatSays(definition('app'))
    expect(await ecs.containerOf('analyze:7')).toEqual({ kind: 'one', name: 'app' })
    expect(calls).toEqual([{ action: 'DescribeTaskDefinition', input: { taskDefinition: 'analyze:7' } }])
  })

  it.each<[string, Answer, object]>([
    ['two of them', definition('app', 'sidecar'), { kind: 'never', reason: expect.stringContaining('app, sidecar') }],
    ['none', definition(), never],
    ['no such task definition', error('ClientException', 'Unable to describe task definition.'), never],
    ['throttling', error('ThrottlingException', 'Rate exceeded'), soon],
    ['a server error', error('ServerException', 'x', 500), soon],
  ])('%s', async (_, answer, expected) => {
    const { ecs } = await ecsThatSays(answer)
    expect(await ecs.containerOf('analyze:7')).toMatchObject(expected)
  })
})

describe('describe', () => {
  it('is the task', async () => {
    const { ecs, calls } = await ecsThatSays({
      status: 200,
      body: { tasks: [{ taskArn: arn, lastStatus: 'RUNNING' }] },
    })
    expect(await ecs.describe('analytics', arn)).toMatchObject({ taskArn: arn, lastStatus: 'RUNNING' })
    expect(calls).toEqual([{ action: 'DescribeTasks', input: { cluster: 'analytics', tasks: [arn] } }])
  })

  it('is nothing where ECS does not know it', async () => {
    const { ecs } = await ecsThatSays({ status: 200, body: { tasks: [], failures: [{ arn, reason: 'MISSING' }] } })
    expect(await ecs.describe('analytics', arn)).toBeUndefined()
  })

  it('throws where ECS cannot be asked, since that is not the same as not being there', async () => {
    const { ecs } = await ecsThatSays(error('ThrottlingException', 'Rate exceeded'))
    await expect(ecs.describe('analytics', arn)).rejects.toThrow('Rate exceeded')
  })
})

describe('stop', () => {
  it.each([
    ['taskhook: timed out', 'taskhook: timed out'],
    ['x'.repeat(300), 'x'.repeat(255)],
  ])('gives the reason, cut to what ECS takes: %.20s', async (reason, sent) => {
    const { ecs, calls } = await ecsThatSays({ status: 200, body: { task: {} } })
    await ecs.stop('analytics', arn, reason)
    expect(calls).toEqual([{ action: 'StopTask', input: { cluster: 'analytics', task: arn, reason: sent } }])
  })

  it('throws where it did not stop', async () => {
    const { ecs } = await ecsThatSays(error('InvalidParameterException', 'The referenced task was not found.'))
    await expect(ecs.stop('analytics', arn, 'x')).rejects.toThrow('not found')
  })
})
