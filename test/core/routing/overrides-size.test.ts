import { describe, expect, it } from 'vitest'
import { Unprocessable } from '../../../src/core/errors.ts'
import { progressTokenOf } from '../../../src/core/http/run-tokens.ts'
import type { TaskConfig } from '../../../src/core/model/config.ts'
import { progressEnv } from '../../../src/core/routing/container-env.ts'
import { makePlan } from '../../../src/core/routing/make-plan.ts'
import { maxOverridesBytes } from '../../../src/core/routing/overrides-size.ts'
import { placesOf } from '../../../src/core/routing/places.ts'
import { requestFor } from '../../../src/core/routing/run-task-input.ts'
import { context, run, task } from './plan-fixtures.ts'

describe('the 8,192 bytes that ECS allows for all overrides', () => {
  const sizeOf = (dataset: string, more: Partial<TaskConfig> = {}): number => {
    const plan = makePlan(task(more), { dataset }, context)
    const [place] = placesOf(plan)
    // With the longest address of a function URL that is allowed for.
    const reports = progressEnv(`https://${'x'.repeat(120)}`, run, progressTokenOf(run, 'key'))
    const request = place && requestFor(plan, run, 'app', place, reports)
    return Buffer.byteLength(JSON.stringify(request?.overrides))
  }
  const free = maxOverridesBytes - sizeOf('')

  it('can be used to the last byte', () => {
    expect(sizeOf('x'.repeat(free))).toBe(maxOverridesBytes)
  })

  it.each([
    ['one more character', 'x'.repeat(free + 1)],
    ['characters that JSON escapes', '"'.repeat(free / 2 + 1)],
    ['characters of several bytes', 'é'.repeat(free / 2 + 1)],
  ])('are not exceeded: %s', (_, dataset) => {
    expect(() => makePlan(task(), { dataset }, context)).toThrow(Unprocessable)
  })

  describe('the trace of the delivery', () => {
    const trace = { parent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
    const entry = { name: 'TRACEPARENT', value: trace.parent }
    const traced = (length: number) => makePlan(task(), { dataset: 'x'.repeat(length) }, { ...context, trace }).env
    const takes = JSON.stringify(entry).length + 1

    it.each([
      ['is passed on', 1],
      ['is passed on if it needs the last byte', free - takes],
    ])('%s', (_, length) => expect(traced(length).at(-1)).toEqual(entry))

    it.each([
      ['if one byte is missing', free - takes + 1],
      ['if no byte is free', free],
    ])('is omitted %s', (_, length) => expect(traced(length)).not.toContainEqual(entry))

    it('is not the reason why a run is refused', () => expect(() => traced(free + 1)).toThrow(Unprocessable))
  })

  it('includes cpu and memory', () => {
    expect(() => makePlan(task({ cpu: '256', memory: '512' }), { dataset: 'x'.repeat(free) }, context)).toThrow(
      Unprocessable,
    )
  })

  it('assumes the longest name for a container that is not known yet', () => {
    const { container: _, ...rest } = task()
    expect(() => makePlan(rest, { dataset: 'x'.repeat(free) }, context)).toThrow(Unprocessable)
    expect(makePlan(rest, { dataset: 'x'.repeat(free - 252) }, context).container).toBeUndefined()
  })

  it('names the size of each part, the largest first, by parameter', () => {
    const plan = () => makePlan(task(), { dataset: 'x'.repeat(9000), depth: 3 }, context)
    expect(plan).toThrow(/take 9\d{3} of the 8192 bytes/)
    expect(plan).toThrow(
      expect.objectContaining({
        code: 'unprocessable',
        problems: [
          {
            path: 'dataset',
            message: `takes ${9000 + JSON.stringify({ name: 'DATASET', value: '' }).length + 1} bytes`,
          },
          expect.objectContaining({ path: 'TASKHOOK_RUN_ID' }),
          expect.objectContaining({ path: 'TASKHOOK_SOURCE' }),
          expect.objectContaining({ path: 'TASKHOOK_EVENT' }),
          expect.objectContaining({ path: 'TASKHOOK_ACTOR' }),
          expect.objectContaining({ path: 'depth' }),
        ],
      }),
    )
  })
})
