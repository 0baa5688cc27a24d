/** docs/faults.md: each row of the fault matrix. `npx vitest run --project source test/faults -u` regenerates the page. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'
import { config } from './config.ts'
import { chapters } from './matrix.ts'
import { pageOf } from './page.ts'
import { playRun } from './play-run.ts'

let on: Stage
beforeAll(async () => {
  on = await startStage({ config, env: stageSecrets, unknown: ['ghost'] })
})
afterAll(() => on?.close())
afterEach(async () => {
  on.faults.clear()
  on.beforeFetch()
  for (const relay of [on.dynamo, on.sqs, on.ecs]) relay.intercept()
  await on.takeMessages()
})

describe.each(chapters)('$title', ({ faults }) => {
  it.each(faults)(
    '$name',
    async ({ play, sender, operator, end, starts = 1, tokens = 1, tasks = 1 }) => {
      const seen = await play(on)
      expect(seen).toMatchObject({
        ...{ sender, end, tasks },
        ...(starts !== 'any' && { starts }),
        ...(tokens !== 'any' && { tokens }),
      })
      expect(seen.operator).toContain(operator)
    },
    60_000,
  )
})

it('a run without a fault has the statuses that the rows expect around their own fault', async () => {
  expect(await playRun(on)).toMatchObject({
    sender: ['starting', 'running', 'succeeded in …'],
    end: 'succeeded',
    starts: 1,
    tasks: 1,
  })
})

describe('docs/faults.md', () => {
  it('is generated from these rows', async () => {
    await expect(pageOf(chapters)).toMatchFileSnapshot('../../docs/faults.md')
  })
  it('has at least forty rows, each with a unique name', () => {
    const names = chapters.flatMap(({ faults }) => faults.map(({ name }) => name))
    expect(names.length).toBeGreaterThanOrEqual(40)
    expect(new Set(names).size).toBe(names.length)
  })
})
