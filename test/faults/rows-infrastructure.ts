/** Whoever is told does not listen; and our own functions, queue and table. */
import type { Fault as Injected } from '../../src/local/faults/fault-kinds.ts'
import { accessDenied } from '../support/relay.ts'
import type { Stage } from '../support/stage.ts'
import type { Chapter, Fault } from './fault.ts'
import { live } from './life.ts'

const fine = ['starting', 'running', 'succeeded in …']

/** @param times of the sender's answers that go wrong */
const untold = (name: string, inject: Injected, times: number, more: Partial<Fault> = {}): Fault => ({
  ...{ name, sender: ['succeeded in …'], end: 'succeeded', operator: 'could not notify the sender' },
  retried: 'the newest status, by the sweep, after a minute, doubled up to an hour',
  ...more,
  play: (on) => live(on, { before: () => on.faults.inject(inject, times, { service: 'github' }) }),
})

export const telling: Chapter = {
  title: 'Whoever is told does not listen',
  about:
    'A run does not wait for its sender. What could not be told is told by the sweep, as it stands by then; after ten tries the sender is given up, and the alarm is `senders-untold`.',
  faults: [
    untold('GitHub answers 500', { kind: 'answer', status: 500 }, 3),
    untold('GitHub answers 429', { kind: 'answer', status: 429, headers: { 'retry-after': '60' } }, 3),
    untold('GitHub cannot be reached', { kind: 'refused' }, 3),
    untold('GitHub answers 500 once', { kind: 'answer', status: 500 }, 1, { sender: ['running', 'succeeded in …'] }),
    untold('GitHub takes the status, and the connection breaks before its answer', { kind: 'unanswered' }, 1, {
      sender: ['starting', 'running', 'succeeded in …'],
    }),
    untold('GitHub answers late', { kind: 'slow', ms: 300 }, 3, {
      sender: fine,
      retried: 'no',
      operator: '"exitCode":0',
    }),
    untold('The token has been revoked, for good', { kind: 'answer', status: 401 }, 99, {
      // ECS has forgotten it by then.
      ...{ sender: [], operator: 'the sender was never notified of the end; giving up', tasks: 0 },
      retried: 'ten times, within hours; then the run is closed',
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

export const ours: Chapter = {
  title: 'Our own functions, queue and table',
  about:
    'A message that was not taken comes back: after 15 s, doubled, ten times within an hour; then it is dead, and the alarm is `dead-starts`. `taskhook redrive` puts it back.',
  faults: [
    {
      ...{
        name: 'The queue brings a message twice at once',
        sender: fine,
        end: 'succeeded',
        operator: '"class":"started"',
      },
      retried: 'no: one of them claims the run',
      play: (on) =>
        live(on, {
          accepted: async (_, run) => {
            on.faults.inject({ kind: 'delay', ms: 150 })
            await Promise.all([on.start(run), on.start(run)])
          },
        }),
    },
    {
      ...{ name: 'The queue brings a message that is none of ours', sender: fine, end: 'succeeded' },
      ...{ operator: 'dropped a message in the queue that taskhook did not send', retried: 'no: dropped' },
      play: (on) =>
        live(on, {
          accepted: async () => {
            await on.bridge.start({ Records: [{ messageId: 'x', body: 'hello' }] })
          },
        }),
    },
    {
      ...{ name: 'The table cannot be written when the run is claimed', sender: fine, end: 'succeeded' },
      ...{ operator: 'start failed; the queue will deliver it again', retried: 'the message comes back' },
      play: (on) => live(on, { accepted: () => answers(on, 'DynamoDB', (action) => action === 'UpdateItem', 1) }),
    },
    {
      name: 'The task is started, and the table cannot be written',
      ...{ sender: fine, end: 'succeeded', operator: 'start failed; the queue will deliver it again', starts: 2 },
      retried: 'the message comes back, same token: one task; or an event of the task is faster',
      play: (on) =>
        live(on, {
          accepted: () => answers(on, 'DynamoDB', (_, input) => input.includes('launchedAt'), 1),
        }),
    },
    {
      name: 'A start is to be tried later, and the queue does not take its message',
      ...{
        sender: fine,
        end: 'succeeded',
        operator: 'start failed; the queue',
        retried: 'the present message comes back',
        starts: 2,
      },
      play: (on) =>
        live(on, {
          before: () =>
            on.faults.inject({ kind: 'error', type: 'ClientException', message: 'Rate exceeded', status: 400 }),
          accepted: () => answers(on, 'SQS', (action) => action === 'SendMessage', 1),
        }),
    },
    {
      ...{ name: 'A message is lost', sender: fine, end: 'succeeded', operator: '"class":"started"' },
      retried: 'the sweep sends another, two minutes later',
      play: (on) => live(on, { losesFirst: true }),
    },
    {
      ...{
        name: 'The table cannot be written when an event comes',
        sender: fine,
        end: 'succeeded',
        operator: '"exitCode":0',
      },
      retried: 'Lambda tries it twice more, after one minute and two; after that the sweep asks ECS',
      play: (on) =>
        live(on, {
          running: () => answers(on, 'DynamoDB', (action) => action === 'UpdateItem', 1),
        }),
    },
  ],
}
