import { describe, expect, it } from 'vitest'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import type { Facts } from '../../../src/core/model/trigger.ts'
import { couldMatch, matchRoute } from '../../../src/core/routing/match-route.ts'
import { verdictLine, verdictText } from '../../../src/core/text/verdict-text.ts'
import { route, trigger } from './route-fixtures.ts'

const judge = (config: Partial<RouteConfig>, facts: Facts, payload?: unknown) =>
  matchRoute(route(config), 'github', trigger(facts, payload))
const because = (config: Partial<RouteConfig>, facts: Facts, payload?: unknown) =>
  verdictText(judge(config, facts, payload))

const yes = 'every filter matched'

describe('matchRoute', () => {
  it('rejects a delivery of another source', () => {
    const verdict = matchRoute(route(), 'slack', trigger())
    expect(verdictLine(verdict)).toEqual({ route: 'r', matched: false, because: 'on: slack is not github' })
  })

  it('without filters matches every delivery of its source', () => {
    expect(verdictLine(judge({}, {}))).toEqual({ route: 'r', matched: true, because: yes })
  })

  it.each<[string, Partial<RouteConfig>, Facts, string]>([
    ['event', { event: ['push'] }, { events: ['push'] }, yes],
    ['event', { event: ['release', 'push'] }, { events: ['push'] }, yes],
    ['event', { event: ['issues'] }, { events: ['issues.opened', 'issues'] }, yes],
    ['event', { event: ['issues.opened'] }, { events: ['issues.opened', 'issues'] }, yes],
    [
      'event',
      { event: ['issues.closed'] },
      { events: ['issues.opened', 'issues'] },
      'event: "issues.opened" is not "issues.closed"',
    ],
    ['event', { event: ['push', 'release'] }, { events: ['fork'] }, 'event: "fork" is not one of "push", "release"'],
    ['event', { event: ['push'] }, {}, 'event: none is not "push"'],
    ['command', { command: ['/analyze'] }, { command: '/analyze' }, yes],
    ['command', { command: ['/analyze'] }, { command: '/analyze2' }, 'command: "/analyze2" is not "/analyze"'],
    ['command', { command: ['/analyze'] }, {}, 'command: none is not "/analyze"'],
    ['repositories', { repositories: ['acme/*'] }, { repository: 'acme/site' }, yes],
    [
      'repositories',
      { repositories: ['acme/*'] },
      { repository: 'evil/acme' },
      'repositories: "evil/acme" does not match "acme/*"',
    ],
    [
      'repositories',
      { repositories: ['acme/*', '!acme/old'] },
      { repository: 'acme/old' },
      'repositories: "acme/old" does not match one of "acme/*", "!acme/old"',
    ],
    ['repositories', { repositories: ['acme/*'] }, {}, 'repositories: none does not match "acme/*"'],
  ])('filter %s: %j with %j', (_, config, facts, words) => {
    expect(because(config, facts)).toBe(words)
  })

  it.each<[string, Partial<RouteConfig>, Facts, string]>([
    ['a listed branch', { branches: ['main'] }, { branch: 'main' }, yes],
    ['a branch that is not listed', { branches: ['main'] }, { branch: 'dev' }, 'branches: "dev" does not match "main"'],
    ['a tag, if only branches are listed', { branches: ['**'] }, { tag: 'v1' }, 'branches: tag "v1" is not a branch'],
    ['a branch, if only tags are listed', { tags: ['**'] }, { branch: 'main' }, 'tags: branch "main" is not a tag'],
    ['a listed tag', { tags: ['v*'] }, { tag: 'v1' }, yes],
    ['a tag that is not listed', { tags: ['v*'] }, { tag: 'x1' }, 'tags: "x1" does not match "v*"'],
    ['a branch, if both are listed', { branches: ['main'], tags: ['v*'] }, { branch: 'main' }, yes],
    ['a tag, if both are listed', { branches: ['main'], tags: ['v*'] }, { tag: 'v1' }, yes],
    [
      'a branch whose name looks like a tag',
      { branches: ['main'], tags: ['v*'] },
      { branch: 'v1' },
      'branches: "v1" does not match "main"',
    ],
    ['one of several branches', { branches: ['main'] }, { branches: ['dev', 'main'] }, yes],
    [
      'several branches that are not listed',
      { branches: ['main'] },
      { branches: ['dev', 'next'] },
      'branches: "dev, next" does not match "main"',
    ],
    ['several branches, one of them excluded', { branches: ['**', '!main'] }, { branches: ['main', 'dev'] }, yes],
    [
      'several branches, all of them excluded',
      { branches: ['**', '!main', '!dev'] },
      { branches: ['main', 'dev'] },
      'branches: "main, dev" does not match one of "**", "!main", "!dev"',
    ],
    [
      'several branches, if only tags are listed',
      { tags: ['v*'] },
      { branches: ['a', 'b'] },
      'tags: branch "a, b" is not a tag',
    ],
    ['a branch with a tag, by the branch', { branches: ['main'], tags: ['v*'] }, { branch: 'main', tag: 'x' }, yes],
    ['a branch with a tag, by the tag', { branches: ['main'], tags: ['v*'] }, { branch: 'dev', tag: 'v1' }, yes],
    ['a branch with a tag, if only tags are listed', { tags: ['v*'] }, { branch: 'main', tag: 'v1' }, yes],
    [
      'a branch with a tag, and neither matches',
      { branches: ['main'], tags: ['v*'] },
      { branch: 'dev', tag: 'x' },
      'branches: "dev" does not match "main"',
    ],
    ['no ref, if branches are listed', { branches: ['main'] }, {}, 'branches: no ref is not a branch'],
    ['no ref, if tags are listed', { tags: ['v*'] }, {}, 'tags: no ref is not a tag'],
    [
      'an excluded branch',
      { branches: ['**', '!main'] },
      { branch: 'main' },
      'branches: "main" does not match one of "**", "!main"',
    ],
  ])('refs: %s', (_, config, facts, words) => {
    expect(because(config, facts)).toBe(words)
  })

  it.each<[string, Facts['paths'], string]>([
    ['one of several files matches', ['README.md', 'data/a.csv'], yes],
    ['no file matches', ['README.md', 'src/a.ts'], 'paths: none of 2 changed files matches "data/**"'],
    ['no file was changed', [], 'paths: none of 0 changed files matches "data/**"'],
    [
      'the sender does not list all files',
      'unknown',
      `${yes}; the changed files are not known, so paths counts as matched`,
    ],
    ['the event has no files', undefined, 'paths: none of 0 changed files matches "data/**"'],
  ])('paths: %s', (_, paths, words) => {
    expect(because({ paths: ['data/**'] }, paths === undefined ? {} : { paths })).toBe(words)
  })

  it('mentions unknown paths only if the route filters by paths', () => {
    expect(because({}, { paths: 'unknown' })).toBe(yes)
  })

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['a change from a fork', {}, { fork: true }, false],
    ['a change from a fork, if the route allows forks', { forks: true }, { fork: true }, true],
    ['a change from a fork, if the route sets forks: false', { forks: false }, { fork: true }, false],
    ['a change that is not from a fork', {}, { fork: false }, true],
    ['a delivery without this fact', { forks: false }, {}, true],
  ])('forks: %s', (_, config, facts, matched) => {
    const verdict = verdictLine(judge(config, facts))
    expect(verdict.matched).toBe(matched)
    expect(verdict.because).toMatch(matched ? yes : /^forks: .+ does not say forks: true$/)
  })

  it.each<[string, unknown, string]>([
    ['event.forced == false', { forced: false }, yes],
    ['event.forced == false', { forced: true }, 'if: gives false'],
    ['event.forced == false', {}, 'if: No such key: forced'],
    ['event.maybe', { maybe: null }, 'if: gives null'],
    ['event.maybe', { maybe: 'true' }, 'if: gives text, not true or false'],
    ['event.maybe', { maybe: 'x'.repeat(100_000) }, 'if: gives text, not true or false'],
    ['event.maybe', { maybe: 1 }, 'if: gives a number, not true or false'],
    [
      'size(event.maybe) > 0 ? size(event.maybe) : event.maybe',
      { maybe: [1] },
      'if: gives a number, not true or false',
    ],
    ['event.maybe', { maybe: ['true'] }, 'if: gives a list, not true or false'],
    ['event.maybe', { maybe: { true: true } }, 'if: gives an object, not true or false'],
    ['event[event.key]', { key: 'k'.repeat(100_000) }, `if: No such key: ${'k'.repeat(186)}…`],
    ['body.n > 1 && source == "github" && actor == "ann"', { n: 2 }, yes],
    ['event.a.b == 1', null, 'if: No such key: a'],
    ['event.n / 0 == 1', { n: 'x' }, 'if: no such overload: dyn<string> / int'],
  ])('if: %s with %j', (condition, payload, words) => {
    expect(because({ if: condition }, {}, payload)).toBe(words)
  })

  it('a condition whose value is the text "true" does not match', () => {
    expect(verdictLine(judge({ if: 'event.maybe' }, {}, { maybe: 'true' })).matched).toBe(false)
  })

  it('the first filter that does not match decides, and the condition is evaluated last', () => {
    const config = { event: ['push'], branches: ['main'], paths: ['data/**'], if: 'event.absent' }
    const facts: Facts = { events: ['fork'], branch: 'dev', paths: [] }
    expect(because(config, facts)).toMatch(/^event: /)
    expect(because(config, { ...facts, events: ['push'] })).toMatch(/^branches: /)
    expect(because(config, { ...facts, events: ['push'], branch: 'main' })).toMatch(/^paths: /)
    expect(because(config, { events: ['push'], branch: 'main', paths: ['data/a'] })).toMatch(/^if: /)
  })
})

describe('a mismatch', () => {
  it.each<[Partial<RouteConfig>, Facts, object]>([
    [{ event: ['push'] }, { events: ['fork', 'x'] }, { filter: 'event', expected: ['push'], actual: 'fork' }],
    [{ command: ['/a'] }, {}, { filter: 'command', expected: ['/a'], actual: undefined }],
    [{ branches: ['main'] }, { tag: 'v1' }, { filter: 'branches', actual: { kind: 'tag', name: 'v1' } }],
    [{ tags: ['v*'] }, {}, { filter: 'tags', kind: 'other-ref', actual: undefined }],
    [{ tags: ['v*'] }, { tag: 'x' }, { filter: 'tags', globs: ['v*'], actual: 'x' }],
    [{}, { fork: true }, { filter: 'forks' }],
    [{}, { bot: 'evil', botsNeedAllow: true }, { filter: 'allow', kind: 'bot-not-listed', bot: 'evil' }],
    [{ repositories: ['a/*'] }, { repository: 'x'.repeat(1025) }, { filter: 'repositories', length: 1025 }],
    [{ paths: ['a'] }, { paths: ['b', 'c'] }, { filter: 'paths', changedFiles: 2 }],
    [{ if: 'false' }, {}, { filter: 'if', kind: 'not-true', value: false }],
    [{ if: 'event.x' }, {}, { filter: 'if', kind: 'failed', error: 'No such key: x' }],
  ])('of %j with %j names its filter', (config, facts, mismatch) => {
    expect(judge(config, facts).mismatch).toMatchObject(mismatch)
  })
})

describe('a name that is longer than globs can match', () => {
  it.each([
    ['branches', 'branch'],
    ['tags', 'tag'],
    ['repositories', 'repository'],
  ] as const)('%s: 1025 characters', (filter, fact) => {
    const of = (length: number) => because({ [filter]: ['**'] }, { [fact]: 'x'.repeat(length) })
    expect(of(1024)).toBe(yes)
    expect(of(1025)).toBe(`${filter}: a name of 1025 characters is longer than 1024, so it matches nothing`)
  })

  it('a path of 4097 characters', () => {
    const of = (length: number) => because({ paths: ['**'] }, { paths: ['x'.repeat(length)] })
    expect(of(4096)).toBe(yes)
    expect(of(4097)).toMatch(/^paths: none of 1 changed files matches/)
  })
})

describe('couldMatch', () => {
  const could = (config: Partial<RouteConfig>, facts: Facts, incomplete?: true) =>
    couldMatch(route(config), 'github', { ...trigger(facts), ...(incomplete && { incomplete }) })

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['without filters', {}, {}, true],
    ['of another source', { on: 'slack' }, {}, false],
    ['the event', { event: ['push'] }, { events: ['push'] }, true],
    ['another event', { event: ['push'] }, { events: ['fork'] }, false],
    ['the command', { command: ['/analyze'] }, { command: '/analyze' }, true],
    ['another command', { command: ['/analyze'] }, { command: '/deploy' }, false],
    ['no command', { command: ['/analyze'] }, {}, false],
    ['the repository', { repositories: ['acme/*'] }, { repository: 'acme/site' }, true],
    ['another repository', { repositories: ['acme/*'] }, { repository: 'b/site' }, false],
    ['paths and conditions, which are checked later', { paths: ['a'], if: 'false' }, { paths: [] }, true],
  ])('%s, whether the delivery is complete or not', (_, config, facts, takes) => {
    expect(could(config, facts)).toBe(takes)
    expect(could(config, facts, true)).toBe(takes)
  })

  it.each<[string, Partial<RouteConfig>, Facts]>([
    ['branch', { branches: ['main'] }, { branch: 'dev' }],
    ['fork', {}, { fork: true }],
  ])('a wrong %s excludes the route only if the delivery is complete', (_, config, facts) => {
    expect(could(config, facts)).toBe(false)
    expect(could(config, facts, true)).toBe(true)
  })
})
