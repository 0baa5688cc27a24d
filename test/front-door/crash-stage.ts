/** A stage whose functions die at a chosen request, with AWS and the senders around them: what delivers, delivers again, or loses. */
import { type Delivery, slackDelivery } from '../support/deliveries.ts'
import { accessDenied } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'

const task = (name: string, command: string, more = '') => `
  ${name}:
    cluster: c
    taskDefinition: ${name}
    container: app
    subnets: [s]
    local: { command: [sh, -c, '${command}'] }
    ${more}`
const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack: { adapter: slack, signingSecret: "env:SLACK" }
tasks:
  ${task('plain', 'true')}
  ${task('grouped', 'true', 'concurrency: { limit: 1 }')}
  ${task('long', 'sleep 60', 'concurrency: { limit: 1 }')}
  ${task('approved', 'true')}
routes:
  - { on: github, event: push, run: plain, if: 'event.repository.name == "plain"' }
  - { on: github, event: push, run: grouped, if: 'event.repository.name == "grouped"' }
  - { on: slack, command: /long, run: long }
  - { on: slack, command: /approved, run: approved, approval: { from: [U2], expires: 10m } }
`

/** What becomes of a message, event or delivery whose function died. */
export type Fate = 'lost' | 'delivered again'

export interface CrashStage {
  readonly stage: Stage
  /** The function that makes request number `at`, counted from now, dies before it. @returns the requests that were made, so far */
  dieAt(at: number): () => number
  /** A new set of runs. @param runsUntilStopped whether their tasks run until they are stopped */
  createAws(fate: Fate, runsUntilStopped?: boolean): Aws
  /** A slash command. */
  command(name: string): Delivery
}

export interface Aws {
  readonly runs: readonly string[]
  post(path: string, delivery: Delivery): Promise<void>
  /** Delivers a message that no function has sent. */
  deliver(message: object): Promise<void>
  /** Delivers messages and events until nothing moves any more. */
  settleDown(): Promise<void>
  /** Does the same, and stops every task that still runs. */
  stopTasks(): Promise<void>
}

export async function startCrashStage(): Promise<CrashStage> {
  const stage = await startStage({ config, env: stageSecrets })
  let [requests, left, dead] = [0, Number.POSITIVE_INFINITY, false]
  /** A dead function makes no further request. */
  const isDead = (): boolean => {
    requests++
    if (left-- <= 0) dead = true
    return dead
  }
  for (const relay of [stage.dynamo, stage.sqs, stage.ecs]) relay.intercept(() => (isDead() ? accessDenied : undefined))
  stage.beforeFetch(async () => {
    if (isDead()) throw new TypeError('fetch failed')
  })
  /** One invocation. @returns whether it took what it was given; false if it died */
  const invoke = async (work: () => Promise<boolean>): Promise<boolean> => {
    const taken = await work().catch(() => false)
    if (!dead) return taken
    dead = false
    left = Number.POSITIVE_INFINITY
    return false
  }
  return {
    stage,
    dieAt(at) {
      left = at
      const before = requests
      return () => requests - before
    },
    createAws: (fate, runsUntilStopped = false) => createAws(stage, invoke, fate, runsUntilStopped),
    command: (name) => {
      const fields = {
        ...{ command: name, text: '', user_id: 'U1', user_name: 'ann', channel_id: 'C1' },
        trigger_id: `1.2.${crypto.randomUUID()}`,
        response_url: `https://hooks.slack.com/commands/T1/${crypto.randomUUID()}/x`,
      }
      return slackDelivery(stageSecrets.SLACK, new URLSearchParams(fields).toString(), stage.now() / 1000)
    },
  }
}

const runIn = (body: string): string | undefined => /"(?:run|value)":"([0-9a-f]{20})"/.exec(body)?.[1]

function createAws(
  stage: Stage,
  invoke: (work: () => Promise<boolean>) => Promise<boolean>,
  fate: Fate,
  runsUntilStopped: boolean,
): Aws {
  const runs: string[] = []
  const stopped = new Set<string>()
  const settled = new Map<string, number>()
  const add = (run: string | undefined): void => {
    if (run !== undefined && !runs.includes(run)) runs.push(run)
  }
  const attempt = async (work: () => Promise<boolean>): Promise<void> => {
    if ((await invoke(work)) || fate === 'lost') return
    // The lease of the dead function expires.
    stage.advance(91_000)
    await invoke(work)
  }
  const deliver = (message: string | object) =>
    attempt(async () => (await stage.deliver(message)).batchItemFailures.length === 0)

  /** Whether the next event of a run's task comes by itself. */
  const isMoving = (run: string): boolean => {
    const states = stage.eventsOf(run).map(({ detail }) => detail?.lastStatus)
    const stays = runsUntilStopped && !stopped.has(run) && states.includes('RUNNING')
    return states.length > 0 && !states.includes('STOPPED') && !stays
  }
  /** @returns whether there was anything to deliver */
  const deliverOnce = async (): Promise<boolean> => {
    const bodies = await stage.takeMessages()
    for (const body of bodies) {
      // The run of a delivery that was stored, and answered with 500.
      add(runIn(body))
      await deliver(body)
    }
    let count = bodies.length
    for (const run of runs)
      for (const event of stage.eventsOf(run).slice(settled.get(run) ?? 0)) {
        count++
        settled.set(run, (settled.get(run) ?? 0) + 1)
        await attempt(() => stage.bridge.settle(event).then(() => true))
      }
    return count > 0
  }
  const settleDown = async (): Promise<void> => {
    for (let quiet = 0; quiet < 2; quiet++) {
      if (await deliverOnce()) quiet = -1
      for (const run of runs) {
        if (!isMoving(run)) continue
        await stage.waitForEvents(run, (settled.get(run) ?? 0) + 1)
        quiet = -1
      }
    }
  }
  return {
    runs,
    settleDown,
    post: (path, delivery) =>
      attempt(async () => {
        const answer = await stage.post(path, delivery)
        if (answer.statusCode < 300) add(runIn(answer.body))
        return answer.statusCode < 500 && !answer.body.includes('went wrong on our side')
      }),
    deliver,
    async stopTasks() {
      for (let round = 0; round < 2; round++) {
        await settleDown()
        for (const { taskArn = '', lastStatus, startedBy = '' } of await stage.tasks()) {
          stopped.add(startedBy.replace('taskhook/', ''))
          if (lastStatus === 'RUNNING') await stage.stopTask(taskArn)
        }
        await settleDown()
      }
    },
  }
}
