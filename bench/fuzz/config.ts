/** The config that is fuzzed, with every kind of sender, and how each of them signs. */
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import {
  type Headers,
  mac,
  signBody,
  signGitHub,
  signSlack,
  signStandard,
  signStripe,
} from '../../test/support/sign.ts'

/** None of them may occur in a log line. */
export const secrets = {
  GITHUB: 'fuzzed-secret-of-github',
  GITHUB_TOKEN: 'fuzzed-token-of-github',
  SLACK: 'fuzzed-secret-of-slack',
  SLACK_BOT: 'xoxb-fuzzed-token-of-slack',
  PARTNER: 'whsec_ZnV6emVkLXNlY3JldC1vZi10aGUtcGFydG5lcg==',
  SHOP: 'whsec_fuzzed-secret-of-the-shop',
  BOARD: 'fuzzed-secret-of-the-board',
  LAB: 'fuzzed-secret-of-the-lab',
  OWN: 'fuzzed-secret-of-our-own',
  STATUS_KEY: 'fuzzed-key-of-status-links',
} as const

/** The patterns and conditions reject most deliveries, since the throughput of an emulated ledger is not measured. */
export const config = compileConfig(
  `
sources:
  github:  { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack:   { adapter: slack, signingSecret: "env:SLACK", botToken: "env:SLACK_BOT" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER", callbackHosts: "*.example.com", callbackSecret: "env:PARTNER" }
  shop:    { adapter: hmac, scheme: stripe, secret: "env:SHOP" }
  board:   { adapter: hmac, scheme: linear, secret: "env:BOARD" }
  lab:     { adapter: hmac, scheme: gitlab, secret: "env:LAB" }
  own:     { adapter: hmac, secret: "env:OWN", scheme: { header: x-own, algorithm: sha512, encoding: base64 } }
tasks:
  analyze:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    concurrency: { group: "\${params.dataset}", limit: 1 }
    params:
      dataset: { type: string, pattern: "^valid-[0-9]+$", required: true }
      depth:   { type: integer, min: 1, max: 10, default: 3 }
      share:   { type: number, default: 1 }
      dry:     { type: boolean, default: false }
      note:    { type: string }
routes:
  - on: github
    event: push
    branches: [main, "release/**"]
    paths: ["data/**", "!**/*.md"]
    run: analyze
    if: 'event.repository.name.startsWith("valid-")'
    with: { dataset: "\${event.repository.name}", note: "\${event.head_commit.id}" }
  - { on: github, event: [pull_request.opened, issues.opened, release.published, check_run, workflow_run], run: analyze, with: { dataset: "\${event.repository.name}" } }
  - { on: github, event: issue_comment.created, command: /analyze, run: analyze }
  - { on: slack, command: /analyze, run: analyze, allow: { channels: [C1] } }
  - { on: partner, run: analyze }
  - { on: shop, event: "invoice.*", run: analyze, with: { dataset: "\${body.data.object.customer}", depth: "\${body.data.object.depth}" } }
  - { on: board, run: analyze, with: { dataset: "\${body.data.title}" }, if: 'size(body.data.labels) > 0' }
  - { on: lab, event: push, run: analyze, with: { dataset: "\${body.project.name}" } }
  - { on: own, run: analyze }
`,
  builtinSpecs,
  'the config of the fuzzer',
)

export type SourceName = keyof typeof signers

/** As the vendors document it, without code of `src`. @param seconds since the epoch */
export const signers = {
  github: (body: Uint8Array): Headers => signGitHub(body, secrets.GITHUB),
  slack: (body: Uint8Array, seconds: number): Headers => signSlack(body, secrets.SLACK, seconds),
  partner: (body: Uint8Array, seconds: number, id: string): Headers => signStandard(body, secrets.PARTNER, id, seconds),
  shop: (body: Uint8Array, seconds: number): Headers => signStripe(body, secrets.SHOP, seconds),
  board: (body: Uint8Array): Headers => ({ 'linear-signature': mac({ key: secrets.BOARD }, body) }),
  lab: (): Headers => ({ 'x-gitlab-token': secrets.LAB }),
  own: (body: Uint8Array): Headers =>
    signBody(body, 'x-own', '', { algorithm: 'sha512', encoding: 'base64', key: secrets.OWN }),
} as const
