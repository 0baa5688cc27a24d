/** The matrix, row by row. `npx vitest run --project source test/faults -u` writes docs/faults.md anew. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'
import { config } from './config.ts'
import { live } from './life.ts'
import { chapters } from './matrix.ts'
import { pageOf } from './page.ts'

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

it('a run to which nothing happens is told as the matrix expects, so that each row shows its own fault', async () => {
  expect(await live(on)).toMatchObject({
    sender: ['starting', 'running', 'succeeded in …'],
    end: 'succeeded',
    starts: 1,
    tasks: 1,
  })
})

describe('docs/faults.md', () => {
  it('is made of these rows', async () => {
    await expect(pageOf(chapters)).toMatchFileSnapshot('../../docs/faults.md')
  })
  it('has forty rows at least, each with a name of its own', () => {
    const names = chapters.flatMap(({ faults }) => faults.map(({ name }) => name))
    expect(names.length).toBeGreaterThanOrEqual(40)
    expect(new Set(names).size).toBe(names.length)
  })
})
