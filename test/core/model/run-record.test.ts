import { describe, expect, it } from 'vitest'
import { hasEnded, isFullyNotified, isLaunched, type RunRecord } from '../../../src/core/model/run-record.ts'

const record = (fields: Partial<RunRecord>): RunRecord => ({ status: 'queued', ...fields }) as unknown as RunRecord

describe('a run record', () => {
  it('is of a launched run once it names a task', () => {
    expect(isLaunched(record({ taskArn: 'arn' }))).toBe(true)
    expect(isLaunched(record({ status: 'starting' }))).toBe(false)
  })

  it('is of an ended run in a terminal status', () => {
    expect(hasEnded(record({ status: 'failed' }))).toBe(true)
    expect(hasEnded(record({ status: 'running' }))).toBe(false)
  })
})

describe('isFullyNotified', () => {
  it.each([
    ['the newest status, and there is no progress', { notified: 'running' }, true],
    ['the newest status and progress', { notified: 'running', notifiedRev: 2, progressRev: 2 }, true],
    ['an older status', { notified: 'starting', notifiedRev: 2, progressRev: 2 }, false],
    ['nothing', {}, false],
    ['older progress', { notified: 'running', notifiedRev: 1, progressRev: 2 }, false],
    ['no progress, and there is some', { notified: 'running', progressRev: 1 }, false],
    ['progress, and the record lost its count', { notified: 'running', notifiedRev: 1 }, true],
  ] as const)('if the sender was notified of %s: %#', (_, fields, expected) => {
    expect(isFullyNotified({ status: 'running', ...fields })).toBe(expected)
  })
})
