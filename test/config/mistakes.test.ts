import { describe, expect, it } from 'vitest'
import { changed, compile, lines } from './lines.ts'

const problem = (path: string, line: number, message: unknown) => ({ path, line, message })
const problems = (...list: unknown[]) => expect.objectContaining({ name: 'ConfigError', problems: list })

describe('ten mistakes at once', () => {
  const ten = changed({
    2: '  github: { adapter: gihtub, secret: "env:GITHUB" }',
    3: '  slack: { adapter: slack, signingSecret: "xoxb-not-a-reference" }',
    7: '    clustre: analytics',
    9: '    subnets: []',
    11: '      dataset: { type: strng, env: DATASET }',
    12: '      depth: { type: integer, env: PATH, default: 99, max: 10 }',
    14: '  - { on: gitub, event: push, run: analize }',
    15: '  - { on: slack, command: analyze, run: analyze, branches: [main] }',
    16: '  - { on: partner, run: analyze, if: "event.", with: { deph: 3 } }',
  })

  it('are all reported in the order of the file, each with its line and its fix', () => {
    expect(compile(ten)).toThrow(
      problems(
        problem('sources.github.adapter', 2, '"gihtub" is not an adapter; did you mean "github"?'),
        problem('sources.slack.signingSecret', 3, expect.stringMatching(/^is not a secret reference; write /)),
        problem('tasks.analyze.cluster', 6, 'is missing'),
        problem('tasks.analyze.clustre', 7, 'unknown key; did you mean "cluster"?'),
        problem('tasks.analyze.subnets', 9, 'must not be empty'),
        problem(
          'tasks.analyze.params.dataset.type',
          11,
          '"strng" is not one of string, integer, number, boolean; did you mean "string"?',
        ),
        problem('tasks.analyze.params.depth.env', 12, expect.stringMatching(/^"PATH" is reserved/)),
        problem('tasks.analyze.params.depth.default', 12, 'is 99; the largest is 10'),
        problem('routes[0].on', 14, '"gitub" is not a source; did you mean "github"?'),
        problem('routes[0].run', 14, '"analize" is not a task; did you mean "analyze"?'),
        problem('routes[1].command', 15, 'must start with "/", for example "/analyze"'),
        problem('routes[1].branches', 15, 'does not apply to slack deliveries; use command, allow, approval, if'),
        problem('routes[2].if', 16, expect.any(String)),
        problem('routes[2].with.deph', 16, 'is not a parameter of analyze; did you mean "depth"?'),
      ),
    )
  })

  it('are listed in one message', () => {
    expect(compile(ten, 'prod.yaml')).toThrow(
      /^14 problems in prod\.yaml\n {2}prod\.yaml:2 {2}sources\.github\.adapter: /,
    )
  })

  it('a single one is counted as 1 problem', () => {
    expect(compile(changed({ 8: '    taskDefinition: ""' }))).toThrow(
      /^1 problem in taskhook\.yaml\n {2}taskhook\.yaml:8 {2}tasks\.analyze\.taskDefinition: must not be empty$/,
    )
  })
})

it('the config without a mistake compiles', () => {
  expect(compile(lines.join('\n'))).not.toThrow()
})

describe('one mistake', () => {
  it.each<[string, Record<number, string>, path: string, line: number, message: unknown]>([
    [
      'an event that cannot exist',
      { 14: '  - { on: github, event: Push, run: analyze }' },
      'routes[0].event',
      14,
      '"Push" is not a GitHub event; did you mean "push"?',
    ],
    [
      'an event in a list that cannot exist',
      { 14: '  - { on: github, event: [push, "issues:opened"], run: analyze }' },
      'routes[0].event[1]',
      14,
      '"issues:opened" is not a GitHub event; did you mean "issues.opened"?',
    ],
    [
      'a filter that the event cannot satisfy',
      { 14: '  - { on: github, event: issues.opened, branches: [main], run: analyze }' },
      'routes[0].branches',
      14,
      '"issues.opened" names no branch, so the route can never match',
    ],
    [
      'a mistyped task',
      { 14: '  - { on: github, run: analyse }' },
      'routes[0].run',
      14,
      '"analyse" is not a task; did you mean "analyze"?',
    ],
    [
      'a task that does not exist',
      { 14: '  - { on: github, run: zzz }' },
      'routes[0].run',
      14,
      '"zzz" is not a task; must be one of analyze',
    ],
    [
      'a source that does not exist',
      { 14: '  - { on: zzz, run: analyze }' },
      'routes[0].on',
      14,
      '"zzz" is not a source; must be one of github, slack, partner',
    ],
    [
      'a source with a name that every object has',
      { 14: '  - { on: constructor, run: analyze }' },
      'routes[0].on',
      14,
      expect.stringMatching(/^"constructor" is not a source/),
    ],
    [
      'a task with a name that every object has',
      { 14: '  - { on: github, run: toString }' },
      'routes[0].run',
      14,
      expect.stringMatching(/^"toString" is not a task/),
    ],
    [
      'an unknown key of a route',
      { 14: '  - { on: github, run: analyze, tsk: x }' },
      'routes[0].tsk',
      14,
      expect.stringMatching(/^unknown key/),
    ],
    [
      'an unknown key of a source',
      { 2: '  github: { adapter: github, secret: "env:GITHUB", tokn: "env:T" }' },
      'sources.github.tokn',
      2,
      'unknown key; did you mean "token"?',
    ],
    [
      'no secret',
      { 2: '  github: { adapter: github }' },
      'sources.github.secret',
      2,
      expect.stringMatching(/^is missing/),
    ],
    [
      'no adapter',
      { 2: '  github: { secret: "env:GITHUB" }' },
      'sources.github.adapter',
      2,
      'is missing; must be one of github, slack, hmac',
    ],
    [
      'a source with the reserved name "runs"',
      { 2: '  runs: { adapter: github, secret: "env:GITHUB" }', 14: '  - { on: runs, run: analyze }' },
      'sources.runs',
      2,
      'is reserved: /runs/ is the address of runs',
    ],
    [
      'a source that cannot be a path',
      { 2: '  Git Hub: { adapter: github, secret: "env:GITHUB" }', 14: '  - { on: Git Hub, run: analyze }' },
      'sources.Git Hub',
      2,
      expect.stringMatching(/^is part of the URL/),
    ],
    [
      'a mistyped preset',
      { 4: '  partner: { adapter: hmac, scheme: strip, secret: "env:P" }' },
      'sources.partner.scheme',
      4,
      expect.stringMatching(/preset|stripe/),
    ],
    [
      'a text where a list is needed',
      { 9: '    subnets: subnet-a' },
      'tasks.analyze.subnets',
      9,
      expect.stringMatching(/^must be a list of subnets/),
    ],
    [
      'a wrong choice',
      { 9: '    subnets: [a]\n    assignPublicIp: yes' },
      'tasks.analyze.assignPublicIp',
      10,
      expect.stringMatching(/is not one of ENABLED, DISABLED/),
    ],
    [
      'a branch filter for Slack',
      { 15: '  - { on: slack, command: /a, run: analyze, branches: [main] }' },
      'routes[1].branches',
      15,
      expect.stringMatching(/^does not apply to slack deliveries/),
    ],
    [
      'a repository without an owner',
      { 14: '  - { on: github, run: analyze, repositories: [site] }' },
      'routes[0].repositories',
      14,
      '"site" has no owner; write owner/name, or */site for any owner',
    ],
    [
      'a default that breaks the range',
      { 12: '      depth: { type: integer, max: 10, default: 11 }' },
      'tasks.analyze.params.depth.default',
      12,
      'is 11; the largest is 10',
    ],
    [
      'a default that breaks the pattern',
      { 11: '      dataset: { type: string, pattern: "^a$", default: b }' },
      'tasks.analyze.params.dataset.default',
      11,
      'is "b", which does not match ^a$',
    ],
    [
      'a default outside its enum',
      { 11: '      dataset: { type: string, enum: [a, b], default: c }' },
      'tasks.analyze.params.dataset.default',
      11,
      expect.stringMatching(/^is "c"/),
    ],
    [
      'a default that is not an integer',
      { 12: '      depth: { type: integer, default: 1.5 }' },
      'tasks.analyze.params.depth.default',
      12,
      'is not an integer',
    ],
    [
      'a default where a value is required',
      {
        12: '      depth: { type: integer, default: 1, required: true }',
        14: '  - { on: github, run: analyze, with: { depth: 1 } }',
      },
      'tasks.analyze.params.depth.required',
      12,
      expect.stringMatching(/^has no effect/),
    ],
    [
      'min over max',
      { 12: '      depth: { type: integer, min: 5, max: 1 }' },
      'tasks.analyze.params.depth.min',
      12,
      'is 5, but max is 1',
    ],
    [
      'minLength over maxLength',
      { 11: '      dataset: { type: string, minLength: 5, maxLength: 1 }' },
      'tasks.analyze.params.dataset.minLength',
      11,
      'is 5, but maxLength is 1',
    ],
    [
      'an invalid pattern',
      { 11: '      dataset: { type: string, pattern: "(" }' },
      'tasks.analyze.params.dataset.pattern',
      11,
      'is not a regular expression',
    ],
    [
      'an invalid variable name',
      { 11: '      dataset: { type: string, env: "A-B" }' },
      'tasks.analyze.params.dataset.env',
      11,
      'is not a valid name of an environment variable: use letters, digits and "_"',
    ],
    [
      'two parameters with the same variable',
      { 12: '      depth: { type: integer, env: DATASET }' },
      'tasks.analyze.params.depth.env',
      12,
      '"DATASET" is already the variable of "dataset"; choose another name',
    ],
    [
      'two parameters with the same default variable',
      { 11: '      dry-run: { type: boolean }', 12: '      dry_run: { type: boolean }' },
      'tasks.analyze.params.dry_run.env',
      12,
      '"DRY_RUN" is already the variable of "dry-run"; choose another name',
    ],
    [
      'a key of another type',
      { 12: '      depth: { type: integer, pattern: x }' },
      'tasks.analyze.params.depth.pattern',
      12,
      expect.stringMatching(/^unknown key/),
    ],
    [
      'a wrong type with a default: one problem',
      { 12: '      depth: { type: intger, default: x }' },
      'tasks.analyze.params.depth.type',
      12,
      expect.stringMatching(/did you mean "integer"/),
    ],
    [
      'with: a literal that breaks the rule',
      { 14: '  - { on: github, run: analyze, with: { depth: 11 } }' },
      'routes[0].with.depth',
      14,
      'is 11; the largest is 10',
    ],
    [
      'with: an unknown parameter',
      { 14: '  - { on: github, run: analyze, with: { x: 1 } }' },
      'routes[0].with.x',
      14,
      'is not a parameter of analyze; it takes dataset, depth',
    ],
    [
      'a required parameter that GitHub cannot send',
      { 11: '      dataset: { type: string, required: true }' },
      'routes[0].with',
      14,
      'must set "dataset": analyze requires it, and github deliveries contain no parameters',
    ],
    [
      'a required parameter that a "with" does not set',
      {
        11: '      dataset: { type: string, required: true }',
        14: '  - { on: github, event: push, run: analyze, with: { dataset: x } }',
        16: '  - { on: partner, run: analyze, with: { depth: 5 } }',
      },
      'routes[2].with',
      16,
      'must set "dataset": analyze requires it, and a route with a "with" takes no parameters from the payload',
    ],
    [
      'a misspelled Fargate capacity provider',
      { 9: '    subnets: [subnet-a]\n    capacity: [fargate-spot, FARGATE]' },
      'tasks.analyze.capacity',
      10,
      '"fargate-spot" is not a Fargate capacity provider; did you mean "FARGATE_SPOT"?',
    ],
    [
      'an if that is not a condition',
      { 14: '  - { on: github, run: analyze, if: \'"x"\' }' },
      'routes[0].if',
      14,
      'must be true or false, but is of type string',
    ],
    [
      'an if that does not parse',
      { 14: '  - { on: github, run: analyze, if: "event.a ==" }' },
      'routes[0].if',
      14,
      'Unexpected token: EOF',
    ],
    [
      'an if with an unknown name',
      { 14: '  - { on: github, run: analyze, if: "evnt.a == 1" }' },
      'routes[0].if',
      14,
      'Unknown variable: evnt',
    ],
    [
      'a template that is never closed',
      { 14: '  - { on: github, run: analyze, with: { dataset: "${event.a" } }' },
      'routes[0].with.dataset',
      14,
      '"${" is never closed',
    ],
    [
      'two routes with the same name',
      { 14: '  - { name: r, on: github, run: analyze }', 15: '  - { name: r, on: slack, run: analyze }' },
      'routes[1].name',
      15,
      '"r" is the name of another route',
    ],
    [
      'a name that another route has by default',
      { 14: '  - { on: github, run: analyze }', 15: '  - { name: github/analyze, on: slack, run: analyze }' },
      'routes[1].name',
      15,
      '"github/analyze" is the name of another route',
    ],
    [
      'a name that a later route has by default',
      { 14: '  - { name: slack/analyze, on: github, run: analyze }', 15: '  - { on: slack, run: analyze }' },
      'routes[0].name',
      14,
      '"slack/analyze" is the name of another route',
    ],
    [
      'a scheme with a timestamp that is not signed',
      {
        4: '  partner: { adapter: hmac, secret: "env:P", scheme: { header: x, algorithm: sha256, encoding: hex, timestamp: { header: t } } }',
      },
      'sources.partner.scheme',
      4,
      expect.stringMatching(/^has a timestamp that is not signed/),
    ],
    [
      'a scheme with a timestamp without a place',
      {
        4: '  partner: { adapter: hmac, secret: "env:P", scheme: { header: x, algorithm: sha256, encoding: hex, timestamp: { unit: ms } } }',
      },
      'sources.partner.scheme',
      4,
      expect.stringMatching(/^has a timestamp without a place/),
    ],
    [
      'a scheme that signs a timestamp without a place',
      {
        4: '  partner: { adapter: hmac, secret: "env:P", scheme: { header: x, algorithm: sha256, encoding: hex, signed: "{timestamp}.{body}" } }',
      },
      'sources.partner.scheme',
      4,
      expect.stringMatching(/^signs \{timestamp\}/),
    ],
    [
      'a scheme that signs an id without a header',
      {
        4: '  partner: { adapter: hmac, secret: "env:P", scheme: { header: x, algorithm: sha256, encoding: hex, signed: "{id}.{body}" } }',
      },
      'sources.partner.scheme',
      4,
      expect.stringMatching(/^signs \{id\}/),
    ],
    [
      'a scheme that does not sign the body',
      {
        4: '  partner: { adapter: hmac, secret: "env:P", scheme: { header: x, algorithm: sha256, encoding: hex, signed: "static" } }',
      },
      'sources.partner.scheme.signed',
      4,
      expect.stringMatching(/^must contain \{body\}/),
    ],
  ])('%s', (_, changes, path, line, message) => {
    expect(compile(changed(changes))).toThrow(problems(problem(path, line, message)))
  })

  it('every unknown key of one mapping is reported', () => {
    expect(compile(changed({ 7: '    cluster: analytics\n    foo: 1\n    bar: 2' }))).toThrow(
      problems(
        problem('tasks.analyze.foo', 8, expect.stringMatching(/^unknown key/)),
        problem('tasks.analyze.bar', 9, expect.stringMatching(/^unknown key/)),
      ),
    )
  })
})

describe('a cluster in another account', () => {
  const at = (cluster: string, more: string) => changed({ 7: `    cluster: ${cluster}\n${more}` })
  const cluster = 'arn:aws:ecs:eu-west-1:222222222222:cluster/analytics'
  const role = (account: string) => `    assumeRole: "arn:aws:iam::${account}:role/taskhook"`

  it('is accepted with a role of that account', () => {
    expect(compile(at(cluster, role('222222222222')))).not.toThrow()
  })
  it.each([
    [
      'without its ARN',
      at('analytics', role('222222222222')),
      'tasks.analyze.cluster: "analytics" does not say in which',
    ],
    [
      'with a role of a third account',
      at(cluster, role('333333333333')),
      'tasks.analyze.assumeRole: is in account 333333333333',
    ],
    [
      'with a name in place of a role ARN',
      at(cluster, '    assumeRole: admin'),
      'tasks.analyze.assumeRole: is not the ARN of a role',
    ],
    [
      'with a task definition in another account',
      changed({
        7: `    cluster: ${cluster}`,
        8: '    taskDefinition: "arn:aws:ecs:eu-west-1:111111111111:task-definition/analyze:7"',
      }),
      'tasks.analyze.taskDefinition: is in 111111111111 eu-west-1, but the cluster is in 222222222222 eu-west-1',
    ],
  ])('is rejected %s', (_name, text, message) => {
    expect(compile(text)).toThrow(message)
  })
})

describe('a concurrency group', () => {
  const withGroup = (group: string) =>
    changed({ 9: `    subnets: [subnet-a]\n    concurrency: { group: ${JSON.stringify(group)} }` })
  it('of declared parameters is accepted', () => {
    expect(compile(withGroup('${params.dataset}-x'))).not.toThrow()
  })
  it.each([
    ['that is the same for every run', 'dataset', 'is the same for every run; use "${params.NAME}"'],
    [
      'of a parameter that is not declared',
      '${params.datset}',
      '"datset" is not a parameter of the task; did you mean "dataset"?',
    ],
    ['that reads the delivery', '${event.ref}', 'tasks.analyze.concurrency.group'],
    ['that does not compile', '${params.}', 'tasks.analyze.concurrency.group'],
    ['of all parameters', '${string(params)}', 'must name each parameter, as params.NAME or params["NAME"]'],
    ['of a computed parameter', '${params[params.dataset]}', 'must name each parameter'],
  ])('is rejected: %s', (_name, group, message) => {
    expect(compile(withGroup(group))).toThrow(message)
  })
  it.each([
    '${params.dataset}',
    '${params["dataset"]}',
    '${params.?dataset.orValue("")}',
    '${params[?"dataset"].orValue("")}',
    'x-${params.depth + size(params.dataset)}',
  ])('of a secret parameter is rejected: %s', (group) => {
    const concurrency = `    concurrency: { group: ${JSON.stringify(group)} }`
    const yaml = changed({
      9: `    subnets: [subnet-a]\n${concurrency}`,
      11: '      dataset: { type: string, secret: true }',
    })
    expect(compile(yaml)).toThrow('"dataset" is secret, but the name of a group is shown')
  })
})
