import { describe, expect, it } from 'vitest'
import { scratch, taskhook } from './process.ts'

const check = (text: string) => taskhook(['check', 'my.yaml'], { cwd: scratch({ 'my.yaml': text }) })

const good = `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK" }
  shop: { adapter: hmac, scheme: stripe, secret: "secretsmanager:shop" }
tasks:
  analyze: { cluster: c, taskDefinition: t, container: app, subnets: [s] }
  spare: { cluster: c, taskDefinition: t, container: app, subnets: [s] }
routes:
  - { on: slack, command: /analyze, run: analyze }
`

/** Ten mistakes, each on a line of its own. */
const bad = `
sources:
  slack: { adapter: slak, signingSecret: "env:SLACK" }
  github: { adapter: github, secret: hunter2 }
  Shop: { adapter: hmac, scheme: stripe, secret: "env:SHOP" }
tasks:
  report:
    cluster: c
    taskDefinition: t
    subnets: subnet-1
    timeout: 5 minutes
    params:
      path: { type: string }
      depth: { type: int }
routes:
  - { on: github, event: Push, run: report }
  - { on: github, event: push, run: reprot }
  - { on: Shop, run: report, if: "1 +" }
`

describe('check', () => {
  it('prints the counts and notes of a valid config, without reading secrets', async () => {
    expect(await check(good)).toEqual({
      code: 0,
      stdout:
        'my.yaml is valid: 2 sources, 2 tasks, 1 route\n' +
        '  note: no route runs the task spare\n' +
        '  note: no route uses the source shop\n',
      stderr: '',
    })
  })

  it('prints what is valid but probably a mistake: unknown events, filters that cannot match', async () => {
    const { code, stdout } = await check(`
sources:
  app: { adapter: github, secret: "env:HUB", appId: 1, privateKey: "env:KEY" }
tasks:
  analyze: { cluster: c, taskDefinition: t, container: app, subnets: [s] }
routes:
  - { on: app, event: [psuh, issues.openedd, repository_dispatch.build-it], run: analyze }
  - { on: app, event: [push, issues], branches: [main], repositories: [acme/site], run: analyze, name: two }
`)
    expect(code).toBe(0)
    expect(stdout.split('\n').slice(1)).toEqual([
      '  note: route app/analyze: "psuh" is not a GitHub event that taskhook knows; did you mean "push"?',
      '  note: route app/analyze: "issues.openedd" is not a GitHub event that taskhook knows; did you mean "issues.opened"?',
      '  note: route app/analyze: has no "repositories", so it takes the deliveries of every repository that the App is installed in',
      '  note: route two: "issues" names no branch, so it can never match here',
      '',
    ])
  })

  it('prints every problem with file, line, path and a fix, in the order of the file', async () => {
    const { code, stdout, stderr } = await check(bad)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const [head, ...problems] = stderr.trimEnd().split('\n')
    expect(head).toBe('10 problems in my.yaml')
    expect(problems.map((line) => /^ {2}(my\.yaml:\d+ {2}[\w.[\]]+): \S/.exec(line)?.[1])).toEqual([
      'my.yaml:3  sources.slack.adapter',
      'my.yaml:4  sources.github.secret',
      'my.yaml:5  sources.Shop',
      'my.yaml:10  tasks.report.subnets',
      'my.yaml:11  tasks.report.timeout',
      'my.yaml:13  tasks.report.params.path.env',
      'my.yaml:14  tasks.report.params.depth.type',
      'my.yaml:16  routes[0].event',
      'my.yaml:17  routes[1].run',
      'my.yaml:18  routes[2].if',
    ])
    expect(stderr).toContain('"slak" is not an adapter; did you mean "slack"?')
    expect(stderr).toContain('never the secret itself')
    expect(stderr).not.toContain('hunter2')
  })

  it('prints the lines of YAML syntax errors', async () => {
    const { code, stderr } = await check('sources:\n  a: {adapter: hmac\ntasks: [\n')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^2 problems in my\.yaml\n {2}my\.yaml:3 {2}.+\n {2}my\.yaml:4 {2}.+\n$/)
  })

  it('prints the missing keys of an empty file', async () => {
    const { code, stderr } = await check('')
    expect(code).toBe(1)
    for (const key of ['sources', 'tasks', 'routes']) expect(stderr).toContain(`  my.yaml  ${key}: is missing\n`)
  })

  it('rejects a folder', async () => {
    expect(await taskhook(['check', '.'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'cannot read .: it is a folder\n',
    })
  })
})
