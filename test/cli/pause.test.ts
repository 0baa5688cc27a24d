/** The shipped commands against an emulated table. */

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { isNew } from '../../src/core/store/ledger-conditions.ts'
import { changePauses, readPauses } from '../../src/core/store/pause-store.ts'
import { startEmulated } from './emulated.ts'
import { taskhook } from './process.ts'

// Several processes in each test.
vi.setConfig({ testTimeout: 60_000 })

type Emulated = Awaited<ReturnType<typeof startEmulated>>
let there: Emulated
beforeAll(async () => {
  there = await startEmulated()
  await there.items.create('run#0123456789abcdef0123', { task: 'analyze', createdAt: 1 }, isNew)
})
afterEach(() => changePauses(there.items, () => ({})))
afterAll(() => there?.close())

const call = (...args: string[]) => taskhook(args, { env: there.env })

describe('taskhook pause', () => {
  it('pauses all tasks and prints the pause, until resume ends it', async () => {
    const { code, stdout, stderr } = await call('pause', '--message', 'Cluster upgrade\nuntil 14:00', '--for', '2h')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /^all tasks: paused since [\d-]+ [\d:]+ UTC, until [\d-]+ [\d:]+ UTC, by \S+\n {2}Cluster upgrade until 14:00\n$/,
    )
    const { '*': made } = await readPauses(there.items)
    expect(made).toMatchObject({ message: 'Cluster upgrade until 14:00', by: expect.any(String) })
    expect((made?.until ?? 0) - (made?.since ?? 0)).toBeGreaterThanOrEqual(7_199_000)
    expect((await call('pause')).stdout).toBe(stdout)
    expect(await call('resume')).toEqual({ code: 0, stdout: 'nothing is paused\n', stderr: '' })
    expect(await readPauses(there.items)).toEqual({})
  })

  it('pauses several tasks, warns of an unknown one, and resumes them one by one', async () => {
    const { code, stdout, stderr } = await call('pause', '--message', 'no', '--task', 'analyze', '--task', 'anlyze')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: the ledger has no run of "anlyze"; check the name of the task\n',
    })
    expect(stdout).toContain('analyze: paused since')
    expect(Object.keys(await readPauses(there.items)).sort()).toEqual(['analyze', 'anlyze'])
    expect((await call('resume', '--task', 'anlyze')).stdout).not.toContain('anlyze')
    expect(await call('resume', '--task', 'anlyze')).toMatchObject({
      code: 1,
      stderr: 'anlyze has no pause\n',
    })
  })

  it.each<[string[], string]>([
    [['--task', 'analyze'], '--message is required: the reason, which senders see\n'],
    [['--message', ' '], '--message is empty; give the reason, which senders see\n'],
    [['--message', 'x'.repeat(201)], '--message has 201 characters; the maximum is 200\n'],
    [['--message', 'no', '--for', 'ever'], '--for: "ever" is not a duration; use a value like 30m or 2h\n'],
  ])('%j prints the problem and pauses nothing', async (args, stderr) => {
    expect(await call('pause', ...args)).toEqual({ code: 1, stdout: '', stderr })
    expect(await readPauses(there.items)).toEqual({})
  })

  it('reports a refused connection without a stack trace', async () => {
    const env = { ...there.env, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' }
    const { code, stderr } = await taskhook(['pause'], { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^AWS request failed: .*ECONNREFUSED/)
  })
})
