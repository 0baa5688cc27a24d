import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ECSClient } from '@aws-sdk/client-ecs'
import { afterEach, describe, expect, it } from 'vitest'
import { createEcs, type StartResult } from '../../../src/core/aws/ecs.ts'
import type { TaskRequest } from '../../../src/core/model/plan.ts'
import { meanings, type Refusal, type RefusalClass } from '../../../src/core/model/run-task-errors.ts'

/** What the endpoint answers to the next call: a status and a body, or "break" the connection. */
type Answer = { status: number; body: unknown } | 'break'
interface Call {
  readonly action: string
  readonly input: Record<string, unknown>
}

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** The real client against a small endpoint that speaks ECS's JSON protocol. @param answers one for each try of the SDK */
async function ecsThatSays(...answers: readonly [Answer, ...Answer[]]) {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    const answer = answers[calls.length] ?? answers[0]
    calls.push({ action, input: JSON.parse(text) })
    if (answer === 'break') {
      request.socket.destroy()
      return
    }
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(answer.body === undefined ? '{"tasks": [' : JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new ECSClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: answers.length,
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
type Kind = Exclude<StartResult['kind'], 'started'>
const says = (kind: Kind, is: RefusalClass, more: Partial<Refusal> = {}) => ({ kind, class: is, ...more })
const throttled = says('soon', 'throttled')
const fault = says('soon', 'server-error', { unsure: true })
const lost = says('soon', 'lost', { unsure: true })
const full = says('elsewhere', 'capacity')
const quota = says('later', 'quota')
const capacityText = 'Capacity is unavailable at this time. Please try again later or in a different availability zone'

describe('runTask', () => {
  it.each<[string, Answer, object]>([
    ['a task', { status: 200, body: { tasks: [{ taskArn: arn }], failures: [] } }, started],
    [
      'a task beside failures',
      { status: 200, body: { tasks: [{ taskArn: arn }], failures: [{ reason: 'x' }] } },
      started,
    ],
    ['200 with neither tasks nor failures', { status: 200, body: { tasks: [], failures: [] } }, fault],
    ['200 with nothing at all', { status: 200, body: {} }, fault],
    ['200 with half an answer', { status: 200, body: undefined }, lost],

    ['failures: RESOURCE:ENI', failures('RESOURCE:ENI'), full],
    ['failures: RESOURCE:CPU', failures('RESOURCE:CPU'), full],
    ['failures: RESOURCE:MEMORY', failures('RESOURCE:MEMORY'), full],
    ['failures: RESOURCE:FARGATE', failures('RESOURCE:FARGATE'), full],
    ['failures: EMPTY CAPACITY PROVIDER', failures('EMPTY CAPACITY PROVIDER'), full],
    ['failures: capacity', failures(capacityText), full],
    ['failures: capacity in the detail', failures('PLACEMENT', 'no Capacity left'), full],
    ['failures: AGENT', failures('AGENT'), says('elsewhere', 'agent')],
    ['failures: MISSING', failures('MISSING'), says('elsewhere', 'placement', { lasting: true })],
    ['failures: INACTIVE', failures('INACTIVE'), says('elsewhere', 'placement', { lasting: true })],
    ['failures: ATTRIBUTE', failures('ATTRIBUTE'), says('elsewhere', 'placement', { lasting: true })],
    ['failures: LOCATION', failures('LOCATION'), says('elsewhere', 'placement', { lasting: true })],
    ['failures: an unknown reason', failures('UNKNOWN_RESOURCE'), says('later', 'unknown')],
    ['failures without a reason', failures(undefined), says('later', 'unknown')],

    ['throttling', error('ThrottlingException', 'Rate exceeded'), throttled],
    ['throttling whose message mentions a quota', error('ThrottlingException', 'Request quota exceeded'), throttled],
    ['throttling whose message mentions a limit', error('TooManyRequestsException', 'Limit exceeded'), throttled],
    ['throttling of EC2', error('RequestLimitExceeded', 'Request limit exceeded.'), throttled],
    ['throttling under another name', error('TooManyRequestsException', 'Slow down'), throttled],
    ['throttling of S3', error('SlowDown', 'Please reduce your request rate'), throttled],
    ['throttling inside an InvalidParameterException', error('InvalidParameterException', 'Rate exceeded'), throttled],
    ['throttling inside a ClientException', error('ClientException', 'Request was throttled'), throttled],
    ['throttling inside a ServerException', error('BrandNewException', 'Too many requests', 500), throttled],
    ['429 without a name', { status: 429, body: {} }, throttled],

    ['a conflict that names the task', error('ConflictException', 'same token', 409, { resourceIds: [arn] }), started],
    [
      'something else that names a task',
      error('ClientException', 'no', 400, { resourceIds: [arn] }),
      says('never', 'request'),
    ],
    [
      'a conflict that names nothing',
      error('ConflictException', 'same token', 409, { resourceIds: [] }),
      says('never', 'conflict'),
    ],
    ['a conflict without a list', error('ConflictException', 'same token', 409), says('never', 'conflict')],

    ['capacity as an exception', error('ClientException', capacityText), full],
    ['capacity as a server error', error('ServerUnavailable', 'Insufficient capacity.', 500), full],
    [
      'a subnet that is not there',
      error('InvalidParameterException', "The subnet ID 'subnet-x' does not exist"),
      says('elsewhere', 'subnet', { lasting: true }),
    ],
    [
      'a subnet without addresses',
      error('InvalidParameterException', 'The network interface could not be created: no free addresses'),
      says('elsewhere', 'subnet', { lasting: true }),
    ],
    [
      'a capacity provider that the cluster does not have',
      error('InvalidParameterException', 'The specified capacity provider FARGATE_SPOT was not found.'),
      says('elsewhere', 'capacity-provider', { lasting: true }),
    ],
    [
      'a cluster without instances',
      error('InvalidParameterException', 'No Container Instances were found in your cluster.'),
      says('elsewhere', 'agent'),
    ],

    ['access denied', error('AccessDeniedException', 'not authorized: ecs:RunTask'), says('never', 'access-denied')],
    ['access denied by STS', error('AccessDenied', 'not authorized: sts:AssumeRole'), says('never', 'access-denied')],
    ...['quota-report', 'throttle', 'subnet-scan', 'capacity-is-unavailable'].map((name): [string, Answer, object] => [
      `access denied on a task definition called ${name}`,
      error('AccessDeniedException', `not authorized on resource: arn:aws:ecs:eu-west-1:1:task-definition/${name}:1`),
      says('never', 'access-denied'),
    ]),
    [
      'a word of somebody in an error that may mean anything',
      error('InvalidParameterException', "Override for container named 'quota' is not a container"),
      says('never', 'request'),
    ],
    [
      'an unknown cluster called throttle',
      error('ClusterNotFoundException', 'Cluster throttle not found.'),
      says('never', 'cluster'),
    ],
    ['bad credentials', error('UnrecognizedClientException', 'The token is invalid'), says('never', 'credentials')],
    ['expired credentials', error('ExpiredTokenException', 'expired'), says('soon', 'credentials-expired')],
    ['a wrong clock', error('RequestExpired', 'Request has expired'), says('soon', 'credentials-expired')],
    [
      'an inactive task definition',
      error('ClientException', 'TaskDefinition is inactive'),
      says('never', 'task-definition'),
    ],
    [
      'an unknown container',
      error('InvalidParameterException', 'Override for container named x'),
      says('never', 'request'),
    ],
    ['a pair of CPU and memory', error('ClientException', 'No Fargate configuration exists'), says('never', 'request')],
    ['a blocked account', error('BlockedException', 'blocked'), says('never', 'account-blocked')],
    ['an unknown platform', error('PlatformUnknownException', 'x'), says('never', 'platform')],
    [
      'a platform that does not fit',
      error('PlatformTaskDefinitionIncompatibilityException', 'x'),
      says('never', 'platform'),
    ],
    ['an unsupported feature', error('UnsupportedFeatureException', 'x'), says('never', 'platform')],

    [
      'the vCPU limit',
      error('ClientException', "You've reached the limit on the number of vCPUs you can run concurrently"),
      quota,
    ],
    ['a quota', error('InvalidParameterException', 'Service quota for tasks was hit'), quota],
    ['a limit', error('LimitExceededException', 'Limit exceeded for tags'), quota],
    [
      'the first task of an account',
      error('InvalidParameterException', 'Unable to assume the service linked role.'),
      says('later', 'account-not-ready'),
    ],

    ['a server error of ECS', error('ServerException', 'Service Unavailable. Please try again later.', 500), fault],
    ['an internal failure', error('InternalFailure', 'x', 500), fault],
    ['a server error with no shape', { status: 503, body: {} }, fault],
    ['an unknown error', error('BrandNewException', 'x'), says('later', 'unknown')],
    ['an unknown server error', error('BrandNewException', 'x', 500), fault],
    ['a broken connection', 'break', lost],
  ])('%s', async (_, answer, expected) => {
    const { ecs } = await ecsThatSays(answer)
    const result = await ecs.runTask(request, 'token')
    expect(result).toMatchObject(expected)
    if (result.kind === 'started') return
    for (const mark of ['lasting', 'unsure'] as const)
      if (!Object.hasOwn(expected, mark)) expect(result).not.toHaveProperty(mark)
  })

  it.each<[string, Answer, Partial<Refusal>]>([
    ['no answer', 'break', { unsure: true }],
    ['a server error', error('ServerException', 'x', 500), { unsure: true }],
    ['throttling', error('ThrottlingException', 'Rate exceeded'), {}],
  ])('a refusal after a first try that got %s says nothing about that try', async (_, first, more) => {
    const { ecs, calls } = await ecsThatSays(first, error('AccessDeniedException', 'not authorized: ecs:RunTask'))
    const result = await ecs.runTask(request, 'token')
    expect(calls).toHaveLength(2)
    expect(result).toMatchObject(says('never', 'access-denied', more))
    expect(Object.hasOwn(result, 'unsure')).toBe(Object.hasOwn(more, 'unsure'))
  })

  it('sends the planned request with the token of the attempt', async () => {
    const { ecs, calls } = await ecsThatSays({ status: 200, body: { tasks: [{ taskArn: arn }] } })
    await ecs.runTask(request, 'the-token')
    expect(calls).toEqual([{ action: 'RunTask', input: { ...request, clientToken: 'the-token' } }])
  })

  it.each<[Answer, string, string]>([
    [failures('RESOURCE:ENI', 'no free addresses'), 'no capacity', 'RESOURCE:ENI: no free addresses'],
    [failures(undefined), meanings.unknown.reason, 'RunTask failed without a reason'],
    [
      { status: 200, body: { tasks: [] } },
      meanings['server-error'].reason,
      'RunTask started nothing and gave no reason',
    ],
    [
      error('AccessDeniedException', 'not authorized on arn:aws:ecs:eu-west-1:111122223333:cluster/c'),
      'taskhook is not allowed to start it; its operator must allow it',
      'AccessDeniedException: not authorized on arn:aws:ecs:eu-west-1:111122223333:cluster/c',
    ],
    [
      error('ClientException', 'The role arn:aws:iam::111122223333:role/app is wrong.'),
      'ECS does not accept the request (The role role/app is wrong)',
      'ClientException: The role arn:aws:iam::111122223333:role/app is wrong.',
    ],
    [
      error('ClientException', 'TaskDefinition not found.'),
      'the task definition cannot be used (TaskDefinition not found)',
      'ClientException: TaskDefinition not found.',
    ],
    [
      error('InvalidParameterException', `x${' y'.repeat(200)}`),
      `ECS does not accept the request (x${' y'.repeat(99)} )`,
      `InvalidParameterException: x${' y'.repeat(200)}`,
    ],
  ])('gives the sender a sentence and the operator AWS’s message: %j', async (answer, reason, detail) => {
    const { ecs } = await ecsThatSays(answer)
    expect(await ecs.runTask(request, 'token')).toMatchObject({ reason, detail })
  })

  it('never mentions the account to the sender', () => {
    for (const { reason } of Object.values(meanings)) expect(reason).not.toMatch(/arn:|\d{12}/)
  })

  it('is unsure if the endpoint does not answer', async () => {
    const client = new ECSClient({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    })
    expect(await createEcs(client).runTask(request, 'token')).toMatchObject(lost)
  })
})

describe('findContainer', () => {
  const definition = (...names: string[]): Answer => ({
    status: 200,
    body: { taskDefinition: { containerDefinitions: names.map((name) => ({ name })) } },
  })

  it('finds the only container', async () => {
    const { ecs, calls } = await ecsThatSays(definition('app'))
    expect(await ecs.findContainer('analyze:7')).toEqual({ kind: 'found', name: 'app' })
    expect(calls).toEqual([{ action: 'DescribeTaskDefinition', input: { taskDefinition: 'analyze:7' } }])
  })

  it('finds where a container logs to CloudWatch', async () => {
    const options = { 'awslogs-group': '/ecs/a', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'a' }
    const logged = { name: 'app', logConfiguration: { logDriver: 'awslogs', options } }
    const containerDefinitions = [{ name: 'sidecar' }, logged, {}]
    const { ecs } = await ecsThatSays({ status: 200, body: { taskDefinition: { containerDefinitions } } })
    const logs = { group: '/ecs/a', region: 'eu-west-1', prefix: 'a' }
    expect(await ecs.findContainer('analyze:7', 'app')).toEqual({ kind: 'found', name: 'app', logs })
    expect(await ecs.findContainer('analyze:7', 'sidecar')).toEqual({ kind: 'found', name: 'sidecar' })
    expect(await ecs.findContainer('analyze:7')).toMatchObject({
      detail: expect.stringMatching(/^analyze:7: .*sidecar, app;/),
    })
  })

  it.each([{}, { taskDefinition: {} }])('finds none if ECS does not describe any: %j', async (body) => {
    const { ecs } = await ecsThatSays({ status: 200, body })
    expect(await ecs.findContainer('analyze:7')).toMatchObject({ class: 'task-definition' })
  })

  it.each<[string, Answer, object]>([
    [
      'two containers',
      definition('app', 'sidecar'),
      { kind: 'never', reason: expect.stringContaining('app, sidecar') as unknown },
    ],
    ['no container', definition(), says('never', 'task-definition')],
    [
      'no such task definition',
      error('ClientException', 'Unable to describe task definition.'),
      says('never', 'task-definition'),
    ],
    ['throttling', error('ThrottlingException', 'Rate exceeded'), throttled],
    ['a server error', error('ServerException', 'x', 500), says('soon', 'server-error')],
  ])('%s', async (_, answer, expected) => {
    const { ecs } = await ecsThatSays(answer)
    expect(await ecs.findContainer('analyze:7')).toMatchObject(expected)
  })

  it.each<[string, Answer]>([
    ['no answer', 'break'],
    ['a server error', error('ServerException', 'x', 500)],
  ])('is never unsure, since it starts nothing: %s', async (_, answer) => {
    const { ecs } = await ecsThatSays(answer)
    const refused = await ecs.findContainer('analyze:7')
    expect(refused.kind).toBe('soon')
    expect(refused).not.toHaveProperty('unsure')
  })
})

describe('describeTask', () => {
  it('returns the task', async () => {
    const { ecs, calls } = await ecsThatSays({
      status: 200,
      body: { tasks: [{ taskArn: arn, lastStatus: 'RUNNING' }] },
    })
    expect(await ecs.describeTask('analytics', arn)).toMatchObject({ taskArn: arn, lastStatus: 'RUNNING' })
    expect(calls).toEqual([{ action: 'DescribeTasks', input: { cluster: 'analytics', tasks: [arn] } }])
  })

  it('is undefined if ECS does not know the task', async () => {
    const { ecs } = await ecsThatSays({ status: 200, body: { tasks: [], failures: [{ arn, reason: 'MISSING' }] } })
    expect(await ecs.describeTask('analytics', arn)).toBeUndefined()
  })

  it.each([{}, { tasks: [], failures: [] }])(
    'is undefined if the answer names neither a task nor a failure: %j',
    async (body) => {
      const { ecs } = await ecsThatSays({ status: 200, body })
      expect(await ecs.describeTask('analytics', arn)).toBeUndefined()
    },
  )

  it('returns the task even if there are failures', async () => {
    const { ecs } = await ecsThatSays({
      status: 200,
      body: { tasks: [{ taskArn: arn }], failures: [{ arn, reason: 'TRY_LATER' }] },
    })
    expect(await ecs.describeTask('analytics', arn)).toMatchObject({ taskArn: arn })
  })

  it('throws for any other failure, since the task may be running', async () => {
    const { ecs } = await ecsThatSays({ status: 200, body: { tasks: [], failures: [{ arn, reason: 'TRY_LATER' }] } })
    await expect(ecs.describeTask('analytics', arn)).rejects.toThrow('ECS does not describe the task: TRY_LATER')
  })

  it('throws if the call fails, since that does not mean that the task is gone', async () => {
    const { ecs } = await ecsThatSays(error('ThrottlingException', 'Rate exceeded'))
    await expect(ecs.describeTask('analytics', arn)).rejects.toThrow('Rate exceeded')
  })
})

describe('stopTask', () => {
  it.each([
    ['taskhook: timed out', 'taskhook: timed out'],
    ['x'.repeat(300), 'x'.repeat(255)],
  ])('sends the reason, shortened to what ECS accepts: %.20s', async (reason, sent) => {
    const { ecs, calls } = await ecsThatSays({ status: 200, body: { task: {} } })
    await ecs.stopTask('analytics', arn, reason)
    expect(calls).toEqual([{ action: 'StopTask', input: { cluster: 'analytics', task: arn, reason: sent } }])
  })

  it('throws if the task was not stopped', async () => {
    const { ecs } = await ecsThatSays(error('InvalidParameterException', 'The referenced task was not found.'))
    await expect(ecs.stopTask('analytics', arn, 'x')).rejects.toThrow('not found')
  })
})
