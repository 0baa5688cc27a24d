/** docs/progress.md: a container can report its progress, outputs and links, and the run shows them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ProgressStage, type Started, startProgressStage } from './progress-stage.ts'

let on: ProgressStage
beforeEach(async () => {
  on = await startProgressStage()
})
afterEach(() => on.stage.close())

const links = [{ label: 'Report', url: 'https://example.com/r' }]

describe('a container', () => {
  it('is given a URL and a token, and the run shows what it reports', async () => {
    const started = await on.start()
    expect(await on.environmentOf(started.run)).toMatchObject({
      TASKHOOK_PROGRESS_URL: `https://abc123.lambda-url.eu-west-1.on.aws/runs/${started.run}/progress`,
      TASKHOOK_TOKEN: expect.stringMatching(/^[\w-]{43}$/),
    })
    const answer = await on.report(started, {
      ...{ percent: 40, message: 'reading the archive', outputs: { rows: '1200' }, links },
    })
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([202, { run: started.run }])
    // `start` writes it into the table.
    expect(await on.view(started)).not.toHaveProperty('progress')
    await on.stage.deliverQueue()
    expect(await on.view(started)).toMatchObject({
      status: 'running',
      progress: { percent: 40, message: 'reading the archive' },
      ...{ outputs: { rows: '1200' }, links },
    })
    await on.reportAndDeliver(started, { percent: 80, outputs: { files: '3' } })
    expect(await on.view(started)).toMatchObject({
      progress: { percent: 80, message: 'reading the archive' },
      outputs: { rows: '1200', files: '3' },
    })
  })

  it.each<[string, (started: Started) => Record<string, string>]>([
    ['the content type application/json', () => ({ 'content-type': 'application/json' })],
    ['the content type text/plain', () => ({ 'content-type': 'text/plain' })],
    ['the scheme in lower case', ({ token }) => ({ authorization: `bearer ${token}` })],
    ['the scheme in upper case, and spaces', ({ token }) => ({ authorization: `BEARER   ${token}` })],
  ])('may report with %s', async (_name, headers) => {
    const started = await on.start()
    const answer = await on.post(started.path, started.token, '{"percent":7}', headers(started))
    expect(answer.statusCode).toBe(202)
    await on.stage.deliverQueue()
    expect(await on.view(started)).toMatchObject({ progress: { percent: 7 } })
  })

  it('changes only the progress of its run, even before the run is known to be running', async () => {
    const started = await on.start('partner', {}, 0)
    const before = await on.stage.runRecord(started.run)
    expect(before.status).toBe('starting')
    await on.reportAndDeliver(started, { percent: 100, message: 'done', outputs: { status: 'succeeded' } })
    const { progress, progressRev, ...rest } = await on.stage.runRecord(started.run)
    expect(rest).toEqual(before)
    expect(progress).toMatchObject({ percent: 100, outputs: { status: 'succeeded' } })
    expect(progressRev).toBe(1)
    expect((await on.report(started, { status: 'succeeded' })).statusCode).toBe(422)
  })
})

describe('a run that has ended', () => {
  it('keeps what was reported, and takes no more', async () => {
    const started = await on.start()
    const [rLinks, outputs] = [[{ label: 'R', url: 'https://a.b/' }], { rows: '7' }]
    await on.reportAndDeliver(started, { percent: 70, message: 'almost', outputs, links: rLinks })
    await on.end(started)
    const before = on.stage.logs.length
    const answer = await on.report(started, { percent: 90 })
    expect(answer.statusCode).toBe(410)
    expect(await on.stage.takeMessages()).toEqual([])
    expect(on.stage.logs.slice(before).join()).toContain('the run has ended')
    expect(await on.view(started)).toMatchObject({
      ...{ status: 'cancelled', progress: { percent: 70, message: 'almost' }, outputs, links: rLinks },
    })
  })

  it('is not changed by a report that was in the queue when it ended', async () => {
    const started = await on.start()
    await on.reportAndDeliver(started, { percent: 70 })
    await on.report(started, { percent: 90, outputs: { late: 'x' } })
    const late = await on.stage.takeMessages()
    expect(late).toHaveLength(1)
    await on.end(started)
    const before = await on.stage.runRecord(started.run)
    expect(await on.stage.deliver(...late, ...late)).toEqual({ batchItemFailures: [] })
    expect(await on.stage.runRecord(started.run)).toEqual(before)
    expect(await on.stage.openRuns()).not.toContain(started.run)
  })
})

describe('reports that the queue delivers', () => {
  it('in another order are shown in the order in which they were made', async () => {
    const started = await on.start()
    for (const percent of [10, 20, 30])
      await on.report(started, {
        percent,
        message: `at ${percent}`,
        outputs: { last: `${percent}`, [`o${percent}`]: 'x' },
      })
    const timeOf = (body: string) => (JSON.parse(body) as { at: number }).at
    const newestFirst = (await on.stage.takeMessages()).toSorted((a, b) => timeOf(b) - timeOf(a))
    expect(newestFirst).toHaveLength(3)
    for (const body of newestFirst) await on.stage.deliver(body)
    expect(await on.view(started)).toMatchObject({
      progress: { percent: 30, message: 'at 30' },
      outputs: { last: '30', o10: 'x', o20: 'x', o30: 'x' },
    })
  })

  it('all at once are all kept', async () => {
    const started = await on.start()
    for (const at of [0, 1, 2, 3]) await on.report(started, { percent: at, outputs: { [`o${at}`]: 'x' } })
    expect(await on.stage.deliver(...(await on.stage.takeMessages()))).toEqual({ batchItemFailures: [] })
    expect(await on.view(started)).toMatchObject({
      progress: { percent: 3 },
      outputs: { o0: 'x', o1: 'x', o2: 'x', o3: 'x' },
    })
  })
})
