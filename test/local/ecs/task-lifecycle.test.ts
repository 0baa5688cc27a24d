import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { endpoint, nextTurn, node, sh, type TaskEvent, task, withEnv } from './support.ts'

const statuses = (events: readonly TaskEvent[]) => events.map(({ detail }) => detail.lastStatus)

test('a task sends PENDING, RUNNING and STOPPED as AWS does', async () => {
  const { end, events } = await endpoint([task(sh('exit 0'))], { region: 'eu-west-1' })
  const { detail } = await end({ ...withEnv({ A: '1' }), startedBy: 'taskhook/1', tags: [{ key: 'a', value: 'b' }] })
  expect(statuses(events)).toEqual(['PENDING', 'RUNNING', 'STOPPED'])
  expect(events.map((event) => event.detail.version)).toEqual([2, 3, 4])
  expect(new Set(events.map(({ id }) => id)).size).toBe(3)
  expect(events[1]).toMatchObject({
    version: '0',
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    account: '000000000000',
    region: 'eu-west-1',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    resources: [detail.taskArn],
    detail: {
      clusterArn: 'arn:aws:ecs:eu-west-1:000000000000:cluster/analytics',
      taskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/analyze:1',
      group: 'family:analyze',
      startedBy: 'taskhook/1',
      launchType: 'FARGATE',
      desiredStatus: 'RUNNING',
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      startedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      containers: [{ name: 'worker', lastStatus: 'RUNNING', containerArn: expect.stringContaining(':container/') }],
      overrides: { containerOverrides: [{ name: 'worker', environment: [{ name: 'A', value: '1' }] }] },
    },
  })
  expect(events[0]?.detail).not.toHaveProperty('startedAt')
  expect(events.every((event) => !('tags' in event.detail))).toBe(true)
  expect(detail).toMatchObject({
    desiredStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    stoppedAt: expect.stringMatching(/Z$/),
    containers: [{ name: 'worker', lastStatus: 'STOPPED', exitCode: 0 }],
  })
})

test.each([
  ['exit 0', 0],
  ['exit 3', 3],
  ['kill -KILL $$', 137],
  ['kill -TERM $$', 143],
])('%s has exit code %i', async (script, exitCode) => {
  const { end } = await endpoint([task(sh(script))])
  expect((await end()).detail.containers).toMatchObject([{ exitCode }])
})

test('events of one task are delivered in order, those of two tasks at the same time', async () => {
  const seen: string[] = []
  const pending = new Set<string>()
  const { run } = await endpoint([task(sh('exit 0'))], {
    async onEvent({ detail }) {
      const id = `${detail?.taskArn?.slice(-4)}`
      seen.push(`${id} < ${detail?.lastStatus}`)
      pending.add(id)
      // The first event of each task is in progress until that of the other one is.
      await eventually(() => pending.size === 2)
      await nextTurn()
      seen.push(`${id} > ${detail?.lastStatus}`)
    },
  })
  const { tasks = [] } = await run({ count: 2 })
  await eventually(() => seen.length === 12)
  for (const { taskArn } of tasks)
    expect(seen.filter((entry) => entry.startsWith(taskArn?.slice(-4) ?? '?')).map((entry) => entry.slice(5))).toEqual(
      ['PENDING', 'RUNNING', 'STOPPED'].flatMap((status) => [`< ${status}`, `> ${status}`]),
    )
  expect(seen.slice(0, 2).map((entry) => entry.slice(5))).toEqual(['< PENDING', '< PENDING'])
})

test('an event whose receiver fails is delivered again before the next one', async () => {
  const seen: unknown[] = []
  await (
    await endpoint([task(sh('exit 0'))], {
      onEvent({ detail }) {
        seen.push(detail?.lastStatus)
        if (seen.length === 1) throw new Error('the ledger cannot be reached')
      },
    })
  ).run()
  await eventually(() => seen.length === 4)
  expect(seen).toEqual(['PENDING', 'PENDING', 'RUNNING', 'STOPPED'])
})

test('the program gets four variables of taskhook and the overrides, nothing else', async () => {
  process.env.TASKHOOK_TEST_SECRET = 'secret'
  const { end, text } = await endpoint([task(node('console.log(JSON.stringify(process.env))'))])
  await end(withEnv({ DATASET: 'a "b"\n$c', EMPTY: '', LANG: 'de_DE.UTF-8' }))
  delete process.env.TASKHOOK_TEST_SECRET
  const ours = Object.fromEntries(
    ['PATH', 'HOME', 'LANG', 'TMPDIR'].flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  expect(JSON.parse(text('stdout')[0] ?? '')).toEqual({
    ...ours,
    DATASET: 'a "b"\n$c',
    EMPTY: '',
    LANG: 'de_DE.UTF-8',
  })
})

test('the program runs in local.cwd, by default in the current folder', async () => {
  const cwd = realpathSync(mkdtempSync(`${tmpdir()}/taskhook-`))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  const { command } = node('console.log(process.cwd())') ?? { command: [] }
  const there = await endpoint([task({ command, cwd })])
  await there.end()
  const here = await endpoint([task({ command })])
  await here.end()
  expect([...there.text('stdout'), ...here.text('stdout')]).toEqual([cwd, process.cwd()])
})

test('output is passed on in lines, all of them before the end, with the run', async () => {
  const { end, lines, text } = await endpoint([
    task(
      node(
        'process.stdout.write("é\\r\\n\\nlast"); process.stderr.write("oops\\n"); console.error("x".repeat(200000))',
      ),
    ),
  ])
  const { detail } = await end({ startedBy: 'taskhook/1' })
  expect(text('stdout')).toEqual(['é', '', 'last'])
  expect(text('stderr')).toEqual(['oops', 'x'.repeat(200_000)])
  expect(lines.every((line) => line.taskArn === detail.taskArn && line.startedBy === 'taskhook/1')).toBe(true)
})

test('output that is still unread when the program ends is not lost', async () => {
  const { run, text } = await endpoint([task(sh('seq 1 5000; seq 1 5000 >&2'))], {
    // Nothing is read while this blocks, and the program has ended when it returns.
    onEvent({ detail }) {
      if (detail?.lastStatus === 'RUNNING') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
      events.push(detail?.lastStatus)
    },
  })
  const events: unknown[] = []
  await run()
  await eventually(() => events.length === 3)
  expect([text('stdout').length, text('stderr').length]).toEqual([5000, 5000])
})

test.each([
  ['no local', task(), /"analyze".*local: \{ command/],
  ['an unknown program', task({ command: ['no-such-program'] }), /"no-such-program" was not found.*local\.command/],
  ['an unknown directory', task({ command: ['sh'], cwd: '/no/where' }), /\/no\/where does not exist.*local\.cwd/],
  ['a file that is not executable', task({ command: [import.meta.filename] }), /is not executable/],
])('%s fails to start, with a reason that says how to fix it', async (_, config, reason) => {
  const { end, events } = await endpoint([config])
  const { detail } = await end()
  expect(statuses(events)).toEqual(['PENDING', 'STOPPED'])
  expect(detail).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: expect.stringMatching(reason) })
  expect(detail).not.toHaveProperty('startedAt')
  expect(detail.containers?.[0]).not.toHaveProperty('exitCode')
})

test('a variable that no process can have fails to start', async () => {
  const { end } = await endpoint([task(sh('exit 0'))])
  expect((await end(withEnv({ A: 'a\0b' }))).detail.stopCode).toBe('TaskFailedToStart')
})
