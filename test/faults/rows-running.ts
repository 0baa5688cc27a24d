/** Tasks that fail after they were started, and the events about them. */
import type { Fault as Injected } from '../../src/local/faults/fault-kinds.ts'
import type { Stage } from '../support/stage.ts'
import type { TaskName } from './config.ts'
import type { Chapter, Fault } from './fault.ts'
import { playRun } from './play-run.ts'

const fine = ['starting', 'running', 'succeeded in …']

type Row = Omit<Fault, 'play' | 'retried'> & {
  readonly inject?: Injected
  readonly task?: TaskName
  readonly retried?: string
  readonly course?: Parameters<typeof playRun>[1]
}
const row = ({ inject, task, retried = 'no', course, ...fault }: Row): Fault => ({
  ...fault,
  retried,
  play: (on) =>
    playRun(on, {
      ...course,
      ...(task !== undefined && { task }),
      ...(inject !== undefined && { before: () => on.faults.inject(inject, 1) }),
    }),
})
const failedToStart = (name: string, reason: string, means: string): Fault =>
  row({
    ...{ name, inject: { kind: 'failed-to-start', reason } },
    ...{ sender: ['starting', `could not be started: ${means}: ${reason}`.slice(0, 139)], end: 'failed-to-start' },
    operator: '"status":"failed-to-start"',
  })

export const running: Chapter = {
  title: 'After the start',
  about:
    'A run succeeds only if the container that the task names exits with 0. A task that AWS accepted and could not start has not run. A run that has run is not repeated, unless its route asks for a rerun after a Spot interruption.',
  faults: [
    failedToStart(
      ...['No network interface', 'Timeout waiting for network interface provisioning to complete.'],
      ...(['it did not get a network interface'] as const),
    ),
    failedToStart(
      ...['The image cannot be pulled', 'CannotPullContainerError: image not found'],
      ...(['the image could not be pulled'] as const),
    ),
    failedToStart(
      ...['A secret of the container cannot be read', 'ResourceInitializationError: unable to pull secrets'],
      ...(['its secrets, log, network or volumes could not be set up'] as const),
    ),
    row({
      ...{ name: 'The container exits with 3', task: 'crash', end: 'failed', operator: '"exitCode":3' },
      sender: ['starting', 'running', 'failed with exit code 3 after …'],
    }),
    row({
      ...{ name: 'Out of memory', task: 'long', end: 'failed', operator: 'out of memory' },
      inject: { kind: 'exit', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
      sender: [
        'starting',
        'running',
        'failed with exit code 137 after …: out of memory: OutOfMemoryError: Container killed due to memory usage',
      ],
    }),
    row({
      ...{ name: 'The container is killed', task: 'long', end: 'failed', inject: { kind: 'exit', exitCode: 137 } },
      sender: ['starting', 'running', 'failed with exit code 137 after …: the container was ended by SIGKILL'],
      operator: 'SIGKILL',
    }),
    row({
      ...{ name: 'A container that stops without an exit code', task: 'long', end: 'failed', inject: { kind: 'exit' } },
      ...{
        sender: ['starting', 'running', 'failed after …: Essential container in task exited'],
        operator: '"status":"failed"',
      },
    }),
    row({
      ...{ name: 'Another essential container stops the task', task: 'long', end: 'failed' },
      inject: { kind: 'sidecar', name: 'proxy', exitCode: 1 },
      sender: [
        'starting',
        'running',
        'failed with exit code 143 after …: the container proxy exited with 1, which ended the task',
      ],
      operator: 'the container proxy exited with 1',
    }),
    row({
      ...{
        name: 'AWS adds a container, first in the list',
        end: 'succeeded',
        sender: fine,
        operator: '"exitCode":0',
      },
      inject: { kind: 'extra-container', name: 'aws-guardduty-agent-x1' },
    }),
    row({
      ...{
        name: 'The same, and that container exits with 0 while ours fails',
        task: 'crash',
        end: 'failed',
        operator: '"exitCode":3',
      },
      ...{ inject: { kind: 'extra-container', name: 'aws-guardduty-agent-x1', exitCode: 0 } },
      sender: ['starting', 'running', 'failed with exit code 3 after …'],
    }),
    row({
      ...{ name: 'Spot takes its capacity back', task: 'spot', end: 'failed', operator: 'Spot took its capacity back' },
      inject: { kind: 'interrupted', stopCode: 'SpotInterruption', reason: 'Your Spot Task was interrupted.' },
      sender: ['starting', 'running', 'failed with exit code 143 after …: Spot took its capacity back'],
    }),
    row({
      ...{ name: 'The same, with onSpotInterruption: rerun', task: 'respot', end: 'failed', operator: 'it runs again' },
      inject: { kind: 'interrupted', stopCode: 'SpotInterruption', reason: 'Your Spot Task was interrupted.' },
      sender: ['starting', 'running', 'failed with exit code 143 after …: Spot took its capacity back; it runs again'],
      retried: 'as a new run, which notifies in the same place; three times at most',
    }),
    row({
      ...{ name: 'AWS does maintenance', task: 'long', end: 'failed', operator: 'AWS stopped it' },
      inject: { kind: 'interrupted', stopCode: 'TerminationNotice', reason: 'ECS is performing maintenance' },
      sender: ['starting', 'running', 'failed with exit code 143 after …: AWS stopped it for maintenance'],
    }),
    row({
      ...{
        name: 'A person stops the task in the console',
        task: 'long',
        end: 'cancelled',
        operator: '"status":"cancelled"',
      },
      sender: ['starting', 'running', 'was cancelled after …: stopped by hand'],
      course: { running: (on: Stage, _run: string, taskArn: string) => on.stopTask(taskArn) },
    }),
    row({
      ...{
        name: 'The run takes longer than its timeout',
        task: 'limited',
        end: 'timed-out',
        operator: '"status":"timed-out"',
      },
      sender: ['starting', 'running', 'timed out after … and was stopped'],
      course: {
        running: async (on: Stage) => {
          on.advance(95_000)
          await on.sweep()
        },
      },
    }),
  ],
}

export const events: Chapter = {
  title: 'Events of ECS',
  about:
    'Events arrive at least once and in any order; `version` says which is newer. If no event arrives, the sweep, which runs once a minute, asks ECS about the run.',
  faults: [
    row({
      ...{
        name: 'RUNNING is lost',
        sender: ['starting', 'succeeded in …'],
        end: 'succeeded',
        operator: '"exitCode":0',
      },
      course: { before: (on: Stage) => on.faults.inject({ kind: 'event-lost' }, 1, { lastStatus: 'RUNNING' }) },
    }),
    row({
      ...{ name: 'STOPPED is lost', sender: fine, end: 'succeeded', operator: '"exitCode":0' },
      retried: 'the sweep asks ECS, ten minutes later',
      course: { before: (on: Stage) => on.faults.inject({ kind: 'event-lost' }, 1, { lastStatus: 'STOPPED' }) },
    }),
    row({
      ...{
        name: 'All events are lost',
        sender: ['starting', 'succeeded in …'],
        end: 'succeeded',
        operator: '"exitCode":0',
      },
      retried: 'the sweep asks ECS, ten minutes later',
      course: { before: (on: Stage) => on.faults.inject({ kind: 'event-lost' }, 9) },
    }),
    row({
      ...{ name: 'Each event arrives twice', sender: fine, end: 'succeeded', operator: '"exitCode":0' },
      course: { before: (on: Stage) => on.faults.inject({ kind: 'event-twice' }, 9) },
    }),
    row({
      ...{ name: 'STOPPED arrives before RUNNING', sender: ['starting', 'succeeded in …'], end: 'succeeded' },
      operator: '"exitCode":0',
      course: { before: (on: Stage) => on.faults.inject({ kind: 'event-swapped' }, 1, { lastStatus: 'RUNNING' }) },
    }),
  ],
}
