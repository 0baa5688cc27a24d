/** A stage whose runs are started by pushes to GitHub, so that each run has a commit of its own, whose statuses show what its sender was notified of. */
import { type Stage, startStage } from '../support/stage.ts'
import { pushTo, stageSecrets } from '../support/stage-deliveries.ts'

const task = (name: string, command: string, more = '') => `
  ${name}:
    cluster: main
    taskDefinition: ${name}
    container: app
    subnets: [subnet-a]
    local: { command: [sh, -c, "echo up $TASKHOOK_RUN_ID; exec ${command}"] }
    ${more}`
const config = `
sources:
  github:  { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  ${task('quick', 'true')}
  ${task('long', 'sleep 60')}
  ${task('limited', 'sleep 60', 'timeout: 90s')}
routes:
  ${['quick', 'long', 'limited']
    .map((name) => `- { on: github, event: push, repositories: [demo/${name}], run: ${name} }`)
    .join('\n  ')}
  - { on: partner, run: quick }
`

export const minutes = (count: number) => count * 60_000

export interface Pushed {
  readonly sha: string
  readonly run: string
}

export interface PushStage extends Stage {
  /** Has a run of a task accepted. */
  push(task: 'quick' | 'long' | 'limited'): Promise<Pushed>
  /** Has a run accepted and started. */
  pushAndStart(task: 'quick' | 'long' | 'limited'): Promise<Pushed>
  /** States of the commit's statuses, oldest first. */
  statesAt(sha: string): readonly string[]
  statusOf(run: string): Promise<string>
  /** One task at ECS, and one process. */
  tasksAndProcesses(run: string): Promise<readonly [tasks: number, processes: number]>
}

export async function startPushStage(): Promise<PushStage> {
  const stage = await startStage({ config, env: stageSecrets })
  const push: PushStage['push'] = async (name) => {
    const { sha, delivery } = pushTo(name)
    return { sha, run: await stage.accept('/github', delivery) }
  }
  return {
    ...stage,
    push,
    async pushAndStart(name) {
      const pushed = await push(name)
      await stage.start(pushed.run)
      return pushed
    },
    statesAt: (sha) =>
      stage.notifications
        .filter(({ url }) => url.pathname.endsWith(`/statuses/${sha}`))
        .map(({ body }) => (body as { state: string }).state),
    statusOf: async (run) => (await stage.runRecord(run)).status,
    tasksAndProcesses: async (run) => [
      (await stage.tasks(run)).length,
      stage.output.filter((line) => line === `up ${run}`).length,
    ],
  }
}
