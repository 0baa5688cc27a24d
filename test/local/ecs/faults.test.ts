import { ListTasksCommand } from '@aws-sdk/client-ecs'
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
