/** Runs that have no task yet: queued, waiting for something, or about to be started. */
import { bob } from '../../../support/slack/people.ts'
import type { Stage } from '../../../support/stage.ts'
import {
  deliverQueue,
  dieAt,
  orderTask,
  push,
  startAndSettle,
  stopped,
  stopTask,
  typeCommand,
  writes,
} from './bring.ts'
import type { Bring, Subject } from './state.ts'

const noCapacity = { kind: 'failure', reason: 'Capacity is unavailable at this time.' } as const
const traced = {
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  tracestate: 'congo=t61rcWkgMzE',
}

/** `start` has had the run once. */
async function startedOnce(on: Stage, subject: Subject): Promise<Subject> {
  await startAndSettle(on, subject, 0)
  return subject
}

export const waitingStates = {
  queued: (on) => orderTask(on, 'quick', { headers: traced }),

  'queued-with-callback-url': (on) => orderTask(on, 'quick', { callbackUrl: 'https://hooks.example.com/own' }),

  'queued-after-no-capacity': async (on) => {
    on.faults.inject(noCapacity, 3)
    return startedOnce(on, await orderTask(on, 'quick'))
  },

  'queued-after-lost-run-task': async (on) => {
    on.faults.inject({ kind: 'dropped' }, 3)
    return startedOnce(on, await orderTask(on, 'quick'))
  },

  'waiting-for-slot': async (on) => {
    const first = await orderTask(on, 'grouped')
    await startAndSettle(on, first, 2)
    on.advance(1000)
    const second = await startedOnce(on, await orderTask(on, 'grouped'))
    await stopTask(on, first.run)
    return second
  },

  'waiting-for-end-of-pause': async (on, { pause }) => {
    const subject = await orderTask(on, 'quick')
    await pause({ quick: { message: 'Cluster upgrade', by: 'ann', since: on.now() } })
    return startedOnce(on, subject)
  },

  'waiting-for-approval-in-slack': async (on) => startedOnce(on, await typeCommand(on, '/approved')),

  'waiting-for-approval-on-check-run': async (on) => startedOnce(on, await push(on, 'approved', 77)),

  approved: async (on) => {
    const subject = await startedOnce(on, await typeCommand(on, '/approved'))
    await typeCommand(on, '/approved', `approve ${subject.run}`, bob)
    await deliverQueue(on)
    return subject
  },

  'claimed-before-run-task': async (on) => {
    const subject = await orderTask(on, 'quick')
    await dieAt(on, writes('launching'), () => on.start(subject.run))
    return subject
  },

  'claimed-after-run-task': async (on) => {
    const subject = await orderTask(on, 'quick')
    await dieAt(on, writes('launchedAt'), () => on.start(subject.run))
    await stopped(on, subject.run)
    return subject
  },
} as const satisfies Readonly<Record<string, Bring>>
