/** Why a task stopped, as data; `text/stop-reasons.test.ts` tests the words. */
import { expect, it } from 'vitest'
import type { EcsTask } from '../../../src/core/model/ecs-task.ts'
import { cancelReasonFor, type StopCause, stopCauseOf } from '../../../src/core/model/stop-cause.ts'

const app = { name: 'app' }

it.each<[EcsTask, object, StopCause]>([
  [{ stoppedReason: cancelReasonFor('ann') }, app, { kind: 'cancelled', by: 'ann' }],
  [{ stopCode: 'SpotInterruption', stoppedReason: 'x' }, app, { kind: 'spot-interruption' }],
  [{ stopCode: 'TerminationNotice' }, app, { kind: 'maintenance' }],
  [{ stopCode: 'ServiceSchedulerInitiated' }, app, { kind: 'service' }],
  // Not a stop code, though every object has it.
  [{ stopCode: 'constructor' }, app, { kind: 'unknown' }],
  [{ stoppedReason: 'CannotPullImage' }, app, { kind: 'message', problem: 'image', words: 'CannotPullImage' }],
  [
    { stoppedReason: 'Task stopped' },
    { ...app, reason: 'OutOfMemoryError' },
    { kind: 'message', problem: 'memory', words: 'OutOfMemoryError; Task stopped' },
  ],
  [{ stoppedReason: 'by hand' }, app, { kind: 'message', words: 'by hand' }],
  [{}, { ...app, exitCode: 3 }, { kind: 'exit', exitCode: 3 }],
  [{}, { ...app, exitCode: 137 }, { kind: 'signal', signal: 'SIGKILL' }],
  [
    { stopCode: 'EssentialContainerExited', containers: [app, { name: 'proxy', exitCode: 1 }] },
    { ...app, exitCode: 143 },
    { kind: 'other-container', name: 'proxy', exitCode: 1 },
  ],
  // A container that has no exit code did not end the task.
  [
    { stopCode: 'EssentialContainerExited', containers: [app, { name: 'log' }, { name: 'proxy', exitCode: 1 }] },
    app,
    { kind: 'other-container', name: 'proxy', exitCode: 1 },
  ],
  [
    { stopCode: 'EssentialContainerExited', containers: [app, { exitCode: 1 }] },
    app,
    { kind: 'other-container', name: '', exitCode: 1 },
  ],
  [{}, app, { kind: 'unknown' }],
])('%j of %j is %j', (task, container, cause) => {
  expect(stopCauseOf(task, container)).toStrictEqual(cause)
})
