/** docs/adapters/github.md shows the table of events that the code uses. */
import { expect, it } from 'vitest'
import { eventsTable, pageWithEvents } from '../../scripts/github-events-page.ts'
import { eventRefs } from '../../src/adapters/github/event-refs.ts'
import { read } from './markdown.ts'

const page = read('docs/adapters/github.md')

it('docs/adapters/github.md has the table of events, as the code has it', () => {
  expect(page).toContain(`\n${eventsTable()}\n`)
  expect(pageWithEvents(page)).toBe(page)
})

it('a page with an older table gets the new one', () => {
  const older = page.replace(/^\| `workflow_job` .*\n/m, '')
  expect(older).not.toBe(page)
  expect(pageWithEvents(older)).toBe(page)
})

it('the table names every event', () => {
  const names = [...eventsTable().matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  expect(names).toEqual(Object.keys(eventRefs))
})
