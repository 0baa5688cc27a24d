/**
 * Runs that commit a0166d7 has left in the table continue with today's functions: each is read as it was meant, its sender is notified,
 * and it ends. An upgrade may come at any moment.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { standardDelivery } from '../../support/deliveries.ts'
import { bodyOf, urlEvent } from '../../support/function-url.ts'
import { secrets } from './recorded/deployment.ts'
import { type Replay, recordedNames, recordingOf, startReplay } from './recorded/replay.ts'

let replay: Replay | undefined
afterEach(async () => {
  await replay?.on.close()
  replay = undefined
})
const begin = async (name: string): Promise<Replay> => {
  replay = await startReplay(name)
  return replay
}

const minutes = (count: number) => count * 60_000
const hook = 'POST shop.example.com/hook'
const callbacks = ({ sent }: Replay, to = hook) => sent(to).map(({ body }) => body.type)
const lastMessage = ({ messages }: Replay): string => messages.at(-1) ?? ''
const isOpen = async ({ on, run }: Replay) => (await on.openRuns()).includes(run)

/** Delivers the last recorded message, which starts the run, and settles the events of its task. */
async function startAndPlay(from: Replay): Promise<void> {
  expect(await from.deliver(lastMessage(from))).toBe(true)
  expect(from.runTaskCalls()).toMatchObject([{ startedBy: `taskhook/${from.run}` }])
  await from.on.settleToEnd(from.run)
  expect(await from.on.runRecord(from.run)).toMatchObject({ status: 'succeeded' })
  expect(await isOpen(from)).toBe(false)
}

describe('GET /runs/<id> shows what it showed before:', () => {
  it.each(recordedNames.filter((name) => recordingOf(name).view !== undefined))('%s', async (name) => {
    const from = await begin(name)
    expect(await from.viewNow()).toEqual(from.view)
  })
})

describe('a recorded run without a task', () => {
  it('starts in its trace, and its callback is notified to the end', async () => {
    const from = await begin('queued')
    await startAndPlay(from)
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    expect(JSON.stringify(from.runTaskCalls())).toContain(`{"name":"TRACEPARENT","value":"${traceparent}"}`)
    expect(callbacks(from)).toEqual(['run.starting', 'run.running', 'run.succeeded'])
  })

  it('is named by the same delivery again', async () => {
    const from = await begin('queued')
    const { deliveryId: id } = await from.on.runRecord(from.run)
    const body = JSON.stringify({ task: 'quick', dataset: 'sales', pin: '246813' })
    const again = await from.on.post('/shop', standardDelivery(secrets.PARTNER, body, { at: from.on.now() / 1000, id }))
    expect(again.statusCode).toBe(200)
    expect(bodyOf(again).run).toBe(from.run)
  })

  it('notifies the callback address that its delivery gave', async () => {
    const from = await begin('queued-with-callback-url')
    await startAndPlay(from)
    expect(callbacks(from, 'POST hooks.example.com/own')).toEqual(['run.starting', 'run.running', 'run.succeeded'])
  })

  it('is tried again with a new client token after ECS had no capacity', async () => {
    const from = await begin('queued-after-no-capacity')
    await startAndPlay(from)
    const tokens = [...from.recordedRunTaskCalls, ...from.runTaskCalls()].map(({ clientToken }) => clientToken)
    expect(new Set(tokens).size).toBe(from.recordedRunTaskCalls.length + 1)
  })

  it('is tried again with the same RunTask input after a call was lost', async () => {
    const from = await begin('queued-after-lost-run-task')
    await startAndPlay(from)
    expect(from.runTaskCalls()[0]).toEqual(from.recordedRunTaskCalls[0])
  })

  it('gets the concurrency slot of the run before it', async () => {
    const from = await begin('waiting-for-slot')
    await from.settleEvents()
    expect(await from.on.takeMessages()).toEqual([JSON.stringify({ verb: 'start', run: from.run })])
    await from.on.start(from.run)
    expect(from.runTaskCalls()).toMatchObject([{ startedBy: `taskhook/${from.run}` }])
  })

  it('keeps waiting for the end of a pause, and starts after it', async () => {
    const from = await begin('waiting-for-end-of-pause')
    await from.deliver(lastMessage(from))
    expect(from.runTaskCalls()).toEqual([])
    expect(await from.on.runRecord(from.run)).toMatchObject({ status: 'queued' })
    await from.put([{ pk: { S: 'pause' }, pauses: { M: {} }, rev: { N: '2' } }])
    from.on.advance(5_000)
    await startAndPlay(from)
  })

  it('starts after it was approved', async () => {
    await startAndPlay(await begin('approved'))
  })

  it('is left alone while its lease lasts, and then started once', async () => {
    const from = await begin('claimed-before-run-task')
    expect(await from.deliver(lastMessage(from))).toBe(false)
    expect(from.runTaskCalls()).toEqual([])
    from.on.advance(91_000)
    await startAndPlay(from)
  })

  it('is started with the same RunTask input if the function died after RunTask', async () => {
    const from = await begin('claimed-after-run-task')
    from.on.advance(91_000)
    await startAndPlay(from)
    expect(from.runTaskCalls()).toEqual(from.recordedRunTaskCalls)
  })

  it('reruns a run, and notifies the callback address of that one', async () => {
    const from = await begin('rerun')
    await startAndPlay(from)
    expect(callbacks(from, 'POST hooks.example.com/own')).toEqual(['run.starting', 'run.running', 'run.succeeded'])
  })

  it('reruns a run that Spot interrupted, and notifies its sender', async () => {
    const from = await begin('interrupted-and-rerun')
    expect(await from.deliver(lastMessage(from))).toBe(true)
    expect(from.runTaskCalls()).toMatchObject([{ startedBy: `taskhook/${from.run}` }])
    expect(callbacks(from)).toEqual(['run.starting'])
    expect(await from.on.runRecord(from.run)).toMatchObject({ interruptions: 1 })
  })
})

describe('a recorded run with a task', () => {
  it('ends with the events of that task, and its callback is notified of what it does not know', async () => {
    const from = await begin('starting')
    await from.settleEvents()
    expect(await from.on.runRecord(from.run)).toMatchObject({ status: 'succeeded', exitCode: 0 })
    expect(callbacks(from)).toEqual(['run.running', 'run.succeeded'])
    expect(await isOpen(from)).toBe(false)
  })

  it('keeps the progress that its container reported', async () => {
    const from = await begin('running-with-progress')
    await from.settleEvents()
    const { progress, outputs, links } = from.view as Record<string, unknown>
    expect(await from.viewNow()).toMatchObject({ status: 'succeeded', progress, outputs, links })
    expect(callbacks(from)).toEqual(['run.succeeded'])
    expect(from.sent(hook)[0]?.body.data).toMatchObject({ outputs, links })
  })

  it('ends as cancelled if it was being cancelled', async () => {
    const from = await begin('running-and-being-cancelled')
    await from.settleEvents()
    expect(await from.on.runRecord(from.run)).toMatchObject({ status: 'cancelled', reason: 'cancelled by shop' })
    expect(callbacks(from)).toEqual(['run.cancelled'])
  })

  it('is checked by the sweep at its deadline, and not before', async () => {
    const from = await begin('running-with-timeout')
    const { taskArn } = await from.on.runRecord(from.run)
    const checked = () => from.on.ecs.callsOf('DescribeTasks').map(({ input }) => input.tasks)
    from.on.advance(60_000)
    await from.on.sweep()
    expect(checked()).toEqual([])
    from.on.advance(35_000)
    await from.on.sweep()
    expect(checked()).toEqual([[taskArn]])
  })

  it('is failed if ECS no longer knows its task, and its sender is notified', async () => {
    const from = await begin('running-with-progress')
    from.on.advance(minutes(61))
    await from.on.sweep()
    expect(await from.on.runRecord(from.run)).toMatchObject({ status: 'failed' })
    expect(callbacks(from)).toEqual(['run.failed'])
  })
})

const ends = ['succeeded', 'failed', 'cancelled', 'timed-out', 'failed-to-start']
describe.each(ends)('a recorded run that has ended as %s', (status) => {
  it('stays as it is: sweeps and late events change and send nothing', async () => {
    const from = await begin(`${status}-and-closed`)
    const before = await from.on.runRecord(from.run)
    from.on.advance(minutes(120))
    await from.on.sweep()
    await from.settleEvents()
    expect(await from.on.runRecord(from.run)).toEqual(before)
    expect(from.sent()).toEqual([])
  })

  it('is closed by the sweep once its sender is notified', async () => {
    const from = await begin(`${status}-not-notified`)
    expect(await isOpen(from)).toBe(true)
    from.on.advance(minutes(61))
    await from.on.sweep()
    expect(callbacks(from)).toEqual([`run.${status}`])
    expect(await isOpen(from)).toBe(false)
  })
})

describe('a recorded run whose function died', () => {
  it('while it notified Slack: the sweep edits the message', async () => {
    const from = await begin('succeeded-while-notifying')
    from.on.advance(minutes(20))
    await from.on.sweep()
    expect(from.sent('POST slack.com/api/chat.update').at(-1)?.body.text).toMatch(/^quick succeeded/)
    expect(await isOpen(from)).toBe(false)
  })

  it('before the rerun after an interruption: the sweep reruns it once', async () => {
    const from = await begin('interrupted-before-rerun')
    from.on.advance(minutes(20))
    await from.on.sweep()
    const [message = '{}', ...others] = await from.on.takeMessages()
    expect(others).toEqual([])
    const { verb, run } = JSON.parse(message) as { verb: string; run: string }
    expect(verb).toBe('start')
    expect(await from.on.runRecord(run)).toMatchObject({ rerunOf: from.run, interruptions: 1, status: 'queued' })
  })
})

it('GET /runs lists recorded runs', async () => {
  const from = await begin('succeeded-and-closed')
  const { headers } = standardDelivery(secrets.PARTNER, '', { at: from.on.now() / 1000 })
  const answer = await from.on.bridge.receive(urlEvent('/runs?source=shop&task=quick', headers, '', 'GET'))
  expect(bodyOf(answer).runs).toMatchObject([{ run: from.run, status: 'succeeded' }])
})
