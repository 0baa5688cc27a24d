import { StopTaskCommand } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { endpoint, nextTurn, sh, type TaskEvent, task } from './support.ts'

const fresh = (script = 'sleep 60', stopGraceMs = 30_000) => endpoint([task(sh(script))], { stopGraceMs })
const essential = { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' }
const statuses = (events: readonly TaskEvent[]) => events.map(({ detail }) => detail.lastStatus)

test('out of memory: exit code 137, and the reason is that of the container', async () => {
  const api = await fresh()
  const reason = 'OutOfMemoryError: Container killed due to memory usage'
  api.ecs.faults.inject({ kind: 'exit', exitCode: 137, reason })
  const { detail } = await api.end()
  expect(detail).toMatchObject({ ...essential, containers: [{ name: 'worker', exitCode: 137, reason }] })
  expect(statuses(api.events)).toEqual(['PENDING', 'RUNNING', 'STOPPED'])
})

test('any exit code after a delay, unless the program exits earlier', async () => {
  const api = await fresh('exit 0')
  api.ecs.faults.inject({ kind: 'exit', exitCode: 255, afterMs: 10_000 })
  expect((await api.end()).detail.containers).toMatchObject([{ exitCode: 0 }])
  const long = await fresh('echo up; sleep 60')
  long.ecs.faults.inject({ kind: 'exit', exitCode: 255, afterMs: 200 })
  expect((await long.end()).detail.containers).toMatchObject([{ exitCode: 255 }])
  expect(long.text('stdout')).toEqual(['up'])
})

test('no exit code: the task ran, and its end is unknown', async () => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'exit' })
  const { detail } = await api.end()
  expect(detail).toMatchObject({ startedAt: expect.any(String), stopCode: 'EssentialContainerExited' })
  expect(detail.containers?.[0]).not.toHaveProperty('exitCode')
})

const spot = {
  kind: 'interrupted',
  stopCode: 'SpotInterruption',
  reason: 'Your Spot Task was interrupted.',
} as const

test('a Spot interruption is announced by an event, then SIGTERM, then STOPPED', async () => {
  const api = await fresh()
  api.ecs.faults.inject(spot)
  const { detail } = await api.end()
  expect(detail).toMatchObject({
    stopCode: spot.stopCode,
    stoppedReason: spot.reason,
    containers: [{ exitCode: 143 }],
  })
  expect(statuses(api.events)).toEqual(['PENDING', 'RUNNING', 'RUNNING', 'STOPPED'])
  expect(api.events[2]?.detail).toMatchObject({ desiredStatus: 'STOPPED', stopCode: spot.stopCode })
  const versions = api.events.map((event) => event.detail.version)
  expect(versions).toEqual(versions.toSorted((a, b) => a - b))
  expect(new Set(versions).size).toBe(4)
})

test('after a Spot interruption a program chooses its exit code, or is killed if it ignores SIGTERM', async () => {
  const handlesSigterm = await fresh('trap "exit 0" TERM; echo up; while :; do sleep 0.05; done')
  handlesSigterm.ecs.faults.inject({ ...spot, afterMs: 300 })
  expect((await handlesSigterm.end()).detail.containers).toMatchObject([{ exitCode: 0 }])
  const ignoresSigterm = await fresh('trap "" TERM; while :; do sleep 0.05; done', 200)
  ignoresSigterm.ecs.faults.inject({ ...spot, afterMs: 300 })
  expect((await ignoresSigterm.end()).detail.containers).toMatchObject([{ exitCode: 137 }])
})

test('maintenance has its own stopCode, and does not replace the reason of an earlier StopTask', async () => {
  const maintenance = { ...spot, stopCode: 'TerminationNotice', reason: 'ECS is performing maintenance' } as const
  const api = await fresh()
  api.ecs.faults.inject(maintenance)
  expect((await api.end()).detail).toMatchObject({ stopCode: 'TerminationNotice' })
  const stopped = await fresh('trap "" TERM; sleep 2')
  // Long enough for StopTask to come first on a busy machine.
  stopped.ecs.faults.inject({ ...maintenance, afterMs: 1500 })
  const { tasks } = await stopped.run()
  await eventually(() => statuses(stopped.events).includes('RUNNING'))
  await stopped.client.send(new StopTaskCommand({ cluster: 'analytics', task: tasks?.[0]?.taskArn, reason: 'mine' }))
  expect((await stopped.stopped(tasks?.[0]?.taskArn)).detail).toMatchObject({ stoppedReason: 'mine' })
})

test('a sidecar that exits stops the task, and has its own exit code', async () => {
  const api = await fresh()
  api.ecs.faults.inject({ kind: 'sidecar', name: 'proxy', exitCode: 0 })
  const { detail } = await api.end()
  expect(detail).toMatchObject({
    ...essential,
    containers: [
      { name: 'proxy', exitCode: 0, lastStatus: 'STOPPED' },
      { name: 'worker', exitCode: 143, lastStatus: 'STOPPED' },
    ],
  })
  expect(api.events.at(-2)?.detail).toMatchObject({
    lastStatus: 'RUNNING',
    containers: [{ name: 'proxy', exitCode: 0, lastStatus: 'STOPPED' }, { name: 'worker' }],
  })
})

test.each([
  [undefined, { name: 'aws-guardduty-agent-xyz' }],
  [0, { name: 'aws-guardduty-agent-xyz', exitCode: 0 }],
])(
  'a container that AWS adds is first in the list, with exit code %s, together with another fault',
  async (code, first) => {
    const api = await fresh('exit 3')
    const injected = { kind: 'extra-container', name: 'aws-guardduty-agent-xyz' } as const
    api.ecs.faults.inject(code === undefined ? injected : { ...injected, exitCode: code })
    api.ecs.faults.inject({ kind: 'exit', exitCode: 200 })
    const { tasks } = await api.run()
    expect(tasks?.[0]?.containers?.map(({ name }) => name)).toEqual(['aws-guardduty-agent-xyz', 'worker'])
    const { detail } = await api.stopped(tasks?.[0]?.taskArn)
    expect(detail.containers).toMatchObject([first, { name: 'worker', exitCode: 200 }])
    if (code === undefined) expect(detail.containers?.[0]).not.toHaveProperty('exitCode')
  },
)

test('a task fault stays pending until a task starts: failures and replays do not use it up', async () => {
  const api = await fresh('exit 0')
  api.ecs.faults.inject({
    kind: 'failed-to-start',
    reason: 'Timeout waiting for network interface provisioning to complete.',
  })
  api.ecs.faults.inject({ kind: 'failure', reason: 'RESOURCE:ENI' })
  expect((await api.run({ clientToken: 'a' })).tasks).toEqual([])
  expect((await api.end({ clientToken: 'b' })).detail.stopCode).toBe('TaskFailedToStart')
  expect(api.ecs.faults.pending()).toEqual([])
})

const events = async (status: string, kind: 'event-lost' | 'event-twice' | 'event-swapped', times?: number) => {
  const api = await fresh('exit 0')
  api.ecs.faults.inject({ kind }, times, status === '' ? {} : { lastStatus: status })
  const { tasks } = await api.run()
  await eventually(() => api.events.length >= (kind === 'event-twice' ? 4 : kind === 'event-lost' ? 2 : 3))
  await nextTurn()
  expect(tasks).toHaveLength(1)
  return api.events
}

test('events are lost, delivered twice with the same version, or out of order', async () => {
  expect(statuses(await events('RUNNING', 'event-lost'))).toEqual(['PENDING', 'STOPPED'])
  const twice = await events('RUNNING', 'event-twice')
  expect(statuses(twice)).toEqual(['PENDING', 'RUNNING', 'RUNNING', 'STOPPED'])
  expect(twice[1]).toEqual(twice[2])
  expect(statuses(await events('RUNNING', 'event-swapped'))).toEqual(['PENDING', 'STOPPED', 'RUNNING'])
  expect(statuses(await events('', 'event-swapped', 3))).toEqual(['RUNNING', 'PENDING', 'STOPPED'])
})

test('later events do not wait for a late one, and neither does close', async () => {
  const api = await fresh('exit 0')
  api.ecs.faults.inject({ kind: 'event-late', ms: 300 }, 1, { lastStatus: 'PENDING' })
  await api.run()
  await eventually(() => api.events.length === 3)
  expect(statuses(api.events)).toEqual(['RUNNING', 'STOPPED', 'PENDING'])
  api.ecs.faults.inject({ kind: 'event-late', ms: 60_000 }, 3)
  await api.run()
  await eventually(() => api.ecs.faults.pending().length === 0)
  const before = Date.now()
  await api.ecs.close()
  expect(Date.now() - before).toBeLessThan(1500)
})
