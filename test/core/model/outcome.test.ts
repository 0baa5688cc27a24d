import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { EcsEvent, EcsTask } from '../../../src/core/model/ecs-task.ts'
import { isOfCluster, outcomeOf, runOfEvent } from '../../../src/core/model/outcome.ts'
import { stopTaskReasons } from '../../../src/core/model/stop-cause.ts'
import { stopReasonText } from '../../../src/core/text/stop-reasons.ts'

const run = '0123456789abcdef0123'
const fixture = (name: string): EcsEvent =>
  JSON.parse(readFileSync(new URL(`../../fixtures/ecs/${name}.json`, import.meta.url), 'utf8'))
const taskOf = (name: string, more: Partial<EcsTask> = {}): EcsTask => ({ ...fixture(name).detail, ...more })
/** The task, with its own container changed. */
const withContainer = (task: EcsTask, more: Record<string, unknown>): EcsTask => ({
  ...task,
  containers: (task.containers ?? []).map((container) =>
    container.name === 'app' ? { ...container, ...more } : container,
  ),
})
const stopped = (more: Partial<EcsTask> = {}, container: Record<string, unknown> = {}) =>
  withContainer(taskOf('stopped', more), container)
/** The outcome, with its stop cause in words. */
const judged = (task: EcsTask, container: string | undefined = 'app') => {
  const { stopCause, ...outcome } = outcomeOf(run, task, container)
  return { ...outcome, ...(stopCause !== undefined && { reason: stopReasonText(stopCause) }) }
}

const taskArn = 'arn:aws:ecs:eu-west-1:111122223333:task/analytics/0b6e7d1a5c0f4f3c9d2e8a7b6c5d4e3f'

describe('runOfEvent', () => {
  it.each(['provisioning', 'running', 'deprovisioning', 'stopped', 'failed-to-start', 'spot-interruption'])(
    'finds its run in %s',
    (name) => {
      expect(runOfEvent(fixture(name))).toBe(run)
    },
  )

  it.each<[string, EcsEvent]>([
    ['another source', { ...fixture('running'), source: 'my.app' }],
    ['another kind of event', { ...fixture('running'), 'detail-type': 'ECS Container Instance State Change' }],
    ['a schedule', { source: 'aws.events', 'detail-type': 'Scheduled Event' }],
    ['a service’s task', { ...fixture('running'), detail: taskOf('running', { startedBy: 'ecs-svc/9223370526' }) }],
    ['a task without startedBy', { ...fixture('running'), detail: taskOf('running', { startedBy: undefined }) }],
    ['no detail', { source: 'aws.ecs', 'detail-type': 'ECS Task State Change' }],
    ['nothing', {}],
  ])('has none for %s', (_, event) => {
    expect(runOfEvent(event)).toBeUndefined()
  })
})

describe('the reasons for StopTask', () => {
  it('never change, since events bring back those of older versions', () => {
    expect(stopTaskReasons).toEqual({ timeout: 'taskhook: timed out', cancel: 'taskhook: cancelled' })
  })
})

describe('outcomeOf, before the task has stopped', () => {
  it.each([
    [undefined, 'starting'],
    ['PROVISIONING', 'starting'],
    ['PENDING', 'starting'],
    ['ACTIVATING', 'starting'],
    ['RUNNING', 'running'],
    ['DEACTIVATING', 'running'],
    ['STOPPING', 'running'],
    ['DEPROVISIONING', 'running'],
    ['SOMETHING_NEW', 'running'],
  ])('%s is %s', (lastStatus, status) => {
    expect(judged(taskOf('running', { lastStatus }))).toEqual({
      run,
      taskArn,
      version: 3,
      status,
      startedAt: '2026-03-01T10:00:40.250Z',
    })
  })

  it('has no exit code before the task has stopped, even if the container has one', () => {
    expect(judged(taskOf('deprovisioning'))).not.toHaveProperty('exitCode')
  })

  it('has no start time before the container ran', () => {
    expect(judged(taskOf('provisioning'))).toEqual({ run, taskArn, version: 1, status: 'starting' })
  })
})

describe('outcomeOf, of a stopped task', () => {
  it('exit 0 of the named container is success, whatever a container injected by AWS did', () => {
    expect(judged(taskOf('stopped'))).toEqual({
      run,
      taskArn,
      version: 6,
      status: 'succeeded',
      exitCode: 0,
      startedAt: '2026-03-01T10:00:40.250Z',
      stoppedAt: '2026-03-01T10:01:52.900Z',
    })
  })

  it('an injected container that exits with 0 does not make a success', () => {
    const task: EcsTask = { ...stopped({}, { exitCode: 1 }) }
    const swapped = { ...task, containers: task.containers?.map((c) => (c.name === 'app' ? c : { ...c, exitCode: 0 })) }
    expect(judged(swapped)).toMatchObject({ status: 'failed', exitCode: 1 })
  })

  it.each([1, 2, 42, 127, 128, 142, 255])('exit %d is a failure', (exitCode) => {
    expect(judged(stopped({}, { exitCode }))).toMatchObject({
      status: 'failed',
      exitCode,
      reason: `the container exited with ${exitCode}`,
    })
  })

  it.each([
    [134, 'SIGABRT'],
    [137, 'SIGKILL'],
    [139, 'SIGSEGV'],
    [143, 'SIGTERM'],
  ])('exit %d is a failure by %s', (exitCode, signal) => {
    const containers = [
      { name: 'app', exitCode },
      { name: 'aws-guardduty-agent-x', exitCode: 0 },
    ]
    expect(judged(stopped({ containers }))).toMatchObject({
      status: 'failed',
      exitCode,
      reason: `the container was ended by ${signal}`,
    })
  })

  it('names the container that ended the task, if ours was stopped with it', () => {
    const stop = (app: object, proxy: object = { exitCode: 1 }, stopCode = 'EssentialContainerExited') =>
      judged(
        stopped({
          stopCode,
          containers: [
            { name: 'app', ...app },
            { name: 'proxy', ...proxy },
          ],
        }),
      ).reason
    const ended = 'the container proxy exited with 1, which ended the task'
    expect(stop({ exitCode: 143 })).toBe(ended)
    expect(stop({})).toBe(ended)
    expect(stop({ exitCode: 1 })).toBe('the container exited with 1')
    expect(stop({ exitCode: 137 }, {})).toBe('the container was ended by SIGKILL')
    expect(stop({ exitCode: 137 }, { exitCode: 0 }, 'TerminationNotice')).toMatch(/^AWS stopped it/)
  })

  it.each([
    ['SpotInterruption', 'Spot took its capacity back'],
    ['TerminationNotice', 'AWS stopped it for maintenance'],
    ['ServiceSchedulerInitiated', 'an ECS service stopped it'],
  ])('puts %s into words', (stopCode, reason) => {
    expect(judged(stopped({ stopCode, stoppedReason: 'whatever AWS says' }, { exitCode: 143 }))).toMatchObject({
      status: 'failed',
      reason,
    })
  })

  it('recognizes out of memory', () => {
    const task = stopped({}, { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' })
    expect(judged(task)).toMatchObject({
      status: 'failed',
      exitCode: 137,
      reason: 'out of memory: OutOfMemoryError: Container killed due to memory usage',
    })
  })

  it.each([
    [
      'the container’s and the task’s reason',
      'CannotStartContainerError',
      'Task stopped',
      'the container could not be started: CannotStartContainerError; Task stopped',
    ],
    [
      'the container’s reason alone',
      'OutOfMemoryError',
      'Essential container in task exited',
      'out of memory: OutOfMemoryError',
    ],
    ['the container’s reason alone', 'OutOfMemoryError', undefined, 'out of memory: OutOfMemoryError'],
    ['the task’s reason alone', '', 'Scaling activity', 'Scaling activity'],
    [
      'a message that only contains the usual one',
      undefined,
      'Essential container in task exited: x',
      'Essential container in task exited: x',
    ],
    [
      'a message that only contains the usual one',
      undefined,
      'x: Essential container in task exited',
      'x: Essential container in task exited',
    ],
    ['the exit code if there is no reason', undefined, '', 'the container exited with 1'],
  ])('gives %s', (_, reason, stoppedReason, words) => {
    expect(judged(stopped({ stoppedReason }, { exitCode: 1, reason }))).toMatchObject({ reason: words })
  })

  it('a container that never ran has no exit code and did not succeed', () => {
    const outcome = judged(stopped({ startedAt: undefined }, { exitCode: undefined }))
    expect(outcome).toMatchObject({ status: 'failed-to-start', reason: 'Essential container in task exited' })
    expect(outcome).not.toHaveProperty('exitCode')
  })

  it('a task that ran without an exit code of its container failed', () => {
    expect(judged(stopped({}, { exitCode: undefined }))).toMatchObject({ status: 'failed' })
  })

  it('exit 0 of another container is not success', () => {
    expect(judged(taskOf('stopped'), 'other')).toMatchObject({ status: 'failed' })
    expect(outcomeOf(run, taskOf('stopped'), undefined)).toMatchObject({ status: 'failed' })
    expect(judged(stopped({ containers: [] }))).toMatchObject({ status: 'failed' })
    expect(judged(stopped({ containers: undefined }))).toMatchObject({ status: 'failed' })
  })

  it('TaskFailedToStart is failed-to-start, with the message of AWS', () => {
    expect(judged(taskOf('failed-to-start'))).toEqual({
      run,
      taskArn,
      version: 4,
      status: 'failed-to-start',
      reason: expect.stringMatching(/^the image could not be pulled: CannotPullContainerError: /) as unknown,
      stoppedAt: '2026-03-01T10:01:59.000Z',
    })
  })

  it('TaskFailedToStart wins over everything else that the task says', () => {
    const task = withContainer(taskOf('failed-to-start', { startedAt: '2026-03-01T10:00:40Z' }), { exitCode: 0 })
    expect(judged(task)).toMatchObject({ status: 'failed-to-start' })
  })

  it.each([
    [
      'ResourceInitializationError: unable to pull secrets or registry auth',
      'its secrets, log, network or volumes could not be set up',
    ],
    ['Timeout waiting for network interface provisioning to complete.', 'it did not get a network interface'],
    ['CannotPullImageManifestError: x', 'the image could not be pulled'],
    ['CannotCreateContainerError: x', 'the container could not be started'],
  ])('TaskFailedToStart: %s', (stoppedReason, means) => {
    expect(judged(taskOf('failed-to-start', { stoppedReason }))).toMatchObject({
      status: 'failed-to-start',
      reason: `${means}: ${stoppedReason}`,
    })
  })

  it.each<[string | undefined, string, string]>([
    [stopTaskReasons.timeout, 'timed-out', stopTaskReasons.timeout],
    [`${stopTaskReasons.timeout} after 2h`, 'timed-out', `${stopTaskReasons.timeout} after 2h`],
    [stopTaskReasons.cancel, 'cancelled', stopTaskReasons.cancel],
    [`${stopTaskReasons.cancel} by ann`, 'cancelled', 'cancelled by ann'],
    ['Task stopped by user', 'cancelled', 'Task stopped by user'],
    [undefined, 'cancelled', 'the container was ended by SIGTERM'],
  ])('UserInitiated with the reason %j is %s', (stoppedReason, status, reason) => {
    expect(judged(stopped({ stopCode: 'UserInitiated', stoppedReason }, { exitCode: 143 }))).toMatchObject({
      status,
      exitCode: 143,
      reason,
    })
  })

  it('a container that exits with 0 when it is stopped does not undo the stop', () => {
    const task = stopped({ stopCode: 'UserInitiated', stoppedReason: stopTaskReasons.timeout }, { exitCode: 0 })
    expect(judged(task)).toMatchObject({ status: 'timed-out', exitCode: 0 })
  })

  it('a Spot interruption is a failure, marked as interrupted', () => {
    expect(judged(taskOf('spot-interruption'))).toMatchObject({
      status: 'failed',
      exitCode: 143,
      reason: 'Spot took its capacity back',
      interrupted: true,
    })
  })

  it('a task that exited with 0 before Spot took its capacity back succeeded', () => {
    const task = withContainer(taskOf('spot-interruption'), { exitCode: 0 })
    expect(judged(task)).toMatchObject({ status: 'succeeded', exitCode: 0 })
    expect(judged(task)).not.toHaveProperty('interrupted')
  })

  it('reads the dates of DescribeTasks like the texts of events', () => {
    const task = stopped({
      startedAt: new Date('2026-03-01T10:00:40.250Z'),
      stoppedAt: new Date('2026-03-01T10:01:52.900Z'),
    })
    expect(judged(task)).toEqual(judged(taskOf('stopped')))
  })

  it('accepts a task without any fields', () => {
    expect(judged({ lastStatus: 'STOPPED' })).toEqual({
      run,
      taskArn: '',
      version: 0,
      status: 'failed-to-start',
      reason: 'the task stopped',
    })
  })
})

describe('isOfCluster', () => {
  const at = (clusterArn?: string): EcsEvent => ({ detail: { clusterArn } })
  const arn = 'arn:aws:ecs:eu-west-1:111122223333:cluster/analytics'

  it.each<[string, EcsEvent, string, boolean]>([
    ['its name', at(arn), 'analytics', true],
    ['its ARN', at(arn), arn, true],
    ['another name', at(arn), 'lytics', false],
    ['another ARN', at(arn), arn.replace('eu-west-1', 'eu-west-2'), false],
    ['a prefix of its ARN', at(arn), 'arn', false],
    ['no cluster in the event', at(), 'analytics', true],
    ['no detail', {}, 'analytics', true],
  ])('%s', (_, event, cluster, is) => expect(isOfCluster(event, cluster)).toBe(is))
})

it('a task that Spot took back before it ran is interrupted as well', () => {
  const task = stopped({ stopCode: 'SpotInterruption', startedAt: undefined }, { exitCode: undefined })
  expect(judged(task)).toMatchObject({ status: 'failed-to-start', interrupted: true })
})

describe('a stopped task', () => {
  it.each([
    ['is interrupted if Spot took it back and it failed', 'SpotInterruption', 1, true],
    ['is not interrupted if something else stopped it', 'EssentialContainerExited', 1, undefined],
    ['is not interrupted if it had succeeded', 'SpotInterruption', 0, undefined],
  ])('%s', (_, stopCode, exitCode, interrupted) => {
    expect(judged(stopped({ stopCode }, { exitCode })).interrupted).toBe(interrupted)
  })
})

it('failed if it ran and has no exit code, failed to start if it never ran', () => {
  expect(judged(stopped({}, { exitCode: undefined })).status).toBe('failed')
  expect(judged(stopped({ startedAt: undefined }, { exitCode: undefined })).status).toBe('failed-to-start')
  expect(judged(stopped({ startedAt: undefined }, { exitCode: 1 })).status).toBe('failed')
})
