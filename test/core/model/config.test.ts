import { expect, it } from 'vitest'
import { routeIds } from '../../../src/core/model/config.ts'

it('routeIds are the names, else source and task, with a number if that occurs again', () => {
  expect(
    routeIds([
      { on: 'github', run: 'analyze' },
      { name: 'nightly', on: 'github', run: 'analyze' },
      { on: 'github', run: 'analyze' },
      { on: 'slack', run: 'analyze' },
      { on: 'github', run: 'analyze' },
    ]),
  ).toEqual(['github/analyze', 'nightly', 'github/analyze#2', 'slack/analyze', 'github/analyze#3'])
})

it('routeIds of names that are not text are text', () => {
  expect(routeIds([{ name: 7 }])).toEqual(['7'])
})
