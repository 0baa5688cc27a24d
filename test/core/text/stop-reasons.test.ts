/** Words for every code and signal; what becomes of a run by them, outcome.test.ts says. */
import { describe, expect, it } from 'vitest'
import type { EcsTask } from '../../../src/core/model/ecs-task.ts'
import { stopReasonText } from '../../../src/core/text/stop-reasons.ts'

const app = { name: 'app' }
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
  expect(stopReasonText(exited(), { ...app, exitCode })).toBe(`the container was ended by ${signal}`)
})

it.each([1, 2, 126, 127, 128, 133, 255])('%i is a number', (exitCode) => {
  expect(stopReasonText(exited(), { ...app, exitCode })).toBe(`the container exited with ${exitCode}`)
})

it.each([
  ['CannotPullContainerError: x', 'the image could not be pulled: '],
  ['ResourceInitializationError: x', 'its secrets, log, network or volumes could not be set up: '],
  ['Timeout waiting for network interface provisioning', 'it got no network interface: '],
  ['no ENI', 'it got no network interface: '],
  ['CannotStartContainerError: x', 'the container could not be started: '],
  ['CannotCreateContainerError: x', 'the container could not be started: '],
  ['CannotInspectContainerError: x', 'the container could not be started: '],
  ['ContainerRuntimeError: x', 'the container could not be started: '],
  ['OutOfMemoryError: x', 'out of memory: '],
  // Names of somebody, in a text of something else.
  ['Scaling: CannotPullUs', ''],
  ['my ResourceInitializationError', ''],
  ['after CannotStart', ''],
  ['no OutOfMemory', ''],
])('%s', (reason, cause) => {
  expect(stopReasonText(exited({ stoppedReason: reason }), app)).toBe(`${cause}${reason}`)
  expect(stopReasonText(exited(), { ...app, reason })).toBe(`${cause}${reason}`)
})

it.each([
  ['SpotInterruption', 'Spot took its capacity back'],
  ['TerminationNotice', 'AWS stopped it to maintain what it ran on'],
  ['ServiceSchedulerInitiated', 'an ECS service stopped it'],
])('%s', (stopCode, words) => expect(stopReasonText({ stopCode, stoppedReason: 'x' }, app)).toBe(words))

describe('who cancelled it', () => {
  it('is in the reason that we gave', () => {
    expect(stopReasonText({ stoppedReason: 'taskhook: cancelled by taskhook: ann' }, app)).toBe(
      'cancelled by taskhook: ann',
    )
  })
  it('is not where the words only stand in it', () => {
    expect(stopReasonText({ stoppedReason: 'said: taskhook: cancelled by ann' }, app)).toBe(
      'said: taskhook: cancelled by ann',
    )
  })
})

describe('another container that ended the task', () => {
  const other = { name: 'sidecar', exitCode: 2 }
  const both = exited({ containers: [app, other] })

  it('is named where ours was taken down with it', () => {
    const words = 'the container sidecar exited with 2, which ended the task'
    expect(stopReasonText(both, app)).toBe(words)
    expect(stopReasonText(both, { ...app, exitCode: 143 })).toBe(words)
  })
  it('is not where ours ended by itself, or the task was stopped by something else', () => {
    expect(stopReasonText(both, { ...app, exitCode: 1 })).toBe('the container exited with 1')
    expect(stopReasonText({ ...both, stopCode: 'UserInitiated' }, { ...app, exitCode: 143 })).toBe(
      'the container was ended by SIGTERM',
    )
  })
  it.each([
    ['one of AWS', { name: 'aws-guardduty-agent', exitCode: 2 }],
    ['one that has not ended', { name: 'sidecar' }],
  ])('is not %s', (_, each) => {
    expect(stopReasonText(exited({ containers: [app, each] }), { ...app, exitCode: 137 })).toBe(
      'the container was ended by SIGKILL',
    )
  })
})

it('says something where AWS says nothing', () => {
  expect(stopReasonText({}, undefined)).toBe('the task stopped')
  expect(stopReasonText({ stoppedReason: '' }, app)).toBe('the task stopped')
  expect(stopReasonText(exited(), undefined)).toBe('Essential container in task exited')
  expect(stopReasonText({ containers: undefined, stopCode: 'EssentialContainerExited' }, undefined)).toBe(
    'the task stopped',
  )
})
