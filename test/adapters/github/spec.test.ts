/** What `check` says of GitHub's routes, what they say where the config does not, and which tokens `receive` needs for them. */
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
const given = 'with: { dataset: x }'
const app = 'appId: 1, privateKey: "secretsmanager:app"'

it.each([
  ['a command without anybody who could ask', 'command: /a', '', 'command: needs a "token" or an App in the source'],
  ['a command in a push', 'command: /a, event: push', undefined, 'event: "push" brings no commands'],
  ['Slack’s lists', `event: push, ${given}, allow: { channels: [C1] }`, undefined, '"channels" are Slack’s'],
  ['a team of nothing', `event: push, ${given}, allow: { teams: [data] }`, undefined, '"data" is not a team'],
  ['a team that nobody can ask', `event: push, ${given}, allow: { teams: [a/b] }`, '', 'names a team'],
  [
    'associations that nobody says',
    `event: push, ${given}, allow: { associations: [OWNER] }`,
    undefined,
    'are said of comments',
  ],
  ['an association that anybody has', 'command: /a, allow: { associations: [NONE] }', undefined, 'is not one of OWNER'],
  [
    'an approval without a place',
    `event: push, ${given}, approval: { from: [bob] }`,
    undefined,
    'approval: has no place',
  ],
  ['an approval without anybody', 'command: /a, approval: { from: [] }', undefined, 'approval.from'],
  [
    'an approval that never ends',
    'command: /a, approval: { from: [bob], expires: soon }',
    undefined,
    'must be a time like',
  ],
  ['no parameters, and nowhere to take them from', 'event: push', undefined, 'must set "dataset"'],
])('%s is a problem', (_, route, source, words) => {
  expect(() => compile(route, source)).toThrow(words)
})

describe('a command', () => {
  it('is one of a comment that is new, by somebody whom the repository trusts', () => {
    expect(compile('command: /a').routes[0]).toMatchObject({
      command: ['/a'],
      event: ['issue_comment.created'],
      allow: { associations: ['OWNER', 'MEMBER', 'COLLABORATOR'] },
    })
  })
  it('is open to whom the config says, and to nobody else', () => {
    expect(compile('command: /a, allow: { users: ann }').routes[0]?.allow).toEqual({ users: ['ann'] })
  })
})

describe('receive has the token', () => {
  const doors = (route: string, source?: string) => compile(route, source).sources.github?.receiveTokens
  it.each([
    ['a command', 'command: /a', undefined, ['token']],
    ['a command, of an App', 'command: /a', app, ['privateKey']],
    ['a team', `event: push, ${given}, allow: { teams: [a/b] }`, undefined, ['token']],
    ['a team that approves', `event: push, ${given}, approval: { from: [a/b] }`, app, ['privateKey']],
    ['paths of a pull request', `event: pull_request.opened, ${given}, paths: [a]`, undefined, ['token']],
    ['paths of anything', `${given}, paths: [a]`, undefined, ['token']],
  ])('for %s', (_, route, source, names) => {
    expect(doors(route, source)).toEqual(names)
  })
  it.each([
    ['a push', `event: push, ${given}`],
    ['paths of a push, which says them', `event: push, ${given}, paths: [a]`],
    ['people', `event: push, ${given}, allow: { users: [ann] }`],
    ['paths that nobody could ask for', `event: pull_request, ${given}, paths: [a]`, ''],
  ])('not for %s', (_, route, source?: string) => {
    expect(doors(route, source)).toBeUndefined()
  })
  it('in its policy, then and only then', () => {
    const secretsOf = (route: string) => JSON.stringify(policiesFor(compile(route)).receive)
    expect(secretsOf('command: /a')).toContain('secret:hub-??????')
    expect(secretsOf(`event: push, ${given}`)).not.toContain('secret:hub-??????')
  })
})
