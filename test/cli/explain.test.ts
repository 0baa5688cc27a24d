import { describe, expect, it } from 'vitest'
import { scratch, taskhook } from './process.ts'

const config = `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK" }
  github: { adapter: github, secret: "env:GITHUB" }
  shop: { adapter: hmac, scheme: standard-webhooks, secret: "env:SHOP" }
tasks:
  analyze:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    params:
      dataset: { type: string, required: true }
      depth: { type: integer, default: 3 }
      dry-run: { type: boolean }
routes:
  - { on: slack, command: /analyze, run: analyze }
  - { on: slack, command: /closed, run: analyze, name: closed, allow: { users: [U1] } }
  - { on: github, event: push, branches: [main], run: analyze, with: { dataset: "\${event.repository.name}" } }
  - { on: github, event: push, branches: ["release/**"], run: analyze, name: release, with: { dataset: release } }
  - { on: shop, event: paid, run: analyze, with: { dataset: "\${body.set}" } }
  - { on: shop, event: tested, run: analyze, if: "body.amount > 100", name: large, with: { dataset: large } }
`

/** No secret is set: `explain` signs, sends and runs nothing. */
const explain = async (...args: string[]) => {
  const { code, stdout, stderr } = await taskhook(['explain', 'my.yaml', ...args], {
    cwd: scratch({ 'my.yaml': config, 'paid.json': '{"type":"paid","set":"orders"}' }),
  })
  return { code, lines: (stdout + stderr).trimEnd().split('\n') }
}

describe('explain', () => {
  it('prints for a Slack command which routes match, why others do not, and the environment of the task', async () => {
    const { code, lines } = await explain('slack', '--text', 'dataset=sales depth=5')
    expect(code).toBe(0)
    expect(lines).toEqual([
      '/analyze by U2147483697',
      '✓ slack/analyze  every filter matched',
      '✗ closed  command: "/analyze" is not "/closed"',
      '→ runs analyze with',
      '    DATASET=sales',
      '    DEPTH=5',
      expect.stringMatching(/^ {4}TASKHOOK_RUN_ID=[0-9a-f]{20}$/),
      '    TASKHOOK_SOURCE=slack',
      '    TASKHOOK_EVENT=/analyze',
      '    TASKHOOK_ACTOR=U2147483697',
    ])
  })

  it('reads a command as Slack and GitHub comments do', async () => {
    expect((await explain('slack', '--text', '—dry-run sales')).lines).toEqual(
      expect.arrayContaining(['    DATASET=sales', '    DRY_RUN=true']),
    )
    expect((await explain('slack', '--text', '--dry-rum')).lines).toContain(
      '    --dry-rum is not a parameter; did you mean "--dry-run"?',
    )
  })

  it('prints which branch filter a push matches', async () => {
    const { lines } = await explain('github')
    expect(lines.slice(0, 4)).toEqual([
      'push by Codertocat',
      '✓ github/analyze  every filter matched',
      '✗ release  branches: "main" does not match "release/**"',
      '→ runs analyze with',
    ])
  })

  it('prints notes about the routes of the source', async () => {
    const { stdout } = await taskhook(['explain', 'my.yaml', 'github'], {
      cwd: scratch({ 'my.yaml': config.replace('event: push, branches: [main]', 'event: psuh, branches: [main]') }),
    })
    expect(stdout).toContain('✗ github/analyze  event: "push" is not "psuh"')
    expect(stdout).toContain(
      'note: route github/analyze: "psuh" is not a GitHub event that taskhook knows; did you mean "push"?',
    )
  })

  it('reads a body from a file', async () => {
    const { lines } = await explain('shop', '--data', '@paid.json')
    expect(lines).toContain('✓ shop/analyze  every filter matched')
    expect(lines).toContain('    DATASET=orders')
  })

  it.each<[string, readonly string[], readonly unknown[]]>([
    [
      'wrong parameters',
      ['slack', '--text', 'datset=sales'],
      ['→ refused (422): analyze: parameters are wrong', '    datset is not a parameter; did you mean "dataset"?'],
    ],
    [
      'a user who is not allowed',
      [
        ...['slack', '--data'],
        'team_id=T1&channel_id=C1&user_id=U9&user_name=eve&command=%2Fclosed&text=dataset%3Dx&trigger_id=1.2.3&api_app_id=A1&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1%2F2%2F3',
      ],
      ['→ refused (403): analyze: this is not open to you'],
    ],
    [
      'no route',
      ['shop', '--data', '{"type":"tested","amount":3}'],
      ['✗ large  if: gives false', expect.stringMatching(/^→ ignored: no route matched tested: /)],
    ],
    ['a request for help', ['slack', '--text', 'help'], ['→ help']],
  ])('prints %s with exit code 0', async (_, args, expected) => {
    const { code, lines } = await explain(...args)
    expect(code).toBe(0)
    for (const line of expected) expect(lines).toContainEqual(line)
  })

  it.each<[readonly string[], string]>([
    [['sop'], 'unknown source "sop"; did you mean "shop"?'],
    [['shop', '--data', '{"type":'], 'the body is not valid JSON'],
  ])('%j fails with a reason and exit code 1', async (args, message) => {
    expect(await explain(...args)).toEqual({ code: 1, lines: [message] })
  })

  it('prints no control character of a payload', async () => {
    const { lines } = await explain(
      'shop',
      '--data',
      '{"type":"paid","set":"\\u001b[31mred\\u001b[0m\\r\\n\\u0007x\\u009b2J"}',
    )
    expect(lines).toContain('    DATASET=red␍␊␇x')
  })
})
