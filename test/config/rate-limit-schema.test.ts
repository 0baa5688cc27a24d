import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { changed, compile } from './lines.ts'

const slack = (limits: string) =>
  changed({ 3: `  slack: { adapter: slack, signingSecret: "env:SLACK", limits: ${limits} }` })

describe('limits', () => {
  it.each<[string, object]>([
    ['{ deliveries: 600/m }', { deliveries: { count: 600, per: 'm', burst: 600 } }],
    [
      '{ deliveries: 10/s, perActor: { rate: 100/h, burst: 5 } }',
      { deliveries: { count: 10, per: 's', burst: 10 }, perActor: { count: 100, per: 'h', burst: 5 } },
    ],
    ['{ perActor: { rate: 1/h } }', { perActor: { count: 1, per: 'h', burst: 1 } }],
  ])('%s are accepted', (limits, compiled) => {
    const { sources } = compileConfig(slack(limits), builtinSpecs)
    expect(sources.slack).toMatchObject({ limits: compiled, options: {} })
  })

  it.each<[string, string, RegExp]>([
    ['{}', 'limits', /^must set deliveries, perActor or both$/],
    ['{ perUser: 1/m, deliveries: 1/m }', 'limits.perUser', /^unknown key; must be one of deliveries, perActor$/],
    ['{ perActor: 60 }', 'limits.perActor', /^must be a rate like 10\/s, 600\/m or 100\/h, or \{ rate: /],
    ['{ perActor: 60/d }', 'limits.perActor', /^must be a rate like 10\/s, 600\/m or 100\/h/],
    ['{ perActor: 0/m }', 'limits.perActor', /^must be a rate/],
    ['{ perActor: { burst: 5 } }', 'limits.perActor.rate', /^is missing|must be a rate/],
    ['{ perActor: { rate: 5/m, burst: 0 } }', 'limits.perActor.burst', /^must be 1 or more$/],
    ['{ perActor: { rate: 5/m, bust: 2 } }', 'limits.perActor.bust', /^unknown key; did you mean "burst"\?$/],
  ])('%s are rejected', (limits, path, message) => {
    const problem = { path: `sources.slack.${path}`, line: 3, message: expect.stringMatching(message) }
    expect(compile(slack(limits))).toThrow(expect.objectContaining({ problems: [problem] }))
  })

  it('for each person are rejected if the sender does not name people', () => {
    const yaml = changed({
      4: '  partner: { adapter: hmac, scheme: stripe, secret: "env:PARTNER", limits: { perActor: 1/m } }',
    })
    expect(compile(yaml)).toThrow(/sources\.partner\.limits: this sender does not name the requester/)
  })
})
