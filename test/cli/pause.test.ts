/** The commands as they are shipped, against emulators of the table. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readPauses } from '../../src/core/store/pause-store.ts'
import { startEmulated } from './emulated.ts'
import { taskhook } from './process.ts'

// Several processes in each.
vi.setConfig({ testTimeout: 60_000 })

type Emulated = Awaited<ReturnType<typeof startEmulated>>
let there: Emulated
beforeAll(async () => {
  there = await startEmulated()
  await there.items.create('run#0123456789abcdef0123', { task: 'analyze', createdAt: 1 })
})
afterAll(() => there?.close())

const call = (...args: string[]) => taskhook(args, { env: there.env })

describe('taskhook pause', () => {
  it('pauses everything, says so, and resume ends it', async () => {
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

  it('takes several tasks, warns of one that nobody has heard of, and ends them one by one', async () => {
    const { code, stdout, stderr } = await call('pause', '--message', 'no', '--task', 'analyze', '--task', 'anlyze')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'no run of "anlyze" is in the ledger: is that the task’s name?\n',
    })
    expect(stdout).toContain('analyze: paused since')
    expect(Object.keys(await readPauses(there.items)).sort()).toEqual(['analyze', 'anlyze'])
    expect((await call('resume', '--task', 'anlyze')).stdout).not.toContain('anlyze')
    expect(await call('resume', '--task', 'anlyze')).toMatchObject({
      code: 1,
      stderr: 'anlyze: no pause of this task stands\n',
    })
    await call('resume')
  })

  it.each<[string[], string]>([
    [['--task', 'analyze'], 'say in --message what senders are to be told\n'],
    [['--message', ' '], '--message is empty: say what senders are to be told\n'],
    [['--message', 'x'.repeat(201)], '--message has 201 characters; 200 are taken\n'],
    [['--message', 'no', '--for', 'ever'], '--for "ever": write a time like 30m or 2h\n'],
  ])('%j does nothing, and says why', async (args, stderr) => {
    expect(await call('pause', ...args)).toEqual({ code: 1, stdout: '', stderr })
    expect(await readPauses(there.items)).toEqual({})
  })

  it('where nobody answers says so, in no stack', async () => {
    const env = { ...there.env, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' }
    const { code, stderr } = await taskhook(['pause'], { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^AWS gives no answer: .*ECONNREFUSED/)
  })
})
