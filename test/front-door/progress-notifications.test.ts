/** docs/progress.md: a sender that edits its messages shows the progress, at most every five seconds; others get it with the next status. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ProgressStage, type Started, startProgressStage } from './progress-stage.ts'

let on: ProgressStage
beforeEach(async () => {
  on = await startProgressStage()
})
afterEach(() => on.stage.close())

const textsOf = (messages: ReturnType<ProgressStage['sentTo']>) => messages.map(({ body }) => String(body.text))
const callbackTypes = () => on.sentTo('/hook').map(({ body }) => body.type)

describe('Slack with a bot token', () => {
  it('edits its message, with a bar', async () => {
    const started = await on.startFromSlack('bot')
    expect(on.sentTo('chat.postMessage')).toHaveLength(1)
    on.stage.advance(5000)
    await on.reportAndDeliver(started, { percent: 40, message: 'reading', outputs: { rows: '12' } })
    const edits = on.sentTo('chat.update').map(({ body }) => body)
    expect(edits).toHaveLength(1)
    expect(edits[0]).toMatchObject({ ts: '1772359200.000100', text: 'long running, 40 %: reading' })
    expect(JSON.stringify(edits[0]?.blocks)).toContain(`\`${'█'.repeat(8)}${'░'.repeat(12)}\` 40 %\\n*rows*  12`)
    expect(on.sentTo('chat.postMessage')).toHaveLength(1)
    await on.end(started)
    const last = on.sentTo('chat.update').at(-1)?.body
    expect(last?.text).toContain('cancelled')
    expect(JSON.stringify(last?.blocks)).toContain('*rows*  12')
    expect(JSON.stringify(last?.blocks)).not.toContain('█')
  })

  it('edits it at most every five seconds, however often a container reports', async () => {
    const started = await on.startFromSlack('bot')
    on.stage.advance(5000)
    const { editTimes, undelivered } = await reportEverySecond(started, 21)
    const pauses = editTimes.slice(1).map((time, before) => time - (editTimes[before] ?? 0))
    expect(editTimes.length).toBeGreaterThanOrEqual(4)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(4990)
    expect(undelivered).toBeLessThan(10)
  })

  it('shows the last of many reports, at most five seconds later', async () => {
    const started = await on.startFromSlack('bot')
    await on.reportAndDeliver(started, { percent: 1 })
    await on.reportAndDeliver(started, { percent: 2 })
    expect(on.sentTo('chat.update')).toEqual([])
    const delay = on.stage.messageDelays(started.run).at(-1) ?? 0
    expect(delay).toBeGreaterThan(0)
    expect(delay).toBeLessThanOrEqual(5)
    on.stage.advance(5000)
    await on.stage.deliver({ verb: 'tell', run: started.run })
    await on.stage.deliver({ verb: 'tell', run: started.run })
    expect(textsOf(on.sentTo('chat.update'))).toEqual(['long running, 2 %'])
  })
})

/** A container reports each second, and each queue message is delivered when it is due. */
async function reportEverySecond(started: Started, seconds: number) {
  const { stage } = on
  const waiting: { readonly due: number; readonly body: string }[] = []
  let seen = stage.sqs.callsOf('SendMessage').length
  const collect = () => {
    const calls = stage.sqs.callsOf('SendMessage')
    for (const { input } of calls.slice(seen))
      waiting.push({ due: stage.now() + Number(input.DelaySeconds) * 1000, body: String(input.MessageBody) })
    seen = calls.length
  }
  const editTimes: number[] = []
  for (let second = 0; second < seconds; second++) {
    await on.report(started, { percent: second })
    for (collect(); waiting.some(({ due }) => due <= stage.now()); collect()) {
      const [message] = waiting.splice(
        waiting.findIndex(({ due }) => due <= stage.now()),
        1,
      )
      const before = on.sentTo('chat.update').length
      await stage.deliver(message?.body ?? '')
      for (const _ of on.sentTo('chat.update').slice(before)) editTimes.push(stage.now())
    }
  }
  return { editTimes, undelivered: waiting.length }
}

it('Slack without a bot token is sent no progress, so that its response_url is not used up', async () => {
  const started = await on.startFromSlack('plain')
  const before = on.sentTo('/commands/').length
  for (let percent = 0; percent < 8; percent++) {
    on.stage.advance(5000)
    await on.reportAndDeliver(started, { percent })
    await on.stage.deliver({ verb: 'tell', run: started.run })
  }
  expect(on.sentTo('/commands/')).toHaveLength(before)
  expect(on.sentTo('chat.')).toEqual([])
  await on.end(started)
  expect(on.sentTo('/commands/')).toHaveLength(before + 1)
  expect(textsOf(on.sentTo('/commands/')).at(-1)).toMatch(/cancelled/)
})

describe('a callback', () => {
  it('gets the progress with the next status', async () => {
    const started = await on.start('called', { pin: 1, password: 'x' })
    await on.reportAndDeliver(started, { percent: 3, outputs: { rows: '7' } })
    expect(callbackTypes()).toEqual(['run.starting', 'run.running'])
    await on.end(started)
    expect(callbackTypes()).toEqual(['run.starting', 'run.running', 'run.cancelled'])
    expect(on.sentTo('/hook').at(-1)?.body.data).toHaveProperty('outputs', { rows: '7' })
    expect(await on.stage.openRuns()).not.toContain(started.run)
  })

  it('does not get the same status again from the sweep after a report', async () => {
    const started = await on.start('called', { pin: 1, password: 'x' })
    for (const percent of [1, 2]) {
      await on.reportAndDeliver(started, { percent })
      on.stage.advance(601_000)
      await on.stage.sweep()
    }
    expect(callbackTypes()).toEqual(['run.starting', 'run.running'])
  })
})
