/** The deployment whose table items and queue messages are recorded: every kind of sender, and a task for each way that a run can go. */
import { generateKeyPairSync } from 'node:crypto'
import { stageSecrets } from '../../../support/stage-deliveries.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const secrets = {
  ...stageSecrets,
  APP_KEY: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  SLACK_BOT: 'xoxb-token-of-the-recording',
  CALLBACK: 'whsec_Y2FsbGJhY2stc2VjcmV0LW9mLXRoZS10ZXN0cw==',
}

const signed = 'adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER"'
const task = (name: string, command: string, more = '') => `
  ${name}:
    cluster: main
    taskDefinition: ${name}
    container: app
    subnets: [subnet-a, subnet-b]
    params: { dataset: { type: string }, pin: { type: string, secret: true } }
    local: { command: [sh, -c, '${command}'] }
    ${more}`

/** Tasks that a delivery to `/shop` can ask for with `{ "task": "<name>" }`. */
const shopTasks = ['quick', 'failing', 'long', 'timed', 'grouped', 'missing', 'spot'] as const
export type ShopTask = (typeof shopTasks)[number]

export const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", appId: 4711, privateKey: "env:APP_KEY", token: "env:GITHUB_TOKEN" }
  slack:  { adapter: slack, signingSecret: "env:SLACK", botToken: "env:SLACK_BOT" }
  plain:  { adapter: slack, signingSecret: "env:SLACK", limits: { deliveries: 100/h, perActor: 1/h } }
  shop:   { ${signed}, callbackSecret: "env:CALLBACK", callbackUrl: "https://shop.example.com/hook", callbackHosts: [hooks.example.com] }
tasks:
  ${task('quick', 'true')}
  ${task('failing', 'exit 3')}
  ${task('long', 'sleep 60')}
  ${task('timed', 'sleep 60', 'timeout: 90s')}
  ${task('grouped', 'sleep 60', 'concurrency: { group: "${params.dataset}" }')}
  ${task('missing', 'true')}
  ${task('spot', 'sleep 60', 'capacity: [FARGATE_SPOT]')}
  ${task('asking', 'true').replace('type: string', 'type: string, required: true')}
routes:
  ${shopTasks
    .map((name) => {
      const more = name === 'spot' ? ', onSpotInterruption: rerun' : ''
      return `- { on: shop, if: 'body.task == "${name}"', run: ${name}, with: { dataset: "\${body.dataset}", pin: "\${body.pin}" }${more} }`
    })
    .join('\n  ')}
  - { on: github, event: push, branches: [quick], run: quick, with: { dataset: pushed } }
  - { on: github, event: push, branches: [long], run: long, with: { dataset: pushed } }
  - { on: github, event: push, branches: [approved], run: quick, with: { dataset: pushed }, approval: { from: [bob], expires: 2h } }
  - { on: github, command: /long, run: long }
  - { on: slack, command: /quick, run: quick }
  - { on: slack, command: /long, run: long }
  - { on: slack, command: /ask, run: asking }
  - { on: slack, command: /approved, run: quick, approval: { from: [U0BOB], expires: 2h } }
  - { on: plain, command: /long, run: long }
`

/** Tasks of which ECS has no task definition. */
export const unknownTasks = ['missing']
