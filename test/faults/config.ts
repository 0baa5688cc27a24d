/** The config of the fault matrix: a task for each way to start and to end. */
const task = (name: string, command: string, more = '') => `
  ${name}:
    cluster: main
    taskDefinition: ${name}
    container: app
    subnets: [subnet-a]
    local: { command: [sh, -c, '${command}'] }
    ${more}`

const names = ['plain', 'roomy', 'hurried', 'spot', 'respot', 'crash', 'long', 'limited', 'ghost'] as const
export type TaskName = (typeof names)[number] | 'asked'

export const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
  limited: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER", limits: { deliveries: 1/h } }
tasks:
  ${task('plain', 'true')}
  ${task('roomy', 'true', 'capacity: [FARGATE_SPOT, FARGATE]').replace('[subnet-a]', '[subnet-a, subnet-b]')}
  ${task('hurried', 'true', 'startWithin: 10m')}
  ${task('spot', 'sleep 30', 'capacity: [FARGATE_SPOT]')}
  ${task('respot', 'sleep 30', 'capacity: [FARGATE_SPOT]')}
  ${task('crash', 'exit 3')}
  ${task('long', 'sleep 30')}
  ${task('limited', 'sleep 30', 'timeout: 90s')}
  ${task('ghost', 'true')}
  ${task('asked', 'true', 'params: { depth: { type: integer, max: 10, required: true } }')}
routes:
  ${names
    .map((name) => {
      const more = name === 'respot' ? ', onSpotInterruption: rerun' : ''
      return `- { on: github, event: push, repositories: [demo/${name}], run: ${name}${more} }`
    })
    .join('\n  ')}
  - { on: partner, run: asked }
  - { on: limited, run: plain, with: {} }
`
