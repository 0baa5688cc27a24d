import { describe, expect, it } from 'vitest'
import type { Facts, Trigger } from '../../../src/core/adapter.ts'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import {
  computeParams,
  couldMatch,
  fingerprintOf,
  hasCommandRoute,
  lookupFor,
  matchesGlobs,
  matchRoute,
  mayApprove,
  mayUseCommand,
  prepareRoute,
  routeOf,
  whyNotAllowed,
} from '../../../src/core/routing/match-routes.ts'

const route = (more: Partial<RouteConfig> = {}) => prepareRoute({ id: 'r', on: 'github', run: 'analyze', ...more })
const trigger = (facts: Facts = {}, payload: unknown = {}): Trigger => ({
  event: facts.events?.[0] ?? 'webhook',
  deliveryId: 'd',
  actor: 'ann',
  facts,
  rawParams: { kind: 'none' },
  payload,
  replyAddress: null,
})
const because = (config: Partial<RouteConfig>, facts: Facts, payload?: unknown) =>
  matchRoute(route(config), 'github', trigger(facts, payload)).because

const yes = 'every filter matched'

describe('matchesGlobs, as in GitHub Actions', () => {
  it.each<[globs: string[], value: string, matches: boolean]>([
    [['main'], 'main', true],
    [['main'], 'mainly', false],
    [['main'], 'x/main', false],
    [['main'], 'Main', false],
    [['*'], 'main', true],
    [['*'], 'feature/a', false],
    [['**'], 'feature/a/b', true],
    [['feature/*'], 'feature/a', true],
    [['feature/*'], 'feature/a/b', false],
    [['feature/**'], 'feature/a/b', true],
    [['*feature'], 'my-feature', true],
    [['v1.*'], 'v1.2', true],
    [['v[12].[0-9]'], 'v2.7', true],
    [['v[12].[0-9]'], 'v3.7', false],
    [['*.md'], 'README.md', true],
    [['*.md'], 'docs/README.md', false],
    [['**.md'], 'docs/README.md', true],
    [['**/*.md'], 'docs/a/README.md', true],
    [['**/docs/**'], 'docs/a', true],
    [['**/docs/**'], 'x/docs/a/b', true],
    [['docs/*'], 'docs/.hidden', true],
    [['**'], '.github/workflows/ci.yml', true],
    [['data/**'], 'database/x', false],
    [['a', 'b'], 'b', true],
    [[], 'main', false],
    [['**', '!docs/**'], 'src/a', true],
    [['**', '!docs/**'], 'docs/a', false],
    [['**', '!docs/**', 'docs/keep'], 'docs/keep', true],
    [['docs/keep', '**', '!docs/**'], 'docs/keep', false],
    [['!docs/**'], 'docs/a', false],
    [['!docs/**'], 'src/a', false],
    [['!docs/**', '**'], 'docs/a', true],
    [['!main', 'main'], 'main', true],
    [['**', '!!main'], 'dev', true],
  ])('%j with %s: %s', (globs, value, matches) => {
    expect(matchesGlobs(globs, value)).toBe(matches)
  })
})

describe('judge', () => {
  it('does not take another source’s delivery', () => {
    expect(matchRoute(route(), 'slack', trigger())).toEqual({
      route: 'r',
      matched: false,
      because: 'on: slack is not github',
    })
  })

  it('without a filter takes everything of its source', () => {
    expect(matchRoute(route(), 'github', trigger())).toEqual({ route: 'r', matched: true, because: yes })
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
  ])('%s %j with %j', (_, config, facts, words) => {
    expect(because(config, facts)).toBe(words)
  })

  it.each<[string, Partial<RouteConfig>, Facts, string]>([
    ['a branch that is listed', { branches: ['main'] }, { branch: 'main' }, yes],
    ['a branch that is not', { branches: ['main'] }, { branch: 'dev' }, 'branches: "dev" does not match "main"'],
    [
      'a tag, where branches alone are listed',
      { branches: ['**'] },
      { tag: 'v1' },
      'branches: tag "v1" is not a branch that is listed',
    ],
    ['a branch, where tags alone are listed', { tags: ['**'] }, { branch: 'main' }, 'tags: branch "main" is not a tag'],
    ['a tag that is listed', { tags: ['v*'] }, { tag: 'v1' }, yes],
    ['a tag that is not', { tags: ['v*'] }, { tag: 'x1' }, 'tags: "x1" does not match "v*"'],
    ['either, where both are listed: branch', { branches: ['main'], tags: ['v*'] }, { branch: 'main' }, yes],
    ['either, where both are listed: tag', { branches: ['main'], tags: ['v*'] }, { tag: 'v1' }, yes],
    [
      'a branch that looks like a tag',
      { branches: ['main'], tags: ['v*'] },
      { branch: 'v1' },
      'branches: "v1" does not match "main"',
    ],
    ['neither', { branches: ['main'] }, {}, 'branches: no ref is not a branch that is listed'],
    ['neither', { tags: ['v*'] }, {}, 'tags: no ref is not a tag'],
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
    ['one file of many is enough', ['README.md', 'data/a.csv'], yes],
    ['none', ['README.md', 'src/a.ts'], 'paths: none of 2 changed files matches "data/**"'],
    ['no files', [], 'paths: none of 0 changed files matches "data/**"'],
    ['the sender does not say', 'unknown', `${yes}; which files are changed is not known, so paths counts as matched`],
    ['there are no files in such an event', undefined, 'paths: none of 0 changed files matches "data/**"'],
  ])('paths: %s', (_, paths, words) => {
    expect(because({ paths: ['data/**'] }, paths === undefined ? {} : { paths })).toBe(words)
  })

  it('says that paths are guessed only where the route asks for them', () => {
    expect(because({}, { paths: 'unknown' })).toBe(yes)
  })

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['a fork’s change', {}, { fork: true }, false],
    ['a fork’s change, which the route lets in', { forks: true }, { fork: true }, true],
    ['a fork’s change, which the route keeps out in words', { forks: false }, { fork: true }, false],
    ['a change that is no fork’s', {}, { fork: false }, true],
    ['what knows no forks', { forks: false }, {}, true],
  ])('forks: %s', (_, config, facts, matched) => {
    const verdict = matchRoute(route(config), 'github', trigger(facts))
    expect(verdict.matched).toBe(matched)
    expect(verdict.because).toMatch(matched ? yes : /^forks: .+ does not say forks: true$/)
  })

  it.each<[string, unknown, string]>([
    ['event.forced == false', { forced: false }, yes],
    ['event.forced == false', { forced: true }, 'if: gives false'],
    ['event.forced == false', {}, 'if: No such key: forced'],
    ['event.maybe', { maybe: 'true' }, 'if: gives true'],
    ['event.maybe', { maybe: 1 }, 'if: gives 1'],
    ['body.n > 1 && source == "github" && actor == "ann"', { n: 2 }, yes],
    ['event.a.b == 1', null, 'if: No such key: a'],
    ['event.n / 0 == 1', { n: 'x' }, 'if: no such overload: dyn<string> / int'],
  ])('if: %s with %j', (condition, payload, words) => {
    expect(because({ if: condition }, {}, payload)).toBe(words)
  })

  it('a text that reads "true" is not true', () => {
    expect(matchRoute(route({ if: 'event.maybe' }), 'github', trigger({}, { maybe: 'true' })).matched).toBe(false)
  })

  it('the first filter that says no decides, and the condition is asked last', () => {
    const config = { event: ['push'], branches: ['main'], paths: ['data/**'], if: 'event.absent' }
    const facts: Facts = { events: ['fork'], branch: 'dev', paths: [] }
    expect(because(config, facts)).toMatch(/^event: /)
    expect(because(config, { ...facts, events: ['push'] })).toMatch(/^branches: /)
    expect(because(config, { ...facts, events: ['push'], branch: 'main' })).toMatch(/^paths: /)
    expect(because(config, { events: ['push'], branch: 'main', paths: ['data/a'] })).toMatch(/^if: /)
  })
})

describe('notAllowed', () => {
  it.each<[string, RouteConfig['allow'], Facts, string | undefined]>([
    ['no list', undefined, {}, undefined],
    ['an empty list of lists', {}, {}, undefined],
    ['a listed user', { users: ['U1', 'U2'] }, { user: 'U2' }, undefined],
    ['another user', { users: ['U1'] }, { user: 'U3' }, 'this is not open to you'],
    [
      'another user, an owner where users count',
      { users: ['U1'] },
      { association: 'OWNER' },
      'this is not open to you',
    ],
    ['one of whose groups nothing is known', { userGroups: ['S1'] }, { user: 'U2' }, 'this is not open to you'],
    ['a user of another case: GitHub’s logins have none', { users: ['Ann'] }, { user: 'ann' }, undefined],
    ['one of the group', { users: ['U1'], userGroups: ['S1'] }, { user: 'U2', groups: ['S1'] }, undefined],
    ['one of another group', { userGroups: ['S1'] }, { user: 'U2', groups: ['S2'] }, 'this is not open to you'],
    ['one of the team', { teams: ['acme/data'] }, { user: 'ann', groups: ['acme/data'] }, undefined],
    ['by association', { associations: ['OWNER'] }, { user: 'ann', association: 'OWNER' }, undefined],
    [
      'by no such association',
      { associations: ['OWNER'] },
      { user: 'ann', association: 'NONE' },
      'this is not open to you',
    ],
    ['nobody knows what it is', { associations: ['OWNER'] }, { user: 'ann' }, 'this is not open to you'],
    ['no user', { users: ['U1'] }, {}, 'this is not open to you'],
    ['a listed channel', { channels: ['C1'] }, { channel: 'C1' }, undefined],
    ['another channel', { channels: ['C1'] }, { channel: 'C2' }, 'this is not open in this channel'],
    ['no channel', { channels: ['C1'] }, { user: 'U1' }, 'this is not open in this channel'],
    [
      'the user but not the channel',
      { users: ['U1'], channels: ['C1'] },
      { user: 'U1', channel: 'C2' },
      'this is not open in this channel',
    ],
    [
      'the channel but not the user',
      { users: ['U1'], channels: ['C1'] },
      { user: 'U2', channel: 'C1' },
      'this is not open to you',
    ],
    ['both', { users: ['U1'], channels: ['C1'] }, { user: 'U1', channel: 'C1' }, undefined],
  ])('%s', (_, allow, facts, words) => {
    expect(whyNotAllowed(route(allow === undefined ? {} : { allow }), trigger(facts))).toBe(words)
  })
})

describe('computeParams', () => {
  const compute = (given: RouteConfig['with'], payload: unknown = {}) => ({
    ...computeParams(route(given === undefined ? {} : { with: given }), 'github', trigger({}, payload)),
  })

  it('works out texts and leaves other literals as they are', () => {
    const given = { a: '${event.x}', b: 'v${event.x}', c: 3, d: true, e: 'plain', f: '${event.absent}' }
    expect(compute(given, { x: 1 })).toEqual({ a: 1, b: 'v1', c: 3, d: true, e: 'plain', f: undefined })
  })

  it('is empty where the route sets nothing', () => {
    expect(compute(undefined)).toEqual({})
  })

  it('names the parameter that cannot be worked out', () => {
    const call = () => compute({ a: '1', b: '${event.x - 1}' }, { x: 'text' })
    expect(call).toThrow(/^with\.b: no such overload/)
    expect(call).toThrow(expect.objectContaining({ cause: expect.any(Error) }))
  })

  it('does not read what a hostile payload says about objects', () => {
    const payload = JSON.parse('{"__proto__": {"x": "evil"}}')
    expect(compute({ a: '${event.x}' }, payload)).toEqual({ a: undefined })
  })
})

describe('prepareRoute', () => {
  it.each([{ if: 'event.' }, { with: { a: '${' } }])('%j throws when it is made, not when it is asked', (config) => {
    expect(() => route(config as Partial<RouteConfig>)).toThrow(Error)
  })
})

describe('the route that made a run', () => {
  const config: RouteConfig = { id: 'r', on: 'slack', run: 'analyze', command: ['/analyze'], with: { depth: 3 } }
  const made = { route: 'r', routeIs: fingerprintOf(config) }
  const found = (more: Partial<RouteConfig>, plan: Parameters<typeof routeOf>[1] = made) =>
    routeOf([route(), prepareRoute({ ...config, ...more })], plan)?.config

  it('is found again by its fingerprint, now and in every later version', () => {
    expect(fingerprintOf(config)).toBe('5538d1642fabfabd')
    expect(found({})).toEqual(config)
  })

  it('may have changed whom it lets in', () => {
    expect(found({ allow: { users: ['U1'] } })).toBeDefined()
  })

  it.each<Partial<RouteConfig>>([
    { id: 'other' },
    { on: 'github' },
    { run: 'other' },
    { event: ['push'] },
    { command: ['/analyse'] },
    { with: { depth: 4 } },
  ])('is not the one with %j', (more) => {
    expect(found(more)).toBeUndefined()
  })

  it('is not known of a run whose row has no fingerprint', () => {
    expect(found({}, { route: 'r' })).toBeUndefined()
  })
})

describe('mayApprove', () => {
  const approval = { from: ['U1', 'S1', 'S2'], expires: 60 }

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['who is named', { approval }, { user: 'U1' }, true],
    ['who is named in another case', { approval }, { user: 'u1' }, true],
    ['one of a group', { approval }, { user: 'U2', groups: ['S9', 'S2'] }, true],
    ['one of another group', { approval }, { user: 'U2', groups: ['S9'] }, false],
    ['one of whose groups nothing is known', { approval }, { user: 'U2' }, false],
    ['nobody', { approval }, {}, false],
    ['anybody, where the route asks for no yes', {}, { user: 'U1', groups: ['S1'] }, false],
  ])('%s', (_, config, facts, may) => {
    expect(mayApprove(route(config), { facts })).toBe(may)
  })
})

describe('questionOf', () => {
  const ask = (configs: Partial<RouteConfig>[], facts: Facts, incomplete?: true) =>
    lookupFor(configs.map(route), { facts, ...(incomplete && { incomplete }) })
  const none = { paths: false, groups: [] }

  it.each<[string, Partial<RouteConfig>[], Facts, true | undefined, boolean]>([
    ['where they are not known', [{}, { paths: ['a'] }], { paths: 'unknown' }, undefined, true],
    ['where the delivery says little', [{}, { paths: ['a'] }], {}, true, true],
    ['not where they are known', [{ paths: ['a'] }], { paths: ['b'] }, undefined, false],
    ['not where such a delivery has none', [{ paths: ['a'] }], {}, undefined, false],
    ['not where no route looks at them', [{}], { paths: 'unknown' }, true, false],
    ['not where there are no routes', [], { paths: 'unknown' }, true, false],
  ])('asks for the changed files: %s', (_, configs, facts, incomplete, paths) => {
    expect(ask(configs, facts, incomplete)).toEqual({ ...none, paths })
  })

  it('asks for each group once, of the routes that do not know the user otherwise', () => {
    const routes: Partial<RouteConfig>[] = [
      { allow: { userGroups: ['S1', 'S2'] } },
      { allow: { userGroups: ['S2'], teams: ['acme/data'] } },
      { allow: { users: ['U1'], userGroups: ['S3'] } },
      {},
    ]
    expect(ask(routes, { user: 'U1' })).toEqual({ paths: false, groups: ['S1', 'S2', 'acme/data'] })
    expect(ask(routes, { user: 'U2' }).groups).toEqual(['S1', 'S2', 'acme/data', 'S3'])
  })

  it('asks for no group where there is none', () => {
    expect(ask([{ allow: { users: ['U1'] } }], { user: 'U2' })).toEqual(none)
  })
})

describe('a command', () => {
  const command = ['/analyze', '/report']

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['a route has it', { command }, { command: '/report' }, true],
    ['no route has it', { command }, { command: '/deploy' }, false],
    ['routes have none', {}, { command: '/analyze' }, false],
    ['there is none', { command }, {}, false],
    ['it is another source’s', { command, on: 'slack' }, { command: '/analyze' }, false],
    [
      'it is a repository’s',
      { command, repositories: ['acme/*'] },
      { command: '/analyze', repository: 'acme/site' },
      true,
    ],
    [
      'it is another repository’s',
      { command, repositories: ['acme/*'] },
      { command: '/analyze', repository: 'b/site' },
      false,
    ],
  ])('is known here or not: %s', (_, config, facts, known) => {
    expect(hasCommandRoute([route(config)], 'github', facts)).toBe(known)
    expect(mayUseCommand([route(config)], 'github', { facts })).toBe(known)
  })

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['a listed user', { allow: { users: ['ann'] } }, { user: 'ann' }, true],
    ['a stranger', { allow: { users: ['ann'] } }, { user: 'bob' }, false],
    ['who may approve', { allow: { users: ['ann'] }, approval: { from: ['bob'], expires: 60 } }, { user: 'bob' }, true],
    ['who may be in a group', { allow: { teams: ['acme/data'] } }, { user: 'bob' }, true],
    [
      'who may be in a group that approves',
      { allow: { users: ['ann'] }, approval: { from: ['acme/leads'], expires: 60 } },
      { user: 'bob' },
      true,
    ],
    [
      'who may be in another of the groups',
      { allow: { teams: ['acme/data', 'acme/ops'] } },
      { user: 'bob', groups: ['x'] },
      true,
    ],
    ['who is in other groups', { allow: { teams: ['acme/data'] } }, { user: 'bob', groups: ['x'] }, false],
  ])('is there for some: %s', (_, config, facts, may) => {
    expect(mayUseCommand([route({ command, ...config })], 'github', { facts: { command: '/analyze', ...facts } })).toBe(
      may,
    )
  })
})

describe('couldTake', () => {
  const could = (config: Partial<RouteConfig>, facts: Facts, incomplete?: true) =>
    couldMatch(route(config), 'github', { ...trigger(facts), ...(incomplete && { incomplete }) })

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['no filter', {}, {}, true],
    ['another source’s', { on: 'slack' }, {}, false],
    ['the event', { event: ['push'] }, { events: ['push'] }, true],
    ['another event', { event: ['push'] }, { events: ['fork'] }, false],
    ['the command', { command: ['/analyze'] }, { command: '/analyze' }, true],
    ['another command', { command: ['/analyze'] }, { command: '/deploy' }, false],
    ['no command', { command: ['/analyze'] }, {}, false],
    ['the repository', { repositories: ['acme/*'] }, { repository: 'acme/site' }, true],
    ['another repository', { repositories: ['acme/*'] }, { repository: 'b/site' }, false],
    ['paths and conditions, which are asked later', { paths: ['a'], if: 'false' }, { paths: [] }, true],
  ])('%s, whether the delivery says all or not', (_, config, facts, takes) => {
    expect(could(config, facts)).toBe(takes)
    expect(could(config, facts, true)).toBe(takes)
  })

  it.each<[string, Partial<RouteConfig>, Facts]>([
    ['branch', { branches: ['main'] }, { branch: 'dev' }],
    ['fork', {}, { fork: true }],
  ])('the wrong %s rules it out only where the delivery says all', (_, config, facts) => {
    expect(could(config, facts)).toBe(false)
    expect(could(config, facts, true)).toBe(true)
  })
})

describe('a name that is longer than any', () => {
  it.each([
    ['branches', 'branch'],
    ['tags', 'tag'],
    ['repositories', 'repository'],
  ] as const)('%s', (filter, fact) => {
    const of = (length: number) => because({ [filter]: ['**'] }, { [fact]: 'x'.repeat(length) })
    expect(of(1024)).toBe(yes)
    expect(of(1025)).toBe(`${filter}: a name of 1025 characters is longer than the 1024 that are looked at`)
  })

  it('paths', () => {
    const of = (length: number) => because({ paths: ['**'] }, { paths: ['x'.repeat(length)] })
    expect(of(4096)).toBe(yes)
    expect(of(4097)).toMatch(/^paths: none of 1 changed files matches/)
  })
})
