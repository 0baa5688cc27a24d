import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'

/** A valid config in numbered lines. `changed` replaces lines by their number, from 1. */
export const lines = [
  'sources:',
  '  github: { adapter: github, secret: "env:GITHUB" }',
  '  slack: { adapter: slack, signingSecret: "env:SLACK" }',
  '  partner: { adapter: hmac, scheme: stripe, secret: "env:PARTNER" }',
  'tasks:',
  '  analyze:',
  '    cluster: analytics',
  '    taskDefinition: analyze',
  '    subnets: [subnet-a]',
  '    params:',
  '      dataset: { type: string, env: DATASET }',
  '      depth: { type: integer, min: 1, max: 10 }',
  'routes:',
  '  - { on: github, event: push, run: analyze }',
  '  - { on: slack, command: /analyze, run: analyze }',
  '  - { on: partner, run: analyze }',
]
export const changed = (changes: Record<number, string>) => lines.map((line, at) => changes[at + 1] ?? line).join('\n')

export const compile = (yaml: string, file?: string) => () => compileConfig(yaml, builtinSpecs, file)
