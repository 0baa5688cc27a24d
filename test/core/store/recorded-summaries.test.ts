/** Runs that commit a0166d7 has left in the table are described as that commit described them. It stored the reasons as English only. */
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it } from 'vitest'
import { runMarkdown } from '../../../src/adapters/github/run-markdown.ts'
import { runView } from '../../../src/core/lifecycle/run-view.ts'
import type { PublicRecord } from '../../../src/core/model/run-record.ts'
import { createRunItems, keyOfRun } from '../../../src/core/store/run-item.ts'
import { describeRun } from '../../../src/core/text/run-summary.ts'
import { recordedNames, recordingOf } from './recorded/replay.ts'
import type { Item } from './recorded/state.ts'

const refuse = async () => {
  throw new Error('nothing is written here')
}

/** The record that both readers of the table make of an item. */
async function recordOf(item: Readonly<Record<string, unknown>>): Promise<PublicRecord> {
  const get = async () => item
  const items = createRunItems({ get, create: refuse, update: refuse, keys: refuse })
  const record = await items.read('r')
  const shown = await items.readPublic('r')
  if (record === undefined || shown === undefined) throw new Error('the item was not read')
  const { waiting, endedBy, stopCause } = shown
  expect({ waiting: record.waiting, endedBy: record.endedBy, stopCause: record.stopCause }).toEqual({
    waiting,
    endedBy,
    stopCause,
  })
  return record
}

const viewOf = async (item: Readonly<Record<string, unknown>>) => runView(await recordOf(item), 'key')

/** The run that a recording is about. */
function runItem(name: string): Item {
  const { items, subject } = recordingOf(name)
  const found = items.find(({ pk }) => pk?.S === keyOfRun(subject?.run ?? ''))
  if (found === undefined) throw new Error(`${name} has no run`)
  return found
}

const summaryOf = async (name: string): Promise<string> => describeRun(await viewOf(unmarshall({ ...runItem(name) })))

const summaries: Readonly<Record<string, string>> = {
  'approve-message': 'waits for approval',
  approved: 'queued',
  'cancel-message': 'running',
  'cancelled-and-closed': 'was cancelled by shop after under a second',
  'cancelled-not-notified': 'was cancelled by shop after under a second',
  'claimed-after-run-task': 'starting',
  'claimed-before-run-task': 'starting',
  'failed-and-closed': 'failed with exit code 3 after under a second',
  'failed-not-notified': 'failed with exit code 3 after under a second',
  'failed-to-start-and-closed': 'could not be started: the task definition cannot be used (TaskDefinition not found)',
  'failed-to-start-not-notified': 'could not be started: the task definition cannot be used (TaskDefinition not found)',
  'github-check-run': 'running',
  'github-comment': 'running',
  'github-commit-status': 'running',
  'interrupted-and-rerun': 'queued',
  'interrupted-before-rerun':
    'failed with exit code 143 after under a second: Spot took its capacity back; it runs again',
  'notify-message': 'running, 40 %: at 40',
  'progress-message': 'running',
  queued: 'queued',
  'queued-after-lost-run-task': 'queued, to be tried again: ECS gave no answer',
  'queued-after-no-capacity': 'queued, to be tried again: no on-demand capacity in 2 subnets',
  'queued-with-callback-url': 'queued',
  'reject-message': 'waits for approval',
  rerun: 'queued',
  'running-and-being-cancelled': 'running',
  'running-with-progress': 'running, 40 %: at 40',
  'running-with-timeout': 'running',
  'slack-bot-token': 'running',
  'slack-form': 'starting',
  'slack-response-url': 'running',
  starting: 'starting',
  'succeeded-and-closed': 'succeeded in under a second',
  'succeeded-not-notified': 'succeeded in under a second',
  'succeeded-while-notifying': 'succeeded in under a second',
  'timed-out-and-closed': 'timed out after 1 min 35 s and was stopped',
  'timed-out-not-notified': 'timed out after 1 min 35 s and was stopped',
  'waiting-for-approval-in-slack': 'waits for approval',
  'waiting-for-approval-on-check-run': 'waits for approval',
  'waiting-for-end-of-pause': 'queued, paused: Cluster upgrade',
  'waiting-for-slot': 'queued, 1st in line, 1 at a time',
}

describe('describes the recorded run as before:', () => {
  it.each(Object.entries(summaries))('%s', async (name, summary) => {
    expect(await summaryOf(name)).toBe(summary)
  })

  it('every recording of a run', () => {
    const ofRuns = recordedNames.filter((name) => recordingOf(name).subject !== undefined)
    expect(Object.keys(summaries).sort()).toEqual([...ofRuns].sort())
  })
})

const rowWith = (attributes: Readonly<Record<string, unknown>>) => ({
  ...unmarshall({ ...runItem('queued') }),
  ...attributes,
})

describe('describes reasons that no recording has:', () => {
  it.each([
    [{ status: 'cancelled', reason: 'rejected by bob' }, 'was rejected by bob'],
    [{ status: 'cancelled', reason: 'cancelled by a newer run' }, 'was cancelled by a newer run'],
    [{ status: 'cancelled', reason: 'nobody approved it in time' }, 'was cancelled: nobody approved it in time'],
    [{ status: 'queued', reason: '22nd in line, 10 at a time' }, 'queued, 22nd in line, 10 at a time'],
    [
      { status: 'queued', reason: 'the subnet is in line, at a time' },
      'queued, to be tried again: the subnet is in line, at a time',
    ],
    [
      { status: 'failed', exitCode: 1, reason: 'the container exited with 1; it runs again' },
      'failed with exit code 1: the container exited with 1; it runs again',
    ],
  ])('%j', async (attributes, summary) => {
    expect(describeRun(await viewOf(rowWith(attributes)))).toBe(summary)
  })
})

describe('keeps the data of a row of this release', () => {
  it.each([
    { status: 'queued', reason: 'paused: upgrade', waiting: { kind: 'pause', message: 'upgrade' } },
    { status: 'queued', reason: '1st in line, 2 at a time', waiting: { kind: 'slot', place: 1, limit: 2 } },
    { status: 'queued', reason: 'no capacity', waiting: { kind: 'retry', class: 'capacity', cause: 'no capacity' } },
    { status: 'cancelled', reason: 'cancelled by ann', endedBy: { kind: 'rejected', by: 'bob' } },
    { status: 'failed', reason: 'the container exited with 3', stopCause: 'signal' },
  ])('$status, $reason', async (attributes) => {
    expect(await recordOf(rowWith(attributes))).toMatchObject(attributes)
  })
})

it('trusts the reason if the earlier version has changed it after a rollback', async () => {
  const waiting = { kind: 'slot', place: 1, limit: 2 }
  const row = await recordOf(rowWith({ status: 'queued', reason: 'paused: upgrade', waiting }))
  expect(row.waiting).toEqual({ kind: 'pause', message: 'upgrade' })
})

it('omits the reason from the table of a run if the exit code says the same', async () => {
  const markdown = runMarkdown(await viewOf(unmarshall({ ...runItem('failed-and-closed') })))
  expect(markdown).toContain('| Exit code | 3 |')
  expect(markdown).not.toContain('Reason')
})
