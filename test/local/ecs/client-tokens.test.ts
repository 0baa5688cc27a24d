import { ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { endpoint, request, sh, task, withEnv } from './support.ts'

const hours = (count: number) => count * 3600 * 1000
const clientToken = 'token'

/** An endpoint with a clock that the test sets. */
async function withClock(script: string) {
  const clock = { ms: Date.UTC(2026, 0, 1) }
  return { ...(await endpoint([task(sh(script))], { now: () => clock.ms })), clock }
}

test('the same token and parameters get the original response', async () => {
  const { run, client } = await endpoint([task(sh('sleep 60'))])
  const first = await run({ clientToken })
  const again = await run({ clientToken })
  expect(again.tasks).toEqual(first.tasks)
  const { taskArns } = await client.send(new ListTasksCommand({ cluster: 'analytics' }))
  expect(taskArns).toEqual([first.tasks?.[0]?.taskArn])
})

test('the second call can name the cluster by its ARN', async () => {
  const { run } = await endpoint([task(sh('sleep 60'))])
  const first = await run({ clientToken })
  const again = await run({ clientToken, cluster: first.tasks?.[0]?.clusterArn })
  expect(again.tasks?.[0]?.taskArn).toBe(first.tasks?.[0]?.taskArn)
})

test('the order of keys does not matter, the order of a list does', async () => {
  const { run, ecs } = await endpoint([task(sh('sleep 60'))])
  const first = await run({ ...withEnv({ A: '1', B: '2' }), clientToken })
  // Without the SDK, which sorts keys.
  const call = async (environment: string) => {
    const overrides = `{"containerOverrides":[{"environment":[${environment}],"name":"worker"}]}`
    const network = '{"awsvpcConfiguration":{"assignPublicIp":"DISABLED","subnets":["subnet-a"]}}'
    const answer = await fetch(ecs.url, {
      method: 'POST',
      headers: {
        'x-amz-target': 'AmazonEC2ContainerServiceV20141113.RunTask',
        'content-type': 'application/x-amz-json-1.1',
      },
      body: `{"clientToken":"${clientToken}","launchType":"FARGATE","networkConfiguration":${network},
        "overrides":${overrides},"taskDefinition":"analyze","cluster":"analytics"}`,
    })
    return answer.json()
  }
  const [a, b] = ['{"value":"1","name":"A"}', '{"value":"2","name":"B"}']
  expect(await call(`${a},${b}`)).toMatchObject({ tasks: [{ taskArn: first.tasks?.[0]?.taskArn }] })
  expect(await call(`${b},${a}`)).toMatchObject({ __type: 'ConflictException' })
})

test('other parameters are a ConflictException with the ARN of the task', async () => {
  const { run } = await endpoint([task(sh('sleep 60'))])
  const { tasks } = await run({ ...withEnv({ A: '1' }), clientToken })
  await expect(run({ ...withEnv({ A: '2' }), clientToken })).rejects.toMatchObject({
    name: 'ConflictException',
    resourceIds: [tasks?.[0]?.taskArn],
    $metadata: { httpStatusCode: 400 },
  })
})

test('twenty concurrent calls start one task', async () => {
  const { run, client } = await endpoint([task(sh('sleep 60'))])
  const answers = await Promise.all(Array.from({ length: 20 }, () => run({ clientToken })))
  expect(new Set(answers.map(({ tasks }) => tasks?.[0]?.taskArn)).size).toBe(1)
  const { taskArns } = await client.send(new ListTasksCommand({ cluster: 'analytics' }))
  expect(taskArns).toHaveLength(1)
})

test('of twenty concurrent calls with different parameters, one succeeds', async () => {
  const { run } = await endpoint([task(sh('sleep 60'))])
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => run({ ...withEnv({ A: `${index}` }), clientToken })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('a token of one cluster is free in another', async () => {
  const { run } = await endpoint([
    task(sh('sleep 60')),
    task(sh('sleep 60'), { name: 'other', cluster: 'other', taskDefinition: 'other' }),
  ])
  const here = await run({ clientToken })
  const there = await run({ clientToken, cluster: 'other', taskDefinition: 'other' })
  expect(there.tasks?.[0]?.taskArn).not.toBe(here.tasks?.[0]?.taskArn)
})

test('without a token each call starts a task', async () => {
  const { run } = await endpoint([task(sh('sleep 60'))])
  const [a, b] = [await run(request), await run(request)]
  expect(a.tasks?.[0]?.taskArn).not.toBe(b.tasks?.[0]?.taskArn)
})

test('failures are replayed, and a new token starts a task', async () => {
  const { run, ecs } = await endpoint([task(sh('exit 0'))])
  ecs.faults.inject({ kind: 'failure', reason: 'RESOURCE:ENI' })
  const first = await run({ clientToken })
  expect(first).toMatchObject({ tasks: [], failures: [{ reason: 'RESOURCE:ENI' }] })
  expect(await run({ clientToken })).toMatchObject({ tasks: [], failures: first.failures })
  await expect(run({ ...withEnv({ A: '2' }), clientToken })).rejects.toMatchObject({
    name: 'ConflictException',
    resourceIds: [],
  })
  expect((await run({ clientToken: 'another' })).tasks).toHaveLength(1)
})

test('an invalid call does not use its token', async () => {
  const { run } = await endpoint([task(sh('exit 0'))])
  await expect(run({ clientToken, count: 99 })).rejects.toThrow('count')
  expect((await run({ clientToken })).tasks).toHaveLength(1)
})

test('a token is valid until an hour after its task has stopped, and then returns only ARN and status', async () => {
  const { run, stopped, clock } = await withClock('exit 0')
  const { tasks } = await run({ clientToken })
  const taskArn = tasks?.[0]?.taskArn
  await stopped(taskArn)
  clock.ms += hours(1) - 1
  expect((await run({ clientToken })).tasks).toEqual([{ taskArn, lastStatus: 'STOPPED', desiredStatus: 'STOPPED' }])
  clock.ms += 1
  expect((await run({ clientToken })).tasks).toMatchObject([
    { lastStatus: 'PROVISIONING', taskArn: expect.not.stringMatching(taskArn ?? '') },
  ])
})

test('a token is valid for a day, even if its task still runs', async () => {
  const { run, client, clock } = await withClock('sleep 60')
  const { tasks } = await run({ clientToken })
  clock.ms += hours(24) - 1
  expect((await run({ clientToken })).tasks?.[0]?.taskArn).toBe(tasks?.[0]?.taskArn)
  clock.ms += 1
  const later = await run({ clientToken })
  expect(later.tasks).toHaveLength(1)
  expect(later.tasks?.[0]?.taskArn).not.toBe(tasks?.[0]?.taskArn)
  await client.send(new StopTaskCommand({ cluster: 'analytics', task: later.tasks?.[0]?.taskArn }))
})
