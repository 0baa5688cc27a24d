import { expect, it } from 'vitest'
import { runMarkdown } from '../../../src/adapters/github/run-markdown.ts'
import type { RunView } from '../../../src/core/adapter.ts'

const run: RunView = {
  ...{ run: '0123456789abcdef0123', task: 'analyze', status: 'running', params: {} },
  statusUrl: 'https://x.example/',
  createdAt: '2026-03-01T10:00:00.000Z',
}
const rowsOf = (more: Partial<RunView>): Record<string, string> =>
  Object.fromEntries(
    runMarkdown({ ...run, ...more })
      .split('\n')
      .slice(2)
      .map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')) as [string, string]),
  )

it('shows only what is known', () => {
  expect(runMarkdown(run)).toBe('| | |\n| --- | --- |\n| Run | `0123456789abcdef0123` |')
})

it('shows the progress of a run, and the last message when it has ended', () => {
  const progress = { percent: 40, message: 'reading' }
  expect(rowsOf({ progress })).toMatchObject({ Progress: '`40 %: reading`' })
  expect(rowsOf({ progress, stoppedAt: '2026-03-01T10:01:00.000Z' })).toMatchObject({ 'Last message': '`reading`' })
})

it('shows the reason unless another row says the same', () => {
  expect(rowsOf({ reason: 'no Spot capacity' })).toMatchObject({ Reason: '`no Spot capacity`' })
  expect(rowsOf({ reason: 'the container exited with 3', stopCause: 'exit', exitCode: 3 })).toEqual({
    'Exit code': '3',
    Run: '`0123456789abcdef0123`',
  })
  const approval = { from: ['bob', 'acme/leads'], until: '2026-03-01T11:00:00.000Z' }
  expect(rowsOf({ reason: 'waits for approval', approval })).toEqual({
    'Waiting for': '`bob` or `acme/leads`, until 2026-03-01T11:00:00.000Z',
    Run: '`0123456789abcdef0123`',
  })
})

it('shows the id of the ECS task without the account', () => {
  const taskArn = 'arn:aws:ecs:eu-west-1:123456789012:task/main/0f3b'
  expect(rowsOf({ taskArn })).toMatchObject({ 'ECS task': '`0f3b`' })
})

it('shows an exit code of 0, outputs and links', () => {
  const links = [{ label: 'Report', url: 'https://e.example/r' }]
  expect(rowsOf({ exitCode: 0, outputs: { rows: '1200' }, links })).toMatchObject({
    'Exit code': '0',
    '`rows`': '`1200`',
    Links: '[Report](https://e.example/r)',
  })
})
