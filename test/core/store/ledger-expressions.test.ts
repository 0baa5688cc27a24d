/**
 * The expressions that the ledger's writes send to DynamoDB, byte for byte. Rows of earlier versions have the stored names, and during an
 * upgrade functions of two versions work on the same table, so renaming a field in code must not change what is sent.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createLedger } from '../../../src/core/store/dynamodb-ledger.ts'
import { type Change, expressionOf } from '../../../src/core/store/dynamodb-update.ts'
import type { Items } from '../../../src/core/store/items.ts'
import type { Ledger } from '../../../src/core/store/ledger.ts'

const expected = JSON.parse(
  readFileSync(new URL('../../fixtures/ledger-expressions.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly string[]>>

const run = '0'.repeat(20)
const now = 1_800_000_000_000
const held = { run, lease: 7 }
const ending = { ...held, reason: 'x', now }
const waiting = { kind: 'approval' } as const
const endedBy = { kind: 'cancelled', by: 'ann' } as const
const told = { run, rev: 2, at: now, since: 5, dueAt: now }

const writes: Readonly<Record<string, (ledger: Ledger) => Promise<unknown>>> = {
  claim: (ledger) => ledger.claim({ run, now, leaseUntil: 9 }),
  beginAttempt: (ledger) => ledger.beginAttempt({ ...held, attempt: 1, container: 'app', attempts: [], leaseUntil: 9 }),
  recordLaunch: (ledger) =>
    ledger.recordLaunch({ run, taskArn: 'arn', dueAt: now, deadline: 1, launchedAt: now, attempts: [] }),
  enqueue: (ledger) => ledger.enqueue({ ...held, waiting, reason: 'x', dueAt: now, unsure: false }),
  promote: (ledger) => ledger.promote({ run, dueAt: now }),
  updatePlace: (ledger) => ledger.updatePlace({ run, waiting, reason: 'x' }),
  recordOutcome: (ledger) =>
    ledger.recordOutcome({ outcome: { run, taskArn: 'arn', version: 3, status: 'failed' }, reason: 'x', dueAt: now }),
  failToStart: (ledger) => ledger.failToStart({ ...ending, attempts: [] }),
  cancel: (ledger) => ledger.cancel({ run, by: 'ann', reason: 'x', now }),
  cancelClaimed: (ledger) => ledger.cancelClaimed({ ...ending, endedBy }),
  expire: (ledger) => ledger.expire(ending),
  approve: (ledger) => ledger.approve({ run, by: 'ann', actor: 'U1', now, dueAt: now }),
  reject: (ledger) => ledger.reject({ run, by: 'ann', reason: 'x', now }),
  recordProgress: (ledger) => ledger.recordProgress({ run, progress: { percent: 4, at: now }, seen: 4 }),
  claimNotification: (ledger) => ledger.claimNotification({ run, now, until: now + 1 }),
  'recordNotification of a state': (ledger) =>
    ledger.recordNotification({ ...told, status: 'running', mayClose: false, memory: { a: 1 } }),
  'recordNotification of the end': (ledger) =>
    ledger.recordNotification({ ...told, status: 'failed', mayClose: false, memory: { a: 1 } }),
  'recordNotification of the end, which closes': (ledger) =>
    ledger.recordNotification({ ...told, status: 'failed', mayClose: true, since: 0 }),
  scheduleReview: (ledger) => ledger.scheduleReview({ run, dueAt: now }),
  'scheduleReview after a failed notification': (ledger) => ledger.scheduleReview({ run, dueAt: now, notifyTries: 3 }),
  close: (ledger) => ledger.close({ run, since: 5 }),
  'close of a run whose sender was never notified': (ledger) => ledger.close({ run, since: 0 }),
}

/** What a write sends if no condition holds, so that the writes after it are sent as well. */
async function sentBy(write: (ledger: Ledger) => Promise<unknown>): Promise<string[]> {
  const sent: string[] = []
  const update = async (_: string, change: Change): Promise<undefined> => {
    const { UpdateExpression, ConditionExpression, ...rest } = expressionOf(change)
    const names = Object.entries(rest.ExpressionAttributeNames).map((pair) => pair.join('='))
    const values = Object.keys(rest.ExpressionAttributeValues ?? {})
    sent.push(`${UpdateExpression} IF ${ConditionExpression}`, [...names, ...values].join(' '))
  }
  const items: Items = { update, get: async () => undefined, create: async () => false, keys: async () => [] }
  await write(createLedger(items))
  return sent
}

it.each(Object.entries(writes))('%s sends the same expressions as ever', async (name, write) => {
  expect(await sentBy(write)).toEqual(expected[name])
})
