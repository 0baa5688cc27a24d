/** A run in each status, and an example of each answer. */
import type { Answer, RunView } from '../../src/core/adapter.ts'

export const runView = (status: RunView['status']): RunView => ({
  run: '0123456789abcdef0123',
  task: 'analyze',
  status,
  params: { dataset: 'sales & <!channel>', depth: 3 },
  statusUrl: 'https://abc.lambda-url.eu-west-1.on.aws/runs/0123456789abcdef0123?token=status-token',
  createdAt: '2026-03-01T10:00:00.000Z',
  startedAt: '2026-03-01T10:00:10.000Z',
  stoppedAt: '2026-03-01T10:01:22.000Z',
  exitCode: 1,
  reason: 'the container exited with 1',
})

export const exampleAnswers: readonly Answer[] = [
  { kind: 'accepted', runs: [runView('queued')], fresh: true },
  { kind: 'accepted', runs: [runView('running'), runView('queued')], fresh: false },
  { kind: 'ignored', reason: 'no route matches /x' },
  { kind: 'recent', runs: [runView('succeeded'), runView('running')] },
  { kind: 'recent', runs: [] },
  ...(['cancel', 'rerun', 'show'] as const).map(
    (verb): Answer => ({ kind: 'action', verb, by: 'ann <!here>', run: runView('running') }),
  ),
  { kind: 'help', command: '/x', tasks: [{ task: 'analyze', params: { depth: { type: 'integer', env: 'DEPTH' } } }] },
  { kind: 'refused', status: 422, title: 'wrong', problems: [{ path: 'depth', message: 'is 99' }] },
  { kind: 'refused', status: 500, title: 'taskhook failed; its log says why', problems: [] },
]
