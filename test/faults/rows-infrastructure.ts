/** Faults of our own functions, queue and table, and senders that do not accept notifications. */
import type { Fault as Injected } from '../../src/local/faults/fault-kinds.ts'
import { accessDenied } from '../support/relay.ts'
import type { Stage } from '../support/stage.ts'
import type { Chapter, Fault } from './fault.ts'
import { playRun } from './play-run.ts'

const fine = ['starting', 'running', 'succeeded in …']

/** @param times how many requests to the sender fail */
const unnotified = (name: string, inject: Injected, times: number, more: Partial<Fault> = {}): Fault => ({
  ...{ name, sender: ['succeeded in …'], end: 'succeeded', operator: 'could not notify the sender' },
  retried: 'by the sweep, with the newest status, after a minute, doubled up to an hour',
  ...more,
  play: (on) => playRun(on, { before: () => on.faults.inject(inject, times, { service: 'github' }) }),
})

export const notifications: Chapter = {
  title: 'The sender does not accept notifications',
  about:
    'A run does not wait for its sender. If a notification fails, the sweep sends the newest status later. After ten attempts the sender is given up, and the alarm is `senders-untold`.',
  faults: [
    unnotified('GitHub answers 500', { kind: 'answer', status: 500 }, 3),
    unnotified('GitHub answers 429', { kind: 'answer', status: 429, headers: { 'retry-after': '60' } }, 3),
    unnotified('GitHub cannot be reached', { kind: 'refused' }, 3),
    unnotified('GitHub answers 500 once', { kind: 'answer', status: 500 }, 1, {
      sender: ['running', 'succeeded in …'],
    }),
    unnotified('GitHub accepts the status, and the connection breaks before its answer', { kind: 'unanswered' }, 1, {
      sender: ['starting', 'running', 'succeeded in …'],
    }),
    unnotified('GitHub answers late', { kind: 'slow', ms: 300 }, 3, {
      sender: fine,
      retried: 'no',
      operator: '"exitCode":0',
    }),
    unnotified('The token was revoked', { kind: 'answer', status: 401 }, 99, {
      // ECS no longer knows the task at the end.
      ...{ sender: [], operator: 'the sender was never notified of the end; giving up', tasks: 0 },
      retried: 'ten times within hours; then the run is closed',
    }),
  ],
}

const answers = (on: Stage, name: string, refuse: (action: string, input: string) => boolean, times: number) => {
  let left = times
  const relay = name === 'SQS' ? on.sqs : on.dynamo
  relay.intercept(({ action, input }) =>
    left > 0 && refuse(action, JSON.stringify(input)) && left-- > 0 ? accessDenied : undefined,
  )
}

export const infrastructure: Chapter = {
  title: 'Our own functions, queue and table',
  about:
    'A message that fails is delivered again: after 15 s, doubled, ten times within an hour. Then it goes to the dead-letter queue, and the alarm is `dead-starts`. `taskhook redrive` puts it back.',
  faults: [
    {
      ...{
        name: 'The queue delivers a message twice at once',
        sender: fine,
        end: 'succeeded',
        operator: '"class":"started"',
      },
      retried: 'no: one of the two claims the run',
      play: (on) =>
        playRun(on, {
          accepted: async (_, run) => {
            on.faults.inject({ kind: 'delay', ms: 150 })
            await Promise.all([on.start(run), on.start(run)])
          },
        }),
    },
    {
      ...{ name: 'The queue delivers a message that taskhook did not send', sender: fine, end: 'succeeded' },
      ...{ operator: 'dropped a message in the queue that taskhook did not send', retried: 'no: dropped' },
      play: (on) =>
        playRun(on, {
          accepted: async () => {
            await on.bridge.start({ Records: [{ messageId: 'x', body: 'hello' }] })
          },
        }),
    },
    {
      ...{ name: 'The table cannot be written when the run is claimed', sender: fine, end: 'succeeded' },
      ...{ operator: 'start failed; the queue will deliver it again', retried: 'the message is delivered again' },
      play: (on) => playRun(on, { accepted: () => answers(on, 'DynamoDB', (action) => action === 'UpdateItem', 1) }),
    },
    {
      name: 'The task is started, and the table cannot be written',
      ...{ sender: fine, end: 'succeeded', operator: 'start failed; the queue will deliver it again', starts: 2 },
      retried: 'the message is delivered again, same token: one task; or an event of the task decides',
      play: (on) =>
        playRun(on, {
          accepted: () => answers(on, 'DynamoDB', (_, input) => input.includes('launchedAt'), 1),
        }),
    },
    {
      name: 'A start is to be tried later, and its message cannot be sent',
      ...{
        sender: fine,
        end: 'succeeded',
        operator: 'start failed; the queue',
        retried: 'the present message is delivered again',
        starts: 2,
      },
      play: (on) =>
        playRun(on, {
          before: () =>
            on.faults.inject({ kind: 'error', type: 'ClientException', message: 'Rate exceeded', status: 400 }),
          accepted: () => answers(on, 'SQS', (action) => action === 'SendMessage', 1),
        }),
    },
    {
      ...{ name: 'A message is lost', sender: fine, end: 'succeeded', operator: '"class":"started"' },
      retried: 'the sweep sends another, two minutes later',
      play: (on) => playRun(on, { losesFirst: true }),
    },
    {
      ...{
        name: 'The table cannot be written when an event arrives',
        sender: fine,
        end: 'succeeded',
        operator: '"exitCode":0',
      },
      retried: 'Lambda tries the event twice more, after one and after two minutes; after that the sweep asks ECS',
      play: (on) =>
        playRun(on, {
          running: () => answers(on, 'DynamoDB', (action) => action === 'UpdateItem', 1),
        }),
    },
  ],
}
