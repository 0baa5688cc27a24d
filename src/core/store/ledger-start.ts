/** The ledger's writes from `queued` to a launched task. */

import type { Ledger } from './ledger.ts'
import { holdsLease, isQueued, leaseExpired } from './ledger-conditions.ts'
import type { RunItems } from './run-item.ts'

type StartWrites = Pick<Ledger, 'claim' | 'beginAttempt' | 'recordLaunch' | 'enqueue' | 'promote' | 'updatePlace'>

export const createStartWrites = ({ read, update }: RunItems): StartWrites => ({
  async claim({ run, now, leaseUntil }) {
    const status = 'starting'
    const set = { status, leaseUntil, dueAt: leaseUntil }
    const row =
      (await update(run, { set, remove: ['reason', 'waiting'], ...isQueued })) ??
      // The function that held it died: before RunTask could be called, or perhaps after.
      (await update(run, { set, ...leaseExpired(now, 'attribute_not_exists(launching)') })) ??
      (await update(run, { set: { ...set, unsure: true }, ...leaseExpired(now, 'attribute_exists(launching)') }))
    if (row !== undefined) return { kind: 'claimed', row: { ...row, status, leaseUntil } }
    const other = await read(run)
    return other?.status === 'starting' && other.taskArn === undefined ? { kind: 'busy' } : { kind: 'done', row: other }
  },

  async beginAttempt({ run, lease, leaseUntil, ...attempt }) {
    const row = await update(run, { set: { ...attempt, leaseUntil, launching: true }, ...holdsLease(lease) })
    return row === undefined ? undefined : leaseUntil
  },

  async recordLaunch({ run, taskArn, ...launch }) {
    // An event of the task may have been faster. It knows the state of the task better, so the status stays.
    const row = await update(run, {
      set: { taskArn, ...launch },
      remove: ['leaseUntil'],
      when: 'attribute_exists(#open) AND (attribute_not_exists(taskArn) OR taskArn = :taskArn)',
      names: ['open'],
      values: { taskArn },
    })
    return row === undefined ? undefined : { ...row, taskArn }
  },

  enqueue: ({ run, lease, ...waiting }) =>
    update(run, {
      set: { status: 'queued', ...waiting },
      remove: ['leaseUntil', 'launching'],
      ...holdsLease(lease),
    }),

  async promote({ run, dueAt }) {
    await update(run, { set: { dueAt }, ...isQueued })
  },

  async updatePlace({ run, waiting, reason }) {
    await update(run, { set: { waiting, reason }, ...isQueued })
  },
})
