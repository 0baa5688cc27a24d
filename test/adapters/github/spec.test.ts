/** GitHub's part of the config: what `check` reports, the defaults of routes, and which tokens `receive` needs. */
import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import { policiesFor } from '../../../src/deploy/function-policies.ts'

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
