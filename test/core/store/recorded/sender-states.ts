/** Runs of GitHub and Slack, whose adapters keep where a run's answers go and what they have written there; and messages that are under way. */
import { ann, bob } from '../../../support/slack/people.ts'
import type { Stage } from '../../../support/stage.ts'
import {
  act,
  comment,
  deliverQueue,
  orderTask,
  push,
  reportProgress,
  rerunAllChecks,
  startAndSettle,
  stopped,
  stopTask,
  submitForm,
  typeCommand,
} from './bring.ts'
import type { Bring, Subject } from './state.ts'

/** Its task has run; the event of its end has not been settled. */
async function running(on: Stage, subject: Subject): Promise<Subject> {
  await startAndSettle(on, subject, 2)
  await stopTask(on, subject.run)
  return subject
}

export const senderStates = {
  'github-commit-status': async (on) => running(on, await push(on, 'long')),
  'github-check-run': async (on) => running(on, await push(on, 'long', 77)),
  'github-comment': async (on) => running(on, await comment(on, '/long dataset=sales')),
  'slack-bot-token': async (on) => running(on, await typeCommand(on, '/long')),
  'slack-response-url': async (on) => running(on, await typeCommand(on, '/long', '', ann, 'plain')),
  'slack-form': async (on) => {
    const subject = await submitForm(on)
    await startAndSettle(on, subject, 0)
    await stopped(on, subject.run)
    return subject
  },
} as const satisfies Readonly<Record<string, Bring>>

export const messageStates = {
  'cancel-message': async (on) => {
    const subject = await orderTask(on, 'long')
    await startAndSettle(on, subject, 2)
    await act(on, subject, 'cancel')
    await stopTask(on, subject.run)
    return subject
  },

  'progress-message': async (on) => {
    const subject = await orderTask(on, 'long')
    await startAndSettle(on, subject, 2)
    await reportProgress(on, subject.run, 40)
    await stopTask(on, subject.run)
    return subject
  },

  'approve-message': async (on) => {
    const subject = await typeCommand(on, '/approved')
    await startAndSettle(on, subject, 0)
    await typeCommand(on, '/approved', `approve ${subject.run}`, bob)
    return subject
  },

  'reject-message': async (on) => {
    const subject = await typeCommand(on, '/approved')
    await startAndSettle(on, subject, 0)
    await typeCommand(on, '/approved', `reject ${subject.run}`, bob)
    return subject
  },

  // Slack's message was edited less than five seconds ago.
  'notify-message': async (on) => {
    const subject = await typeCommand(on, '/long')
    await startAndSettle(on, subject, 2)
    await reportProgress(on, subject.run, 40)
    await deliverQueue(on)
    await stopTask(on, subject.run)
    return subject
  },

  'slack-form-message': async (on) => {
    await typeCommand(on, '/ask')
    return undefined
  },

  'github-check-suite-message': async (on) => {
    await rerunAllChecks(on)
    return undefined
  },

  'rate-limits': async (on) => {
    await typeCommand(on, '/long', '', ann, 'plain')
    return undefined
  },
} as const satisfies Readonly<Record<string, Bring>>
