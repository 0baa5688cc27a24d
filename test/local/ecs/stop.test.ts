import { DescribeTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { endpoint, gone, isAlive, node, sh, task } from './support.ts'

const cluster = 'analytics'
/** Starts a child that would stay, prints its id, and stays too. */
const family = sh('sleep 60 & echo $!; wait')
const deaf = node('process.on("SIGTERM", () => {}); console.log(process.pid); setInterval(() => {}, 1000)')

async function started(local: typeof deaf, options: Parameters<typeof endpoint>[1] = {}) {
  const api = await endpoint([task(local)], options)
  const { tasks } = await api.run({ tags: [{ key: 'a', value: 'b' }] })
  const taskArn = tasks?.[0]?.taskArn
  const pid = await api.pid()
  const stop = (reason?: string) =>
    api.client.send(new StopTaskCommand({ cluster, task: taskArn, ...(reason !== undefined && { reason }) }))
  return { ...api, taskArn, pid, stop }
}

test('StopTask ends the program and all that it started', async () => {
  const { stop, stopped, taskArn, pid } = await started(family)
  expect(isAlive(pid)).toBe(true)
  const answer = await stop('taskhook: cancelled')
  expect(answer.task).toMatchObject({ lastStatus: 'RUNNING', desiredStatus: 'STOPPED', stopCode: 'UserInitiated' })
  const { detail } = await stopped(taskArn)
  expect(detail).toMatchObject({
    stopCode: 'UserInitiated',
    stoppedReason: 'taskhook: cancelled',
    containers: [{ exitCode: 143 }],
    version: 5,
  })
  await gone(pid)
})

test('a program that tidies up and ends well was stopped all the same', async () => {
  const { stop, stopped, taskArn } = await started(
    node('process.on("SIGTERM", () => process.exit(0)); console.log(process.pid); setInterval(() => {}, 1000)'),
  )
  await stop()
  expect((await stopped(taskArn)).detail).toMatchObject({ stopCode: 'UserInitiated', containers: [{ exitCode: 0 }] })
})

test('a program that ignores SIGTERM is killed after the grace', async () => {
  const { stop, stopped, taskArn, pid } = await started(deaf, { stopGraceMs: 200 })
  const before = Date.now()
  await stop()
  expect((await stopped(taskArn)).detail.containers).toMatchObject([{ exitCode: 137 }])
  expect(Date.now() - before).toBeGreaterThanOrEqual(200)
  await gone(pid)
})

test('a second StopTask changes nothing, before the end and after it', async () => {
  const { stop, stopped, taskArn, events } = await started(deaf, { stopGraceMs: 100 })
  await stop('first')
  await stop('second')
  await stopped(taskArn)
  expect((await stop('third')).task).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'first' })
  expect(events).toHaveLength(3)
})

test('StopTask deletes the tags', async () => {
  const { stop, client, taskArn } = await started(family)
  await stop()
  const { tasks } = await client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn ?? ''], include: ['TAGS'] }))
  expect(tasks?.[0]?.tags).toEqual([])
})

test('what a program leaves behind when it ends is ended too', async () => {
  const { stopped, taskArn, pid } = await started(sh('sleep 60 & echo $!'))
  expect((await stopped(taskArn)).detail.containers).toMatchObject([{ exitCode: 0 }])
  await gone(pid)
})

test('one who left the group and holds the output does not hold the end', async () => {
  const { stopped, taskArn, pid } = await started(sh('setsid sleep 60 & echo $!; sleep 0.2; exit 5'))
  expect((await stopped(taskArn)).detail.containers).toMatchObject([{ exitCode: 5 }])
  process.kill(pid, 'SIGKILL')
})

test('close ends whole trees, without a further event, and can be called twice', async () => {
  const { ecs, pid, events } = await started(family)
  await Promise.all([ecs.close(), ecs.close()])
  await gone(pid)
  expect(events.map(({ detail }) => detail.lastStatus)).toEqual(['PENDING', 'RUNNING'])
  await expect(fetch(ecs.url)).rejects.toThrow()
})

test('close waits two seconds at most, for a deaf program that is being stopped and for an event that hangs', async () => {
  const { ecs, pid, stop } = await started(deaf, {
    onEvent: ({ detail }) => (detail?.lastStatus === 'RUNNING' ? new Promise(() => {}) : undefined),
  })
  await stop()
  const before = Date.now()
  await ecs.close()
  expect(Date.now() - before).toBeLessThan(3000)
  await gone(pid)
})

test('close right after RunTask leaves nothing', async () => {
  const { ecs, run, lines, events } = await endpoint([task(sh('echo $$; sleep 60'))])
  await run()
  await ecs.close()
  const told = events.length
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(events).toHaveLength(told)
  for (const { text } of lines) await gone(Number(text))
})

test('a process that leaves without close takes its tasks along', async () => {
  const { end, text } = await endpoint([
    task({
      command: [
        process.execPath,
        '--input-type=module',
        '-e',
        `import { startLocalEcs } from ${JSON.stringify(new URL('../../../src/local/ecs/index.ts', import.meta.url))}
         import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs'
         const task = { ...${JSON.stringify(task(sh('echo $$; sleep 60')))} }
         const ecs = await startLocalEcs({
           tasks: [task], onEvent() {}, onOutput({ text }) { console.log(text); throw new Error('a fault of ours') },
         })
         const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
         const networkConfiguration = { awsvpcConfiguration: { subnets: ['a'] } }
         await new ECSClient({ endpoint: ecs.url, region: 'us-east-1', credentials }).send(
           new RunTaskCommand({ cluster: 'analytics', taskDefinition: 'analyze', networkConfiguration }))`,
      ],
    }),
  ])
  expect((await end()).detail.containers).toMatchObject([{ exitCode: 1 }])
  const pid = Number(text('stdout')[0])
  expect(pid).toBeGreaterThan(1)
  await gone(pid)
})
