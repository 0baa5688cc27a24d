import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { endpoint, sh, task } from './support.ts'

const fresh = () => endpoint([task(sh('sleep 60'))])
const count = async ({ client }: Awaited<ReturnType<typeof fresh>>) =>
  (await client.send(new ListTasksCommand({ cluster: 'analytics' }))).taskArns?.length

test('failure: 200 with failures, as often as said, then as usual', async () => {
  const api = await fresh()
  api.ecs.faults.next({ kind: 'failure', reason: 'Capacity is unavailable at this time.' }, 2)
  for (let call = 0; call < 2; call += 1)
    expect(await api.run()).toMatchObject({
      tasks: [],
      failures: [{ reason: 'Capacity is unavailable at this time.' }],
      $metadata: { httpStatusCode: 200 },
    })
  expect((await api.run()).tasks).toHaveLength(1)
  expect(await count(api)).toBe(1)
})

test.each([
  ['ThrottlingException', 'Rate exceeded', 400],
  ['ServerException', 'Internal', 500],
  ['InvalidParameterException', 'Rate exceeded', 400],
])('error: %s %s', async (type, message, status) => {
  const api = await fresh()
  api.ecs.faults.next({ kind: 'error', type, message, status })
  await expect(api.run({ clientToken: 'a' })).rejects.toMatchObject({
    name: type,
    message,
    $metadata: { httpStatusCode: status },
  })
  expect(await count(api)).toBe(0)
  expect((await api.run({ clientToken: 'a' })).tasks).toHaveLength(1)
})

test('lost: the task runs, the answer never comes, and the token finds it', async () => {
  const api = await fresh()
  api.ecs.faults.next({ kind: 'lost' })
  await expect(api.run({ clientToken: 'a' })).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await count(api)).toBe(1)
  expect((await api.run({ clientToken: 'a' })).tasks).toHaveLength(1)
  expect(await count(api)).toBe(1)
})

test('delay: the answer comes late', async () => {
  const api = await fresh()
  api.ecs.faults.next({ kind: 'delay', ms: 150 })
  const before = Date.now()
  expect((await api.run()).tasks).toHaveLength(1)
  expect(Date.now() - before).toBeGreaterThanOrEqual(145)
})

test('delay: close does not wait for it', async () => {
  const api = await fresh()
  api.ecs.faults.next({ kind: 'delay', ms: 60_000 })
  const call = expect(api.run()).rejects.toThrow()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await api.ecs.close()
  await call
})

test('failed-to-start: 200, then STOPPED without ever running', async () => {
  const api = await fresh()
  const reason = 'CannotPullContainerError: pull image manifest has been retried 5 time(s)'
  api.ecs.faults.next({ kind: 'failed-to-start', reason })
  const { detail } = await api.end()
  expect(detail).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: reason })
  expect(api.events.map((event) => event.detail.lastStatus)).toEqual(['PENDING', 'STOPPED'])
})

test('faults come in the order in which they were asked for', async () => {
  const api = await fresh()
  api.ecs.faults.next({ kind: 'failure', reason: 'RESOURCE:ENI' })
  api.ecs.faults.next({ kind: 'error', type: 'ThrottlingException', message: 'Rate exceeded', status: 400 })
  expect((await api.run()).failures).toHaveLength(1)
  await expect(api.run()).rejects.toMatchObject({ name: 'ThrottlingException' })
})

const describe = (api: Awaited<ReturnType<typeof fresh>>, tasks: readonly string[]) =>
  api.client.send(new DescribeTasksCommand({ cluster: 'analytics', tasks: [...tasks] }))
const stop = (api: Awaited<ReturnType<typeof fresh>>, task: string | undefined) =>
  api.client.send(new StopTaskCommand({ cluster: 'analytics', task }))
const busy = { kind: 'error', type: 'ThrottlingException', message: 'Rate exceeded', status: 400 } as const

test('dropped: nothing was started', async () => {
  const api = await fresh()
  api.ecs.faults.next({ kind: 'dropped' })
  await expect(api.run({ clientToken: 'a' })).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await count(api)).toBe(0)
})

test.each(['half', 'not-json'] as const)(
  'garbled, %s: an answer that nobody can read, of a task that runs',
  async (how) => {
    const api = await fresh()
    api.ecs.faults.next({ kind: 'garbled', how })
    await expect(api.run({ clientToken: 'a' })).rejects.toThrow()
    expect(await count(api)).toBe(1)
    expect((await api.run({ clientToken: 'a' })).tasks).toHaveLength(1)
  },
)

test('other actions have faults of their own, which RunTask does not use up', async () => {
  const api = await fresh()
  api.ecs.faults.next(busy, 1, { action: 'DescribeTasks' })
  api.ecs.faults.next(busy, 1, { action: 'StopTask' })
  api.ecs.faults.next({ kind: 'dropped' }, 1, { action: 'DescribeTaskDefinition' })
  const arn = (await api.run()).tasks?.[0]?.taskArn ?? ''
  await expect(describe(api, [arn])).rejects.toMatchObject({ name: 'ThrottlingException' })
  expect((await describe(api, [arn])).tasks).toHaveLength(1)
  await expect(stop(api, arn)).rejects.toMatchObject({ name: 'ThrottlingException' })
  expect(await count(api)).toBe(1)
  await stop(api, arn)
  const definition = new DescribeTaskDefinitionCommand({ taskDefinition: 'analyze' })
  await expect(api.client.send(definition)).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('DescribeTasks right after RunTask: MISSING', async () => {
  const api = await fresh()
  api.ecs.faults.next({ kind: 'failure', reason: 'MISSING' }, 1, { action: 'DescribeTasks' })
  const arn = (await api.run()).tasks?.[0]?.taskArn ?? ''
  expect(await describe(api, [arn])).toMatchObject({ tasks: [], failures: [{ arn, reason: 'MISSING' }] })
  expect((await describe(api, [arn])).tasks).toHaveLength(1)
})

const inSubnets = (...subnets: string[]) => ({ networkConfiguration: { awsvpcConfiguration: { subnets } } })

test('only in one subnet, and only for one capacity, until it is taken back', async () => {
  const api = await fresh()
  const refused = async (input: Parameters<typeof api.run>[0]) => (await api.run(input)).failures?.length === 1
  const back = api.ecs.faults.next({ kind: 'failure', reason: 'RESOURCE:ENI' }, Number.POSITIVE_INFINITY, {
    subnet: 'subnet-a',
  })
  expect(await refused(inSubnets('subnet-a', 'subnet-b'))).toBe(true)
  expect(await refused(inSubnets('subnet-b'))).toBe(false)
  expect(await refused(inSubnets('subnet-a'))).toBe(true)
  back()
  expect(await refused(inSubnets('subnet-a'))).toBe(false)

  api.ecs.faults.next({ kind: 'failure', reason: 'RESOURCE:*' }, 5, { capacity: 'FARGATE_SPOT' })
  const spot = { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] }
  expect(await refused(spot)).toBe(true)
  expect(await refused({})).toBe(false)
  expect(api.ecs.faults.list()).toMatchObject([{ left: 4, struck: 1 }])
  api.ecs.faults.clear()
  expect(await refused(spot)).toBe(false)
})
