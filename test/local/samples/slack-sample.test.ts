import { expect, it } from 'vitest'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import { sampleSlackCommand } from '../../../src/local/samples/slack-sample.ts'

const config = compileConfig(
  `
sources: { slack: { adapter: slack, signingSecret: "env:S" } }
tasks:
  analyze: { cluster: c, taskDefinition: t, container: a, subnets: [s], params: { dataset: { type: string, required: true } } }
  deploy: { cluster: c, taskDefinition: t, container: a, subnets: [s], params: { to: { type: string, required: true } } }
routes:
  - { on: slack, command: /analyze, run: analyze }
  - { on: slack, command: /deploy, run: deploy, allow: { users: [U0AAA], channels: [C0BBB] } }
`,
  builtinSpecs,
)

it.each([
  ['/deploy', 'to=to', 'U0AAA', 'C0BBB'],
  ['/analyze', 'dataset=dataset', 'U2147483697', 'C2147483705'],
  [undefined, 'dataset=dataset', 'U2147483697', 'C2147483705'],
])('%s is sent with the parameters, the user and the channel of its route', (command, text, user, channel) => {
  const [source] = Object.values(config.sources)
  if (source === undefined) throw new Error('there is no source')
  const form = new URLSearchParams(sampleSlackCommand(config, source, { ...(command !== undefined && { command }) }))
  expect(Object.fromEntries(form)).toMatchObject({ text, user_id: user, channel_id: channel })
})
