import { DescribeTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { endpoint, gone, isAlive, nextTurn, node, sh, task } from './support.ts'

const cluster = 'analytics'
/** Prints the id of a long-running child, and waits for it. */
const parent = sh('sleep 60 & echo $!; wait')
const ignoresSigterm = node('process.on("SIGTERM", () => {}); console.log(process.pid); setInterval(() => {}, 1000)')

async function started(local: typeof ignoresSigterm, options: Parameters<typeof endpoint>[1] = {}) {
  const api = await endpoint([task(local)], options)
  const { tasks } = await api.run({ tags: [{ key: 'a', value: 'b' }] })
  const taskArn = tasks?.[0]?.taskArn
  const pid = await api.pid()
  const stop = (reason?: string) =>
    api.client.send(new StopTaskCommand({ cluster, task: taskArn, ...(reason !== undefined && { reason }) }))
  return { ...api, taskArn, pid, stop }
}

test('StopTask ends the program and its children', async () => {
  const { stop, stopped, taskArn, pid } = await started(parent)
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

test('a program that exits with 0 after SIGTERM keeps stopCode UserInitiated', async () => {
  const { stop, stopped, taskArn } = await started(
    node('process.on("SIGTERM", () => process.exit(0)); console.log(process.pid); setInterval(() => {}, 1000)'),
  )
  await stop()
  expect((await stopped(taskArn)).detail).toMatchObject({ stopCode: 'UserInitiated', containers: [{ exitCode: 0 }] })
})

test('a program that ignores SIGTERM is killed after the grace period', async () => {
  const { stop, stopped, taskArn, pid } = await started(ignoresSigterm, { stopGraceMs: 200 })
  const before = Date.now()
  await stop()
  expect((await stopped(taskArn)).detail.containers).toMatchObject([{ exitCode: 137 }])
  expect(Date.now() - before).toBeGreaterThanOrEqual(200)
  await gone(pid)
})

test('a second StopTask changes nothing, before and after the end', async () => {
  const { stop, stopped, taskArn, events } = await started(ignoresSigterm, { stopGraceMs: 100 })
  await stop('first')
  await stop('second')
  await stopped(taskArn)
  expect((await stop('third')).task).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'first' })
  expect(events).toHaveLength(3)
})

test('StopTask deletes the tags', async () => {
  const { stop, client, taskArn } = await started(parent)
  await stop()
  const { tasks } = await client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn ?? ''], include: ['TAGS'] }))
  expect(tasks?.[0]?.tags).toEqual([])
})

test('children that a program leaves behind are ended with it', async () => {
  const { stopped, taskArn, pid } = await started(sh('sleep 60 & echo $!'))
  expect((await stopped(taskArn)).detail.containers).toMatchObject([{ exitCode: 0 }])
  await gone(pid)
})

test('a child outside the process group that keeps the output open does not delay the end', async () => {
  const { stopped, taskArn, pid } = await started(sh('setsid sleep 60 & echo $!; sleep 0.2; exit 5'))
  expect((await stopped(taskArn)).detail.containers).toMatchObject([{ exitCode: 5 }])
  process.kill(pid, 'SIGKILL')
})

test('close ends process trees without another event, and can be called twice', async () => {
  const { ecs, pid, events } = await started(parent)
  await Promise.all([ecs.close(), ecs.close()])
  await gone(pid)
  expect(events.map(({ detail }) => detail.lastStatus)).toEqual(['PENDING', 'RUNNING'])
  await expect(fetch(ecs.url)).rejects.toThrow()
})

test('close takes at most two seconds, with a program that ignores SIGTERM and an event whose receiver hangs', async () => {
  const { ecs, pid, stop } = await started(ignoresSigterm, {
    onEvent: ({ detail }) => (detail?.lastStatus === 'RUNNING' ? new Promise(() => {}) : undefined),
  })
  await stop()
  const before = Date.now()
  await ecs.close()
  expect(Date.now() - before).toBeLessThan(3000)
  await gone(pid)
})

test('close right after RunTask leaves no process and sends no further event', async () => {
  const { ecs, run, lines, events } = await endpoint([task(sh('echo $$; sleep 60'))])
  await run()
  await ecs.close()
  const count = events.length
  for (const { text } of lines) await gone(Number(text))
  await nextTurn()
  expect(events).toHaveLength(count)
})

test('tasks end with a process that exits without close', async () => {
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
           tasks: [task], onEvent() {}, onOutput({ text }) { console.log(text); throw new Error('an uncaught error') },
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
