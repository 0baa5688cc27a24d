import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { matchesEventShape } from '../../../src/adapters/github/payload-check.ts'

const path = 'node_modules/@octokit/webhooks-examples/api.github.com/index.json'
const events = JSON.parse(readFileSync(path, 'utf8')) as { name: string; examples: Record<string, unknown>[] }[]
const all = events.flatMap(({ name, examples }) => examples.map((payload, at) => ({ name, at, payload })))

describe('isOfEvent', () => {
  it("knows each of GitHub's own examples as what it is", () => {
    expect(all.length).toBeGreaterThan(300)
    expect(
      all.filter(({ name, payload }) => !matchesEventShape(name, payload)).map(({ name, at }) => `${name} ${at}`),
    ).toEqual([])
  })
  it.each([
    'push',
    'release',
    'issues',
    'issue_comment',
    'create',
    'deployment',
    'workflow_dispatch',
    'repository_dispatch',
    'pull_request',
  ])('takes no other example for a %s', (event) => {
    const posing = all.filter(({ name, payload }) => name !== event && matchesEventShape(event, payload))
    expect([...new Set(posing.map(({ name }) => name))]).toEqual([])
  })
  it('lets an event pass that it does not know, and no body of another as one that is about the repository alone', () => {
    expect(matchesEventShape('something_new', { issue: {} })).toBe(true)
    expect(matchesEventShape('watch', { issue: {}, action: 'started' })).toBe(false)
    expect(matchesEventShape('constructor', {})).toBe(true)
  })
})
