/** A stage with one task that has a concurrency limit. */
import type { Call } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, stageSecrets } from '../support/stage-deliveries.ts'

const config = (concurrency: string, command: string) => `
sources:
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
  second: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  analyze:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    concurrency: ${concurrency}
    params: { dataset: { type: string, required: true } }
    local: { command: [sh, -c, '${command}'] }
routes:
  - { on: partner, run: analyze }
  - { on: second, run: analyze }
`

export interface ConcurrencyStage extends Stage {
  /** Has a run accepted, a second later than the one before. */
  request(dataset: string, path?: string): Promise<string>
  /** Runs whose tasks have not stopped. */
  runningRuns(): Promise<readonly string[]>
  /** Stops the task of a run, and settles its events. */
  stopAndSettle(run: string): Promise<void>
}

/** @param concurrency in YAML @param command of the task: default, one that runs until it is stopped */
export async function startConcurrencyStage(concurrency: string, command = 'sleep 60'): Promise<ConcurrencyStage> {
  const stage = await startStage({ config: config(concurrency, command), env: stageSecrets })
  return {
    ...stage,
    request(dataset, path = '/partner') {
      stage.advance(1000)
      return stage.accept(path, partnerDelivery(stage.now(), { dataset }))
    },
    runningRuns: async () =>
      (await stage.tasks()).flatMap(({ lastStatus, startedBy = '' }) =>
        lastStatus === 'STOPPED' ? [] : startedBy.replace('taskhook/', ''),
      ),
    async stopAndSettle(run) {
      await stage.stopTask((await stage.runRecord(run)).taskArn ?? '')
      await stage.settleToEnd(run)
    },
  }
}

/** A request about the item of a concurrency group. */
export const isOfGroup = ({ input }: Call): boolean => JSON.stringify(input.Key ?? {}).includes('group#')
