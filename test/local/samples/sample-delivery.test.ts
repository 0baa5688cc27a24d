import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import { sampleDelivery } from '../../../src/local/samples/sample-delivery.ts'

describe('sampleDelivery', () => {
  const config = compileConfig(
    `
sources:
  slack: { adapter: slack, signingSecret: "env:A" }
  github: { adapter: github, secret: "env:A" }
  shop: { adapter: hmac, scheme: stripe, secret: "env:A" }
  idle: { adapter: hmac, scheme: stripe, secret: "env:A" }
tasks:
  report:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    params:
      dataset: { type: string, required: true }
      mode: { type: string, enum: [fast, slow], required: true }
      depth: { type: integer, min: 2, required: true }
      share: { type: number, max: 0.5, required: true }
      count: { type: integer, required: true }
      dry: { type: boolean, required: true }
      note: { type: string }
routes:
  - { on: slack, command: /report, run: report, with: { count: 7 }, allow: { users: [U9], workspaces: [E9, T9], channels: [C9] } }
  - { on: github, event: push, branches: ["release/**", main], run: report,
      with: { dataset: x, mode: fast, depth: 2, share: 0.1, count: 1, dry: true } }
  - { on: shop, run: report }
`,
    builtinSpecs,
  )
  const sample = (name: string, options = {}) => {
    const source = config.sources[name]
    if (source === undefined) throw new Error(`there is no source ${name}`)
    return sampleDelivery(config, source, options)
  }
  const form = (name: string, options = {}) => Object.fromEntries(new URLSearchParams(sample(name, options).body))

  it('Slack: the command of the first route, from a user whom it allows, with a value for each required parameter', () => {
    expect(form('slack')).toMatchObject({
      command: '/report',
      user_id: 'U9',
      channel_id: 'C9',
      team_id: 'T9',
      enterprise_id: 'E9',
      text: 'dataset=dataset mode=fast depth=2 share=0.5 dry=true',
    })
    expect(form('slack', { text: 'x', command: '/y' })).toMatchObject({ text: 'x', command: '/y' })
    expect(sample('slack').contentType).toBe('application/x-www-form-urlencoded')
  })

  it('Slack: a new trigger_id each time, since it identifies the command', () => {
    expect(form('slack').trigger_id).not.toBe(form('slack').trigger_id)
  })

  it('GitHub: its own example of a push, with a new commit each time, to a branch that a route accepts', () => {
    const [first, second] = [sample('github'), sample('github')].map(({ body }) => JSON.parse(body))
    expect(first).toMatchObject({ ref: 'refs/heads/main', repository: { full_name: 'Codertocat/Hello-World' } })
    expect(first.after).toMatch(/^[0-9a-f]{40}$/)
    expect(first.after).not.toBe(second.after)
    expect(sample('github').event).toBe('push')
  })

  it('GitHub: requires --data for other events', () => {
    expect(() => sample('github', { event: 'issues' })).toThrow('use --data @file.json')
    expect(sample('github', { event: 'issues', data: '{}' })).toEqual({
      body: '{}',
      contentType: 'application/json',
      event: 'issues',
    })
  })

  it('JSON: the parameters that the task of the first route requires, or none without a route', () => {
    expect(JSON.parse(sample('shop').body)).toEqual({
      dataset: 'dataset',
      mode: 'fast',
      depth: 2,
      share: 0.5,
      count: 1,
      dry: true,
    })
    expect(sample('idle').body).toBe('{}')
    expect(sample('shop', { data: 'as it is' }).body).toBe('as it is')
  })
})
