/** Runs that have a task: started, running and ended, with a sender that knows of the end and with one that does not. */
import type { Stage } from '../../../support/stage.ts'
import {
  act,
  deliverQueue,
  dieAt,
  orderTask,
  reportProgress,
  senderIsDown,
  startAndSettle,
  stopped,
  stopTask,
  typeCommand,
  writes,
} from './bring.ts'
import type { Bring, Subject } from './state.ts'

/** Starts a task, and settles events of it: 2 until it runs, 3 until it has ended. */
async function started(on: Stage, task: Parameters<typeof orderTask>[1], events: number): Promise<Subject> {
  const subject = await orderTask(on, task)
  await startAndSettle(on, subject, events)
  return subject
}

async function settleEnd(on: Stage, { run }: Subject): Promise<void> {
  for (const event of await stopped(on, run)) await on.bridge.settle(event)
}

async function cancelled(on: Stage): Promise<Subject> {
  const subject = await started(on, 'long', 2)
  await act(on, subject, 'cancel')
  await deliverQueue(on)
  await settleEnd(on, subject)
  return subject
}

async function timedOut(on: Stage): Promise<Subject> {
  const subject = await started(on, 'timed', 2)
  on.advance(95_000)
  await on.sweep()
  await settleEnd(on, subject)
  return subject
}

/** A run on Spot capacity that is taken back; its route asks for a rerun. */
async function interrupted(on: Stage): Promise<Subject> {
  on.faults.inject({ kind: 'interrupted', stopCode: 'SpotInterruption', reason: 'Your Spot Task was interrupted.' }, 1)
  const subject = await started(on, 'spot', 2)
  await stopped(on, subject.run)
  return subject
}

const whileSenderIsDown =
  (end: Bring): Bring =>
  (on, means) => {
    senderIsDown(on)
    return end(on, means)
  }

export const startedStates = {
  starting: async (on) => {
    const subject = await started(on, 'quick', 0)
    await stopped(on, subject.run)
    return subject
  },

  'running-with-progress': async (on) => {
    const subject = await started(on, 'quick', 2)
    await reportProgress(on, subject.run, 40)
    await deliverQueue(on)
    await stopped(on, subject.run)
    return subject
  },

  'running-and-being-cancelled': async (on) => {
    const subject = await started(on, 'long', 2)
    await act(on, subject, 'cancel')
    await deliverQueue(on)
    await stopped(on, subject.run)
    return subject
  },

  'running-with-timeout': async (on) => {
    const subject = await started(on, 'timed', 2)
    await stopTask(on, subject.run)
    return subject
  },

  'succeeded-and-closed': (on) => started(on, 'quick', 3),
  'failed-and-closed': (on) => started(on, 'failing', 3),
  'cancelled-and-closed': cancelled,
  'timed-out-and-closed': timedOut,
  'failed-to-start-and-closed': (on) => started(on, 'missing', 0),

  'succeeded-not-notified': whileSenderIsDown((on) => started(on, 'quick', 3)),
  'failed-not-notified': whileSenderIsDown((on) => started(on, 'failing', 3)),
  'cancelled-not-notified': whileSenderIsDown(cancelled),
  'timed-out-not-notified': whileSenderIsDown(timedOut),
  'failed-to-start-not-notified': whileSenderIsDown((on) => started(on, 'missing', 0)),

  // A sender that edits messages: others are notified without a claim.
  'succeeded-while-notifying': async (on) => {
    const subject = await typeCommand(on, '/quick')
    await startAndSettle(on, subject, 2)
    await dieAt(on, writes('told'), () => settleEnd(on, subject))
    return subject
  },

  rerun: async (on) => {
    const old = await orderTask(on, 'quick', { callbackUrl: 'https://hooks.example.com/own' })
    await startAndSettle(on, old, 3)
    return act(on, old, 'rerun')
  },

  'interrupted-and-rerun': async (on) => {
    const old = await interrupted(on)
    await settleEnd(on, old)
    const [start = '{}'] = await on.takeMessages()
    return { run: (JSON.parse(start) as { run: string }).run }
  },

  'interrupted-before-rerun': async (on) => {
    const subject = await interrupted(on)
    await dieAt(
      on,
      ({ action }) => action === 'PutItem',
      () => settleEnd(on, subject),
    )
    return subject
  },
} as const satisfies Readonly<Record<string, Bring>>
