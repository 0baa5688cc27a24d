/** GitHub's part of the config: what `check` reports, the defaults of routes, and which tokens `receive` needs. */

import { emitterEventNames } from '@octokit/webhooks'
import { describe, expect, it } from 'vitest'
import { isEventName, moreEventNames, withoutRepository } from '../../../src/adapters/github/event-names.ts'
import { eventRefs } from '../../../src/adapters/github/event-refs.ts'
import { githubSpec } from '../../../src/adapters/github/spec.ts'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import { notesOn } from '../../../src/config/notes.ts'
import { policiesFor } from '../../../src/deploy/function-policies.ts'
import { operations } from '../../support/github/schema.ts'

const compile = (route: string, source = 'token: "secretsmanager:hub#token"') =>
  compileConfig(
    `
sources:
  github: { adapter: github, secret: "env:S"${source === '' ? '' : `, ${source}`} }
tasks:
  t: { cluster: c, taskDefinition: t, subnets: [s], params: { dataset: { type: string, required: true } } }
routes:
  - { on: github, run: t, ${route} }
`,
    builtinSpecs,
  )
const params = 'with: { dataset: x }'
const app = 'appId: 1, privateKey: "secretsmanager:app"'

it.each([
  ['a command without credentials for the API', 'command: /a', '', 'command: needs a "token" or an App in the source'],
  ['a command in a push', 'command: /a, event: push', undefined, 'event: "push" contains no commands'],
  ['workspaces', `event: push, ${params}, allow: { workspaces: [T1] }`, undefined, '"workspaces" is for Slack'],
  ['a list for Slack', `event: push, ${params}, allow: { channels: [C1] }`, undefined, '"channels" is for Slack'],
  [
    'a team without an organisation',
    `event: push, ${params}, allow: { teams: [data] }`,
    undefined,
    '"data" is not a team',
  ],
  ['a team without credentials for the API', `event: push, ${params}, allow: { teams: [a/b] }`, '', 'names a team'],
  [
    'associations for an event that has none',
    `event: push, ${params}, allow: { associations: [OWNER] }`,
    undefined,
    'only comments and reviews have "associations"',
  ],
  [
    'an association that everyone has',
    'command: /a, allow: { associations: [NONE] }',
    undefined,
    'is not one of OWNER',
  ],
  [
    'an approval without buttons or commands',
    `event: push, ${params}, approval: { from: [bob] }`,
    undefined,
    'approval: cannot be given',
  ],
  ['an approval without approvers', 'command: /a, approval: { from: [] }', undefined, 'approval.from'],
  [
    'an approval whose expiry is not a time',
    'command: /a, approval: { from: [bob], expires: soon }',
    undefined,
    'must be a time like',
  ],
  ['a bot with its suffix', 'command: /a, allow: { bots: ["x[bot]"] }', undefined, 'write it without "[bot]"'],
  ['a required parameter that no route sets', 'event: push', undefined, 'must set "dataset"'],
])('reports %s', (_, route, source, words) => {
  expect(() => compile(route, source)).toThrow(words)
})

describe('a route with a command', () => {
  it('takes new comments of owners, members and collaborators by default', () => {
    expect(compile('command: /a').routes[0]).toMatchObject({
      command: ['/a'],
      event: ['issue_comment.created'],
      allow: { associations: ['OWNER', 'MEMBER', 'COLLABORATOR'] },
    })
  })
  it('is open only to the people in `allow`, if the config sets it', () => {
    expect(compile('command: /a, allow: { users: ann }').routes[0]?.allow).toEqual({ users: ['ann'] })
  })
})

describe('the token that receive can read', () => {
  const receiveTokens = (route: string, source?: string) => compile(route, source).sources.github?.receiveTokens
  it.each([
    ['a command', 'command: /a', undefined, ['token']],
    ['a command, with an App', 'command: /a', app, ['privateKey']],
    ['a team', `event: push, ${params}, allow: { teams: [a/b] }`, undefined, ['token']],
    ['an approving team', `event: push, ${params}, approval: { from: [a/b] }`, app, ['privateKey']],
    ['paths of a pull request', `event: pull_request.opened, ${params}, paths: [a]`, undefined, ['token']],
    ['paths of anything', `${params}, paths: [a]`, undefined, ['token']],
  ])('is there for %s', (_, route, source, names) => {
    expect(receiveTokens(route, source)).toEqual(names)
  })
  it.each([
    ['a push', `event: push, ${params}`],
    ['paths of a push, whose payload lists them', `event: push, ${params}, paths: [a]`],
    ['people', `event: push, ${params}, allow: { users: [ann] }`],
    ['paths without credentials for the API', `event: pull_request, ${params}, paths: [a]`, ''],
  ])('is missing for %s', (_, route, source?: string) => {
    expect(receiveTokens(route, source)).toBeUndefined()
  })
  it('is in the IAM policy of receive only if it is needed', () => {
    const secretsOf = (route: string) => JSON.stringify(policiesFor(compile(route)).receive)
    expect(secretsOf('command: /a')).toContain('secret:hub-??????')
    expect(secretsOf(`event: push, ${params}`)).not.toContain('secret:hub-??????')
  })
})

describe('the names of events', () => {
  const names = [
    ...new Set(
      operations.flatMap(({ event, action }) => [event, ...(action === undefined ? [] : [`${event}.${action}`])]),
    ),
  ]
  it('are those of GitHub’s schema and of the library', () => {
    expect(names.length).toBe(372)
    expect(names.filter((name) => githubSpec.events?.includes(name) !== true)).toEqual([])
    expect(emitterEventNames.filter((name) => githubSpec.events?.includes(name) !== true)).toEqual([])
  })
  it('are listed here only if the schema has them and the library does not', () => {
    const library = new Set<string>(emitterEventNames)
    const withActions = moreEventNames.filter((name) => name.includes('.') || name === 'cache_sync')
    expect(withActions.filter((name) => library.has(name) || !names.includes(name))).toEqual([])
  })
  it('can all be written', () => {
    expect([...names, 'repository_dispatch.Deploy to prod!'].filter((name) => !isEventName(name))).toEqual([])
    for (const name of ['Push', 'push.', '.push', 'a.b.c', 'pull request', 'push ', '', 'repository_dispatch.'])
      expect(isEventName(name), name).toBe(false)
  })
  it('include those without a repository', () => {
    const always = [...new Set(operations.map(({ event }) => event))].filter((event) =>
      operations.every((each) => each.event !== event || !each.repository),
    )
    expect(withoutRepository).toEqual(always)
  })
})

describe('an event that can never match', () => {
  const more = `${params}, forks: true`
  it.each([
    ['branches', 'issues', 'branches: [main]', '"issues" names no branch'],
    ['branches and tags', '[issues, star]', 'branches: [main], tags: [v1]', '"star" names no branch and no tag'],
    ['tags of a pull request', 'pull_request', 'tags: [v1]', '"pull_request" names no tag'],
    ['files', 'release.published', 'paths: [a]', '"release.published" changes no files'],
    ['repositories', 'projects_v2', 'repositories: [a/b]', '"projects_v2" names no repository'],
  ])('is an error: %s', (_, event, filter, words) => {
    expect(() => compile(`event: ${event}, ${filter}, ${more}`)).toThrow(`${words}, so the route can never match`)
  })
  it.each(['workflow_job', 'commit_comment.created'])('is an error without forks: true: %s', (event) => {
    expect(() => compile(`event: ${event}, ${params}`)).toThrow('may be about the code of a fork')
    expect(() => compile(`event: ${event}, ${more}`)).not.toThrow()
  })
  it.each([
    ['a tag or a branch', 'release, branches: [main]'],
    ['a tag', '[push, create, workflow_dispatch, package], tags: [v1]'],
    ['the branch of a comment', 'issue_comment.created, branches: [main]'],
    ['the files of a review', 'pull_request_review, paths: [a]'],
    ['any branch in an event that is not known', 'next_year.created, branches: [main], paths: [a], tags: [v1]'],
    ['any action', 'repository_dispatch.anything at all, branches: [main]'],
  ])('is not %s', (_, filters) => {
    const [event, ...rest] = filters.split(/, (?=branches|tags|paths)/)
    const config = compile(`event: ${event?.startsWith('[') ? event : `"${event}"`}, ${[...rest, more].join(', ')}`)
    expect(notesOn(config, builtinSpecs).filter((note) => note.includes('never'))).toEqual([])
  })
  it('is no error for any event of the table that names a branch', () => {
    const named = Object.entries(eventRefs).filter(
      ([, { ref, typedRef, branch }]) => (ref ?? typedRef ?? branch) !== undefined,
    )
    for (const [event] of named)
      expect(() => compile(`event: ${event}, branches: [main], ${more}`), event).not.toThrow()
  })
})

describe('a note', () => {
  const notes = (route: string, source?: string) => notesOn(compile(route, source), builtinSpecs)
  it('is about a route of an App without repositories', () => {
    const words =
      'route github/t: has no "repositories", so it takes the deliveries of every repository that the App is installed in'
    expect(notes(`event: push, ${params}`, app)).toEqual([words])
    expect(notes(`event: push, repositories: [a/b], ${params}`, app)).toEqual([])
    expect(notes(`event: push, ${params}`)).toEqual([])
  })
  it('is about an event that only some filters exclude', () => {
    expect(notes(`event: [push, issues], branches: [main], ${params}`)).toEqual([
      'route github/t: "issues" names no branch, so it can never match here',
    ])
  })
  it('names the actions of an event', () => {
    expect(notes(`event: issues.zzzzzzzz, ${params}`)).toEqual([
      expect.stringMatching(
        /^route github\/t: "issues\.zzzzzzzz" is not a GitHub event that taskhook knows; issues has .*opened/,
      ),
    ])
  })
})
