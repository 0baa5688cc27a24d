/** Every stop code, message and signal in words. `outcome.test.ts` tests which status they give. */
import { describe, expect, it } from 'vitest'
import type { EcsTask } from '../../../src/core/model/ecs-task.ts'
import { stopCauseOf } from '../../../src/core/model/stop-cause.ts'
import { rejectedText, sequelText, stopReasonText, vanishedText } from '../../../src/core/text/stop-reasons.ts'

const app = { name: 'app' }
const reasonOf = (...task: Parameters<typeof stopCauseOf>): string => stopReasonText(stopCauseOf(...task))
const exited = (more: Partial<EcsTask> = {}): EcsTask => ({
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  containers: [app],
  ...more,
})

// https://man7.org/linux/man-pages/man7/signal.7.html
it.each([
  [129, 'SIGHUP'],
  [130, 'SIGINT'],
  [131, 'SIGQUIT'],
  [132, 'SIGILL'],
  [134, 'SIGABRT'],
  [135, 'SIGBUS'],
  [136, 'SIGFPE'],
  [137, 'SIGKILL'],
  [139, 'SIGSEGV'],
  [141, 'SIGPIPE'],
  [143, 'SIGTERM'],
])('%i is %s', (exitCode, signal) => {
  expect(reasonOf(exited(), { ...app, exitCode })).toBe(`the container was ended by ${signal}`)
})

it.each([1, 2, 126, 127, 128, 133, 255])('%i is an exit code', (exitCode) => {
  expect(reasonOf(exited(), { ...app, exitCode })).toBe(`the container exited with ${exitCode}`)
})

it.each([
  ['CannotPullContainerError: x', 'the image could not be pulled: '],
  ['ResourceInitializationError: x', 'its secrets, log, network or volumes could not be set up: '],
  ['Timeout waiting for network interface provisioning', 'it did not get a network interface: '],
  ['no ENI', 'it did not get a network interface: '],
  ['CannotStartContainerError: x', 'the container could not be started: '],
  ['CannotCreateContainerError: x', 'the container could not be started: '],
  ['CannotInspectContainerError: x', 'the container could not be started: '],
  ['ContainerRuntimeError: x', 'the container could not be started: '],
  ['OutOfMemoryError: x', 'out of memory: '],
  // Names that only contain such words.
  ['Scaling: CannotPullUs', ''],
  ['my ResourceInitializationError', ''],
  ['after CannotStart', ''],
  ['no OutOfMemory', ''],
])('%s', (reason, cause) => {
  expect(reasonOf(exited({ stoppedReason: reason }), app)).toBe(`${cause}${reason}`)
  expect(reasonOf(exited(), { ...app, reason })).toBe(`${cause}${reason}`)
})

it.each([
  ['SpotInterruption', 'Spot took its capacity back'],
  ['TerminationNotice', 'AWS stopped it for maintenance'],
  ['ServiceSchedulerInitiated', 'an ECS service stopped it'],
])('%s', (stopCode, words) => expect(reasonOf({ stopCode, stoppedReason: 'x' }, app)).toBe(words))

describe('the person who cancelled the run', () => {
  it('is named by the reason that taskhook gave to StopTask', () => {
    expect(reasonOf({ stoppedReason: 'taskhook: cancelled by taskhook: ann' }, app)).toBe('cancelled by taskhook: ann')
  })
  it('is not taken from a message that only contains these words', () => {
    expect(reasonOf({ stoppedReason: 'said: taskhook: cancelled by ann' }, app)).toBe(
      'said: taskhook: cancelled by ann',
    )
  })
})

describe('another container that ended the task', () => {
  const other = { name: 'sidecar', exitCode: 2 }
  const both = exited({ containers: [app, other] })

  it('is named if ours was stopped with it', () => {
    const words = 'the container sidecar exited with 2, which ended the task'
    expect(reasonOf(both, app)).toBe(words)
    expect(reasonOf(both, { ...app, exitCode: 143 })).toBe(words)
  })
  it('is not named if ours ended first or something else stopped the task', () => {
    expect(reasonOf(both, { ...app, exitCode: 1 })).toBe('the container exited with 1')
    expect(reasonOf({ ...both, stopCode: 'UserInitiated' }, { ...app, exitCode: 143 })).toBe(
      'the container was ended by SIGTERM',
    )
  })
  it.each([
    ['a container of AWS', { name: 'aws-guardduty-agent', exitCode: 2 }],
    ['a container without an exit code', { name: 'sidecar' }],
  ])('is never %s', (_, each) => {
    expect(reasonOf(exited({ containers: [app, each] }), { ...app, exitCode: 137 })).toBe(
      'the container was ended by SIGKILL',
    )
  })
})

it('has a sentence even if AWS gives no reason', () => {
  expect(reasonOf({}, undefined)).toBe('the task stopped')
  expect(reasonOf({ stoppedReason: '' }, app)).toBe('the task stopped')
  expect(reasonOf(exited(), undefined)).toBe('Essential container in task exited')
  expect(reasonOf({ containers: undefined, stopCode: 'EssentialContainerExited' }, undefined)).toBe('the task stopped')
})

it('says what follows an interruption', () => {
  expect(sequelText({ kind: 'rerun' })).toBe('it runs again')
  expect(sequelText({ kind: 'given-up', reruns: 2 })).toBe('it was run again 2 times')
})

it('says who rejected a run, and that a task vanished', () => {
  expect(rejectedText('ann')).toBe('rejected by ann')
  expect(vanishedText).toBe('ECS no longer knows the task, and no event reported how it ended')
})
