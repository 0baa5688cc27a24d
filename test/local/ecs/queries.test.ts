import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  paginateListTasks,
  StopTaskCommand,
} from '@aws-sdk/client-ecs'
import { describe, expect, test } from 'vitest'
import { endpoint, sh, task } from './support.ts'

const cluster = 'analytics'
const hour = 3600 * 1000

describe('DescribeTasks', () => {
  test('finds tasks by ARN and id, and returns MISSING for others', async () => {
    const { client, run } = await endpoint([task(sh('sleep 60')), task(undefined, { name: 'b', cluster: 'other' })])
    const { tasks } = await run({ tags: [{ key: 'a', value: 'b' }] })
    const taskArn = tasks?.[0]?.taskArn ?? ''
    const id = taskArn.split('/').at(-1) ?? ''
    const answer = await client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn, id, 'f00'] }))
    expect(answer.tasks?.map((one) => one.taskArn)).toEqual([taskArn, taskArn])
    expect(answer.tasks?.[0]?.tags).toBeUndefined()
    expect(answer.failures).toEqual([{ arn: expect.stringContaining('f00'), reason: 'MISSING' }])
    const elsewhere = await client.send(new DescribeTasksCommand({ cluster: 'other', tasks: [taskArn] }))
    expect(elsewhere).toMatchObject({ tasks: [], failures: [{ arn: taskArn, reason: 'MISSING' }] })
    const tagged = await client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn], include: ['TAGS'] }))
    expect(tagged.tasks?.[0]?.tags).toEqual([{ key: 'a', value: 'b' }])
  })

  test('shows a stopped task for an hour', async () => {
    const clock = { ms: Date.UTC(2026, 0, 1, 12) }
    const { client, end } = await endpoint([task(sh('exit 4'))], { now: () => clock.ms })
    const { detail } = await end()
    const describeTask = () => client.send(new DescribeTasksCommand({ cluster, tasks: [detail.taskArn ?? ''] }))
    clock.ms += hour - 1
    expect((await describeTask()).tasks?.[0]).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      startedAt: new Date(Date.UTC(2026, 0, 1, 12)),
      stoppedAt: new Date(Date.UTC(2026, 0, 1, 12)),
      version: detail.version,
      containers: [{ name: 'worker', exitCode: 4, lastStatus: 'STOPPED' }],
    })
    clock.ms += 1
    expect(await describeTask()).toMatchObject({ tasks: [], failures: [{ reason: 'MISSING' }] })
  })

  test('rejects an empty list and an unknown cluster', async () => {
    const { client } = await endpoint([task()])
    await expect(client.send(new DescribeTasksCommand({ cluster, tasks: [] }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
    await expect(client.send(new DescribeTasksCommand({ cluster: 'x', tasks: ['a'] }))).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    })
  })
})

describe('ListTasks', () => {
  test('filters by startedBy, family, status and cluster', async () => {
    const { client, run, end } = await endpoint([
      task(sh('test -z "$STAY" || sleep 60')),
      task(sh('sleep 60'), { name: 'b', taskDefinition: 'report' }),
    ])
    const stay = { containerOverrides: [{ name: 'worker', environment: [{ name: 'STAY', value: '1' }] }] }
    const ended = (await end({ startedBy: 'ended' })).detail.taskArn
    const analyze = (await run({ startedBy: 'mine', overrides: stay })).tasks?.[0]?.taskArn
    const report = (await run({ startedBy: 'theirs', taskDefinition: 'report' })).tasks?.[0]?.taskArn
    const list = async (filter: object) =>
      (await client.send(new ListTasksCommand({ cluster, ...filter }))).taskArns ?? []
    expect(await list({})).toEqual([analyze, report])
    expect(await list({ startedBy: 'mine' })).toEqual([analyze])
    expect(await list({ startedBy: 'ended' })).toEqual([])
    expect(await list({ family: 'report' })).toEqual([report])
    expect(await list({ family: 'rep' })).toEqual([])
    expect(await list({ desiredStatus: 'STOPPED' })).toEqual([ended])
    expect(await list({ family: 'report', desiredStatus: 'STOPPED' })).toEqual([])
    expect(await list({ desiredStatus: 'PENDING' })).toEqual([])
    expect(await list({ launchType: 'EC2' })).toEqual([])
    expect(await list({ serviceName: 'web' })).toEqual([])
  })

  test.each([{ desiredStatus: 'RUNNING' as const }, { family: 'analyze' }, { launchType: 'FARGATE' as const }])(
    'rejects startedBy together with %o',
    async (filter) => {
      const { client } = await endpoint([task()])
      await expect(client.send(new ListTasksCommand({ cluster, startedBy: 'a', ...filter }))).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringContaining('only filter'),
      })
    },
  )

  test('returns pages', async () => {
    const { client, run } = await endpoint([task(sh('sleep 60'))])
    const { tasks } = await run({ count: 5 })
    const pages: (readonly string[])[] = []
    for await (const { taskArns } of paginateListTasks({ client, pageSize: 2 }, { cluster })) pages.push(taskArns ?? [])
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1])
    expect(pages.flat()).toEqual(tasks?.map(({ taskArn }) => taskArn))
  })
})

describe('DescribeTaskDefinition', () => {
  const describeIt = async (tasks: Parameters<typeof endpoint>[0], taskDefinition: string) => {
    const { client } = await endpoint(tasks)
    const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }))
    return { ...answer.taskDefinition, names: answer.taskDefinition?.containerDefinitions?.map(({ name }) => name) }
  }

  test('has the container that the task in the config names', async () => {
    const { names, taskDefinitionArn, status } = await describeIt([task()], 'analyze')
    expect(names).toEqual(['worker'])
    expect(taskDefinitionArn).toBe('arn:aws:ecs:us-east-1:000000000000:task-definition/analyze:1')
    expect(status).toBe('ACTIVE')
  })

  test('has the container "app" if no task names one, otherwise the named one', async () => {
    const { container: _, ...bare } = task()
    expect((await describeIt([bare], 'analyze')).names).toEqual(['app'])
    expect((await describeIt([bare, task(undefined, { name: 'b' })], 'analyze')).names).toEqual(['worker'])
  })

  test('a family without a revision is its latest one', async () => {
    const revisions = ['analyze:3', 'analyze:12', 'analyze'].map((taskDefinition) =>
      task(undefined, { taskDefinition }),
    )
    expect((await describeIt(revisions, 'analyze')).revision).toBe(12)
    expect((await describeIt(revisions, 'analyze:3')).revision).toBe(3)
  })

  test('rejects an unknown family', async () => {
    await expect(describeIt([task()], 'nothing')).rejects.toMatchObject({ name: 'ClientException' })
  })
})

describe('StopTask rejects', () => {
  test.each([
    ['an unknown task', { task: 'f00' }, 'InvalidParameterException', /^The referenced task was not found\.$/],
    ['an unknown cluster', { cluster: 'x', task: 'f00' }, 'ClusterNotFoundException', /Cluster not found/],
    ['a reason of 256', { task: 'f00', reason: 'r'.repeat(256) }, 'InvalidParameterException', /255/],
  ])('%s', async (_, input, name, message) => {
    const { client } = await endpoint([task()])
    await expect(client.send(new StopTaskCommand({ cluster, ...input }))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    })
  })
})
