import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eventRefs } from '../../../src/adapters/github/event-refs.ts'
import { isPayloadOfEvent } from '../../../src/adapters/github/payload-check.ts'
import { operations, payloadOf } from '../../support/github/schema.ts'

const path = 'node_modules/@octokit/webhooks-examples/api.github.com/index.json'
const events = JSON.parse(readFileSync(path, 'utf8')) as { name: string; examples: Record<string, unknown>[] }[]
const all = events.flatMap(({ name, examples }) => examples.map((payload, at) => ({ name, at, payload })))

describe('isPayloadOfEvent', () => {
  it("accepts each of GitHub's examples as its own event", () => {
    expect(all.length).toBeGreaterThan(300)
    expect(
      all.filter(({ name, payload }) => !isPayloadOfEvent(name, payload)).map(({ name, at }) => `${name} ${at}`),
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
  ])('accepts no example of another event as %s', (event) => {
    const posing = all.filter(({ name, payload }) => name !== event && isPayloadOfEvent(event, payload))
    expect([...new Set(posing.map(({ name }) => name))]).toEqual([])
  })
  it('accepts an unknown event, and no payload of another event as one about the repository as a whole', () => {
    expect(isPayloadOfEvent('something_new', { issue: {} })).toBe(true)
    expect(isPayloadOfEvent('watch', { issue: {}, action: 'started' })).toBe(false)
    expect(isPayloadOfEvent('constructor', {})).toBe(true)
  })
})

describe('GitHub’s schema', () => {
  it.each([true, false])('has no operation whose own payload is refused (with optional refs: %j)', (withRefs) => {
    const refused = operations.filter((each) => !isPayloadOfEvent(each.event, payloadOf(each, undefined, withRefs)))
    expect(refused.map(({ event, action }) => `${event}.${action}`)).toEqual([])
  })
  /** Requests for an exemption have the same payload. GitHub does not say which keys a protection rule has. */
  const alike = /^(bypass|dismissal|exemption)_request_|^deployment_protection_rule$/
  const protectedEvents = Object.keys(eventRefs).filter(
    (event) => !alike.test(event) && event !== 'pull_request_target',
  )
  it.each(protectedEvents)('has no other operation that is accepted as %s', (event) => {
    const posing = operations.filter((each) => each.event !== event && isPayloadOfEvent(event, payloadOf(each)))
    expect(posing.map((each) => each.event)).toEqual([])
  })
})

describe('a payload of another event', () => {
  const deployment = { deployment: {}, workflow: null, workflow_run: {}, check_run: {} }
  it.each([
    ['workflow_run', deployment],
    ['check_run', deployment],
    ['check_run', { check_run: {}, deployment_status: {} }],
  ])('is not accepted as %s', (event, payload) => {
    expect(isPayloadOfEvent(event, payload)).toBe(false)
  })
})
