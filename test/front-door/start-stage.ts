/** A stage for starts: tasks on Spot and on demand, with and without a task definition, and what was asked of ECS for a run. */
import type { RunTaskCommandInput } from '@aws-sdk/client-ecs'
import { expect } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { pushTo, stageSecrets } from '../support/stage-deliveries.ts'

const task = (name: string, more: string) => `
  ${name}:
    cluster: main
    subnets: [subnet-a, subnet-b]
    local: { command: [sh, -c, "echo up $TASKHOOK_RUN_ID; exec sleep 60"] }
    ${more}`
const tasks = ['plain', 'roomy', 'bare', 'ghost', 'bareghost', 'vague'] as const
export type TaskName = (typeof tasks)[number]

const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack:  { adapter: slack, signingSecret: "env:SLACK" }
tasks:
  ${task('plain', 'taskDefinition: plain\n    container: app')}
  ${task('roomy', 'taskDefinition: roomy\n    container: app\n    capacity: [FARGATE_SPOT, FARGATE]')}
  ${task('bare', 'taskDefinition: bare')}
  ${task('ghost', 'taskDefinition: ghost:7\n    container: app')}
  ${task('bareghost', 'taskDefinition: bareghost')}
  ${task('vague', 'taskDefinition: shared')}
  ${task('left', 'taskDefinition: shared\n    container: left')}
  ${task('right', 'taskDefinition: shared\n    container: right')}
routes:
  ${tasks.map((name) => `- { on: github, event: push, repositories: [demo/${name}], run: ${name} }`).join('\n  ')}
  - { on: slack, command: /ghost, run: ghost }
`

/** Where a run of `roomy` may be placed, in the order in which `start` tries. */
export const placesOfRoomy = ['FARGATE_SPOT', 'FARGATE'].flatMap((capacity) => [
  [capacity, ['subnet-a', 'subnet-b']],
  [capacity, ['subnet-a']],
  [capacity, ['subnet-b']],
])

/** What `start` returns to Lambda if it took every message. */
export const allTaken = { batchItemFailures: [] }

export interface StartStage extends Stage {
  /** Has a run of a task accepted, by a push. */
  acceptPush(task: TaskName): Promise<{ readonly run: string; readonly sha: string }>
  runTaskCalls(run: string): readonly RunTaskCommandInput[]
  clientTokens(run: string): readonly (string | undefined)[]
  /** Statuses of a commit, oldest first. */
  statusesAt(sha: string): readonly { readonly state: string; readonly description: string }[]
  /** ECS has one task of the run, and there was one process. */
  expectStartedOnce(run: string): Promise<void>
  /** Messages were sent for the run with these delays in seconds, each spread by a quarter. */
  expectDelays(run: string, ...seconds: number[]): void
}

export async function startStartStage(): Promise<StartStage> {
  const stage = await startStage({ config, env: stageSecrets, unknown: ['ghost', 'bareghost'] })
  const runTaskCalls: StartStage['runTaskCalls'] = (run) =>
    stage.ecs
      .callsOf('RunTask')
      .map(({ input }) => input as unknown as RunTaskCommandInput)
      .filter(({ startedBy }) => startedBy === `taskhook/${run}`)
  return {
    ...stage,
    runTaskCalls,
    async acceptPush(name) {
      const { sha, delivery } = pushTo(name)
      return { sha, run: await stage.accept('/github', delivery) }
    },
    clientTokens: (run) => runTaskCalls(run).map(({ clientToken }) => clientToken),
    statusesAt: (sha) =>
      stage.notifications
        .filter(({ url }) => url.pathname.endsWith(`/statuses/${sha}`))
        .map(({ body }) => body as { state: string; description: string }),
    async expectStartedOnce(run) {
      await stage.waitForEvents(run, 2)
      expect(await stage.tasks(run)).toHaveLength(1)
      const processes = () => stage.output.filter((line) => line === `up ${run}`)
      await eventually(() => processes().length > 0)
      expect(processes()).toHaveLength(1)
    },
    expectDelays(run, ...seconds) {
      const delays = stage.messageDelays(run)
      expect(delays).toHaveLength(seconds.length)
      for (const [at, wanted] of seconds.entries()) {
        expect(delays[at]).toBeGreaterThanOrEqual(Math.floor(wanted * 0.75))
        expect(delays[at]).toBeLessThanOrEqual(Math.ceil(wanted * 1.25))
      }
    },
  }
}

/** @returns the capacity, and the subnets */
export const placeOf = ({ launchType, capacityProviderStrategy, networkConfiguration }: RunTaskCommandInput) => [
  launchType ?? capacityProviderStrategy?.[0]?.capacityProvider,
  networkConfiguration?.awsvpcConfiguration?.subnets,
]
