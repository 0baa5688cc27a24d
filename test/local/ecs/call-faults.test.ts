import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { endpoint, sh, task } from './support.ts'

const fresh = () => endpoint([task(sh('sleep 60'))])
const count = async ({ client }: Awaited<ReturnType<typeof fresh>>) =>
  (await client.send(new ListTasksCommand({ cluster: 'analytics' }))).taskArns?.length

test('a failure is returned with status 200 as often as requested, then tasks start', async () => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'failure', reason: 'Capacity is unavailable at this time.' }, 2)
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
])('an error is returned before the task starts: %s %s', async (type, message, status) => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'error', type, message, status })
  await expect(api.run({ clientToken: 'a' })).rejects.toMatchObject({
    name: type,
    message,
    $metadata: { httpStatusCode: status },
  })
  expect(await count(api)).toBe(0)
  expect((await api.run({ clientToken: 'a' })).tasks).toHaveLength(1)
})

test('a lost response: the task runs, and the same client token finds it', async () => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'lost' })
  await expect(api.run({ clientToken: 'a' })).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await count(api)).toBe(1)
  expect((await api.run({ clientToken: 'a' })).tasks).toHaveLength(1)
  expect(await count(api)).toBe(1)
})

test('a delayed response comes late', async () => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'delay', ms: 150 })
  const before = Date.now()
  expect((await api.run()).tasks).toHaveLength(1)
  expect(Date.now() - before).toBeGreaterThanOrEqual(145)
})

test('close does not wait for a delayed response', async () => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'delay', ms: 60_000 })
  const call = expect(api.run()).rejects.toThrow()
  await eventually(() => api.ecs.faults.pending().length === 0)
  await api.ecs.close()
  await call
})

test('a task that fails to start is accepted, then STOPPED without RUNNING', async () => {
  const api = await fresh()
  const reason = 'CannotPullContainerError: pull image manifest has been retried 5 time(s)'
  api.ecs.faults.inject({ kind: 'failed-to-start', reason })
  const { detail } = await api.end()
  expect(detail).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: reason })
  expect(api.events.map((event) => event.detail.lastStatus)).toEqual(['PENDING', 'STOPPED'])
})

test('faults are injected in the order in which they were added', async () => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'failure', reason: 'RESOURCE:ENI' })
  api.ecs.faults.inject({ kind: 'error', type: 'ThrottlingException', message: 'Rate exceeded', status: 400 })
  expect((await api.run()).failures).toHaveLength(1)
  await expect(api.run()).rejects.toMatchObject({ name: 'ThrottlingException' })
})

const describe = (api: Awaited<ReturnType<typeof fresh>>, tasks: readonly string[]) =>
  api.client.send(new DescribeTasksCommand({ cluster: 'analytics', tasks: [...tasks] }))
const stop = (api: Awaited<ReturnType<typeof fresh>>, task: string | undefined) =>
  api.client.send(new StopTaskCommand({ cluster: 'analytics', task }))
const busy = { kind: 'error', type: 'ThrottlingException', message: 'Rate exceeded', status: 400 } as const

test('a dropped connection starts nothing', async () => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'dropped' })
  await expect(api.run({ clientToken: 'a' })).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await count(api)).toBe(0)
})

test.each(['half', 'not-json'] as const)('an invalid response (%s) fails the call, and the task runs', async (how) => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'garbled', how })
  await expect(api.run({ clientToken: 'a' })).rejects.toThrow()
  expect(await count(api)).toBe(1)
  expect((await api.run({ clientToken: 'a' })).tasks).toHaveLength(1)
})

test('faults of other actions are not used up by RunTask', async () => {
  const api = await fresh()
  api.ecs.faults.inject(busy, 1, { action: 'DescribeTasks' })
  api.ecs.faults.inject(busy, 1, { action: 'StopTask' })
  api.ecs.faults.inject({ kind: 'dropped' }, 1, { action: 'DescribeTaskDefinition' })
  const arn = (await api.run()).tasks?.[0]?.taskArn ?? ''
  await expect(describe(api, [arn])).rejects.toMatchObject({ name: 'ThrottlingException' })
  expect((await describe(api, [arn])).tasks).toHaveLength(1)
  await expect(stop(api, arn)).rejects.toMatchObject({ name: 'ThrottlingException' })
  expect(await count(api)).toBe(1)
  await stop(api, arn)
  const definition = new DescribeTaskDefinitionCommand({ taskDefinition: 'analyze' })
  await expect(api.client.send(definition)).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('DescribeTasks can return MISSING right after RunTask', async () => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'failure', reason: 'MISSING' }, 1, { action: 'DescribeTasks' })
  const arn = (await api.run()).tasks?.[0]?.taskArn ?? ''
  expect(await describe(api, [arn])).toMatchObject({ tasks: [], failures: [{ arn, reason: 'MISSING' }] })
  expect((await describe(api, [arn])).tasks).toHaveLength(1)
})

const inSubnets = (...subnets: string[]) => ({ networkConfiguration: { awsvpcConfiguration: { subnets } } })

test('a filter limits a fault to one subnet or capacity, until it is removed', async () => {
  const api = await fresh()
  const refused = async (input: Parameters<typeof api.run>[0]) => (await api.run(input)).failures?.length === 1
  const back = api.ecs.faults.inject({ kind: 'failure', reason: 'RESOURCE:ENI' }, Number.POSITIVE_INFINITY, {
    subnet: 'subnet-a',
  })
  expect(await refused(inSubnets('subnet-a', 'subnet-b'))).toBe(true)
  expect(await refused(inSubnets('subnet-b'))).toBe(false)
  expect(await refused(inSubnets('subnet-a'))).toBe(true)
  back()
  expect(await refused(inSubnets('subnet-a'))).toBe(false)

  api.ecs.faults.inject({ kind: 'failure', reason: 'RESOURCE:*' }, 5, { capacity: 'FARGATE_SPOT' })
  const spot = { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] }
  expect(await refused(spot)).toBe(true)
  expect(await refused({})).toBe(false)
  expect(api.ecs.faults.pending()).toMatchObject([{ remaining: 4, injected: 1 }])
  api.ecs.faults.clear()
  expect(await refused(spot)).toBe(false)
})
