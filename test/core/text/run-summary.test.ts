import { describe, expect, it } from 'vitest'
import type { RunView } from '../../../src/core/adapter.ts'
import { describeParams, describeRun, durationOf } from '../../../src/core/text/run-summary.ts'

const run = (more: Partial<RunView>): RunView => ({
  run: '0123456789abcdef0123',
  task: 'analyze',
  status: 'queued',
  params: {},
  statusUrl: 'https://abc.on.aws/runs/x',
  createdAt: '2026-01-01T00:00:00.000Z',
  ...more,
})
const ran = { startedAt: '2026-01-01T00:00:10.000Z', stoppedAt: '2026-01-01T00:01:22.000Z' }

describe('describeRun', () => {
  it.each<[Partial<RunView>, string]>([
    [{ status: 'queued' }, 'queued'],
    [
      { status: 'queued', reason: 'no capacity', waiting: { kind: 'retry', class: 'capacity', cause: 'no capacity' } },
      'queued, to be tried again: no capacity',
    ],
    [{ status: 'queued', waiting: { kind: 'slot', place: 2, limit: 1 } }, 'queued, 2nd in line, 1 at a time'],
    [{ status: 'queued', waiting: { kind: 'pause', message: 'until 14:00' } }, 'queued, paused: until 14:00'],
    [{ status: 'queued', approval: { from: ['U1'], until: '2026-01-01T01:00:00.000Z' } }, 'waits for approval'],
    [{ status: 'starting' }, 'starting'],
    [{ status: 'running', startedAt: ran.startedAt }, 'running'],
    [{ status: 'succeeded', exitCode: 0, ...ran }, 'succeeded in 1 min 12 s'],
    [{ status: 'succeeded', exitCode: 0 }, 'succeeded'],
    [{ status: 'failed', exitCode: 3, ...ran }, 'failed with exit code 3 after 1 min 12 s'],
    [
      { status: 'failed', exitCode: 3, reason: 'the container exited with 3', stopCause: 'exit' },
      'failed with exit code 3',
    ],
    [
      { status: 'failed', exitCode: 137, reason: 'OutOfMemoryError', stopCause: 'message', ...ran },
      'failed with exit code 137 after 1 min 12 s: OutOfMemoryError',
    ],
    [{ status: 'failed', reason: 'host died', ...ran }, 'failed after 1 min 12 s: host died'],
    [{ status: 'failed' }, 'failed'],
    [
      { status: 'cancelled', reason: 'cancelled by ann', endedBy: { kind: 'cancelled', by: 'ann' }, ...ran },
      'was cancelled by ann after 1 min 12 s',
    ],
    [
      { status: 'cancelled', reason: 'rejected by bob', endedBy: { kind: 'rejected', by: 'bob' } },
      'was rejected by bob',
    ],
    [
      { status: 'cancelled', reason: 'taskhook: cancelled', ...ran },
      'was cancelled after 1 min 12 s: taskhook: cancelled',
    ],
    [{ status: 'timed-out', reason: 'taskhook: timed out', ...ran }, 'timed out after 1 min 12 s and was stopped'],
    [{ status: 'failed-to-start', reason: 'no such image' }, 'could not be started: no such image'],
    [{ status: 'failed-to-start' }, 'could not be started'],
  ])('%j', (more, words) => {
    expect(describeRun(run(more))).toBe(words)
  })

  it.each<[Partial<RunView>, string]>([
    // Words that look like those of another state.
    [
      {
        status: 'queued',
        reason: 'paused: x in line, 1 at a time',
        waiting: { kind: 'retry', class: 'unknown', cause: 'paused: x in line, 1 at a time' },
      },
      'queued, to be tried again: paused: x in line, 1 at a time',
    ],
    [
      { status: 'failed', exitCode: 3, reason: 'the container exited with 3', stopCause: 'message' },
      'failed with exit code 3: the container exited with 3',
    ],
    [{ status: 'cancelled', reason: 'cancelled by hand' }, 'was cancelled: cancelled by hand'],
  ])('decides by data and not by the words of a reason: %j', (more, words) => {
    expect(describeRun(run(more))).toBe(words)
  })

  it.each<[Partial<RunView>, string]>([
    [{ status: 'queued', reason: '1st in line, 1 at a time' }, 'queued: 1st in line, 1 at a time'],
    [{ status: 'queued', reason: 'paused: until 14:00' }, 'queued: paused: until 14:00'],
    [{ status: 'queued', reason: 'no capacity' }, 'queued: no capacity'],
    [{ status: 'cancelled', reason: 'rejected by bob' }, 'was cancelled: rejected by bob'],
  ])('reads well for a run of an earlier version, which has only a reason: %j', (more, words) => {
    expect(describeRun(run(more))).toBe(words)
  })
})

describe('durationOf', () => {
  it.each<[seconds: number, words: string]>([
    [0, 'under a second'],
    [0.4, 'under a second'],
    [-5, 'under a second'],
    [0.5, '1 s'],
    [4, '4 s'],
    [59, '59 s'],
    [59.6, '1 min'],
    [60, '1 min'],
    [72, '1 min 12 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h'],
    [7380, '2 h 3 min'],
    [90_000, '25 h'],
  ])('%d s is "%s"', (seconds, words) => {
    const start = Date.parse('2026-01-01T00:00:00.000Z')
    const at = (ms: number) => new Date(ms).toISOString()
    expect(durationOf({ startedAt: at(start), stoppedAt: at(start + seconds * 1000) })).toBe(words)
  })

  it.each([
    [{}],
    [{ startedAt: ran.startedAt }],
    [{ stoppedAt: ran.stoppedAt }],
    [{ startedAt: 'not a time', stoppedAt: ran.stoppedAt }],
  ])('%j has none', (times) => {
    expect(durationOf(times)).toBeUndefined()
  })
})

describe('describeParams', () => {
  it('names every parameter', () => {
    expect(describeParams({ params: { dataset: 'sales', depth: 3, dry: false } })).toBe(
      'dataset=sales depth=3 dry=false',
    )
    expect(describeParams({ params: {} })).toBe('')
  })
})
