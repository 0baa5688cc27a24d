/** docs/adapters/slack.md: what a person types after a command, in Slack and in a comment on GitHub, and the answer to each text. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Delivery, githubDelivery, slackDelivery } from '../support/deliveries.ts'
import { commentPayload } from '../support/github/payloads.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets as secrets } from '../support/stage-deliveries.ts'

const task = (name: string, params: string) => `
  ${name}:
    cluster: main
    taskDefinition: ${name}
    container: app
    subnets: [subnet-a]
    local: { command: ["true"] }
    params: ${params}`
const routes = (source: string) => `
  - { on: ${source}, command: /analyze, run: analyze }
  - { on: ${source}, command: /scale, run: scale }
  - { on: ${source}, command: /pull, run: pull }`
const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack:  { adapter: slack, signingSecret: "env:SLACK" }
tasks:
${task(
  'analyze',
  `
      dataset: { type: string, required: true }
      depth: { type: integer, min: -9, max: 10 }
      dry-run: { type: boolean }`,
)}
${task('scale', '{ by: { type: integer, required: true } }')}
${task('pull', '{ image: { type: string, required: true }, key: { type: string, secret: true } }')}
routes:${routes('slack')}${routes('github')}
`

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config, env: secrets })
})
afterAll(() => stage.close())

interface Sender {
  /** @returns the lines of the answer that the person sees */
  type(line: string): Promise<readonly string[]>
}

let sent = 0
const post = async (path: string, delivery: Delivery) => (await stage.post(path, delivery)).body

const slack: Sender = {
  async type(line) {
    const [command = '', ...words] = line.split(' ')
    const form = { command, text: words.join(' '), user_id: 'U1', channel_id: 'C1', trigger_id: `${sent++}.2.3` }
    const body = new URLSearchParams(form).toString()
    const answer = JSON.parse(await post('/slack', slackDelivery(secrets.SLACK, body, stage.now() / 1000)))
    const blocks: readonly { text?: { text: string }; elements?: readonly { text?: unknown }[] }[] = answer.blocks
    const texts = blocks.flatMap(({ text, elements = [] }) => [
      text?.text ?? '',
      ...elements.map((each) => `${each.text}`),
    ])
    return texts.flatMap((text) => text.replaceAll('*', '').replaceAll(/^•\s+/gm, '- ').split('\n'))
  },
}

const github: Sender = {
  async type(line) {
    const before = stage.notifications.length
    const payload = JSON.stringify(commentPayload(line, { id: ++sent, isPull: false }))
    await post('/github', githubDelivery(secrets.GITHUB, payload, 'issue_comment'))
    const comments = stage.notifications.slice(before).filter(({ url }) => url.pathname.endsWith('/comments'))
    const texts: string[] = comments.map(({ body }) => Object(body).body)
    return texts.flatMap((text) => text.replaceAll('**', '').replaceAll(/\\(.)/g, '$1').split('\n'))
  },
}

const problemsIn = (answer: readonly string[]): readonly string[] =>
  answer.filter((line) => line.startsWith('- ')).map((line) => line.slice(2))

/** The parameters that the container of the only new run gets; undefined if there is none. */
async function parametersOfNewRun(): Promise<Readonly<Record<string, string>> | undefined> {
  const before = stage.ecs.callsOf('RunTask').length
  await stage.deliverQueue()
  const calls = stage.ecs.callsOf('RunTask').slice(before)
  expect(calls.length).toBeLessThan(2)
  const [container] = Object(calls[0]?.input.overrides).containerOverrides ?? []
  const environment: readonly { name: string; value: string }[] | undefined = container?.environment
  const parameters = environment?.filter(({ name }) => /^(DATASET|DEPTH|DRY_RUN|BY|IMAGE|KEY)$/.test(name))
  return parameters && Object.fromEntries(parameters.map(({ name, value }) => [name, value]))
}

const started: readonly (readonly [line: string, parameters: Readonly<Record<string, string>>])[] = [
  ['/analyze sales', { DATASET: 'sales' }],
  ['/analyze dataset=sales', { DATASET: 'sales' }],
  ['/analyze --dataset=sales', { DATASET: 'sales' }],
  ['/analyze --dataset sales', { DATASET: 'sales' }],
  ['/analyze —dataset sales', { DATASET: 'sales' }],
  ['/analyze —dataset=sales', { DATASET: 'sales' }],
  ['/analyze ––dataset=sales', { DATASET: 'sales' }],
  ['/analyze ––dataset “my sales”', { DATASET: 'my sales' }],
  ['/analyze sales --dry-run', { DATASET: 'sales', DRY_RUN: 'true' }],
  ['/analyze —dry-run sales', { DATASET: 'sales', DRY_RUN: 'true' }],
  ['/analyze sales ––dry-run', { DATASET: 'sales', DRY_RUN: 'true' }],
  ['/analyze --dry-run false sales', { DATASET: 'sales', DRY_RUN: 'false' }],
  ['/analyze sales --dry-run=no', { DATASET: 'sales', DRY_RUN: 'false' }],
  ['/analyze sales --depth -5', { DATASET: 'sales', DEPTH: '-5' }],
  ['/analyze "dataset=my sales"', { DATASET: 'my sales' }],
  ['/analyze “dataset=my sales”', { DATASET: 'my sales' }],
  ['/analyze "--dataset=my sales"', { DATASET: 'my sales' }],
  ['/analyze "--dry-run"', { DATASET: '--dry-run' }],
  ['/analyze dataset=--dry-run', { DATASET: '--dry-run' }],
  ['/analyze --dataset "--dry-run"', { DATASET: '--dry-run' }],
  ['/analyze "dataset:sales"', { DATASET: 'dataset:sales' }],
  ['/analyze s3://bucket/x', { DATASET: 's3://bucket/x' }],
  ['/analyze acme:prod', { DATASET: 'acme:prod' }],
  ['/analyze -5', { DATASET: '-5' }],
  ['/scale -5', { BY: '-5' }],
  ['/pull --image image:latest', { IMAGE: 'image:latest' }],
]

const dash = 'A value that begins with a dash goes in quotes'
const refused: readonly (readonly [line: string, problems: readonly string[]])[] = [
  ['/analyze --dry-run', ['dataset is missing: text']],
  ['/analyze —dry-run', ['dataset is missing: text']],
  ['/analyze sales --dry-rum', ['--dry-rum is not a parameter; did you mean "--dry-run"?']],
  ['/analyze sales —dry-rum', ['—dry-rum is not a parameter; did you mean "--dry-run"?']],
  ['/analyze sales --dry_run', ['--dry_run is not a parameter; did you mean "--dry-run"?']],
  ['/analyze sales -dry-run', ['-dry-run is not a parameter; did you mean "--dry-run"?']],
  ['/analyze sales –dry-run', ['–dry-run is not a parameter; did you mean "--dry-run"?']],
  ['/analyze sales --no-dry-run', ['--no-dry-run is not a parameter; did you mean dry-run=false?']],
  ['/analyze sales —datset=x', ['—datset is not a parameter; did you mean "dataset"?']],
  ['/analyze -dataset=sales', ['-dataset is not a parameter; did you mean dataset=…?']],
  [
    '/analyze --verbose',
    [`--verbose is not a parameter; the task takes dataset, depth, dry-run. ${dash}`, 'dataset is missing: text'],
  ],
  ['/analyze sales --', [`-- is not a parameter; the task takes dataset, depth, dry-run. ${dash}`]],
  ['/scale --5', [`--5 is not a parameter; the task takes by. ${dash}`, 'by is missing: an integer']],
  ['/analyze --dataset', ['--dataset needs a value: text']],
  ['/analyze sales --depth', ['--depth needs a value: an integer from -9 to 10']],
  ['/analyze —dataset --dry-run', ['—dataset needs a value: text']],
  ['/analyze --dataset depth=3', ['--dataset needs a value: text']],
  ['/analyze sales --dry-run --dry-run', ['--dry-run is given twice']],
  ['/analyze dataset=a —dataset b', ['—dataset is given twice']],
  ['/analyze sales depth=lots', ['depth is "lots", not an integer from -9 to 10']],
  ['/scale lots', ['by is "lots", not an integer']],
  [
    '/analyze dataset:sales',
    ['"dataset:sales" has no name; did you mean dataset=sales? If it is a value, put it in quotes'],
  ],
  ['/analyze --dataset:sales', ['"--dataset:sales" has no name; did you mean dataset=sales?']],
  ['/pull img key:hunter2', ['"key:…" has no name; did you mean key=…? If it is a value, put it in quotes']],
]

describe.each(Object.entries({ slack, github }))('%s', (_, sender) => {
  it('each of these texts starts one run', async () => {
    for (const [line, parameters] of started) {
      expect.soft(problemsIn(await sender.type(line)), line).toEqual([])
      expect.soft(await parametersOfNewRun(), line).toEqual(parameters)
    }
  })

  it('each of these texts starts nothing, and gets exactly this answer', async () => {
    for (const [line, problems] of refused) {
      const answer = await sender.type(line)
      expect.soft(answer.join('\n'), line).toContain('Nothing was started.')
      expect.soft(problemsIn(answer), line).toEqual(problems)
      expect.soft(await parametersOfNewRun(), line).toBeUndefined()
    }
  })

  it('an em dash before "help" asks for help', async () => {
    const answer = (await sender.type('/analyze —help')).join('\n')
    expect(answer).toContain('/analyze dataset=… [depth=…] [--dry-run]')
    expect(answer).toContain('A value goes in quotes if it has spaces or begins with a dash.')
    expect(await parametersOfNewRun()).toBeUndefined()
  })
})

it('logs no value that was typed', () => {
  expect(stage.logs.join('')).not.toMatch(/hunter2|verbose|dry-rum|my sales/)
})
