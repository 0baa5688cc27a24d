/** docs/faults.md: what only a person can fix fails the run at once, and its sender gets the reason in words. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'
import { allTaken, type StartStage, startStartStage } from './start-stage.ts'

let stage: StartStage
beforeEach(async () => {
  stage = await startStartStage()
})
afterEach(() => stage.close())

const unusable = 'the task definition cannot be used'

describe('an unknown task definition', () => {
  it('is an error on the commit, and is not tried again', async () => {
    const { run, sha } = await stage.acceptPush('ghost')
    expect(await stage.start(run)).toEqual(allTaken)
    const reason = `${unusable} (TaskDefinition not found)`
    expect(await stage.runRecord(run)).toMatchObject({ status: 'failed-to-start', reason })
    expect(stage.statusesAt(sha)).toMatchObject([{ state: 'error', description: `could not be started: ${reason}` }])
    expect(stage.messageDelays(run)).toEqual([0])
    expect(await stage.openRuns()).not.toContain(run)
    // The queue may deliver it twice.
    expect(await stage.start(run)).toEqual(allTaken)
    expect(stage.runTaskCalls(run)).toHaveLength(1)
  })

  it('is notified in Slack', async () => {
    const form = { command: '/ghost', text: '', user_id: 'U1', channel_id: 'C1', trigger_id: '1.2.3' }
    const response_url = 'https://hooks.slack.com/commands/T1/1/ghost'
    const body = new URLSearchParams({ ...form, response_url }).toString()
    await stage.post('/slack', slackDelivery(stageSecrets.SLACK, body, stage.now() / 1000))
    await stage.deliverQueue()
    const messages = stage.notifications.filter(({ url }) => url.href === response_url)
    expect(messages.map(({ body }) => (body as { text: string }).text)).toEqual([
      `ghost could not be started: ${unusable} (TaskDefinition not found)`,
    ])
  })
})

describe('a container that the config does not name', () => {
  it('is looked up in the task definition', async () => {
    const { run } = await stage.acceptPush('bare')
    await stage.start(run)
    await stage.expectStartedOnce(run)
    expect(stage.runTaskCalls(run)[0]?.overrides?.containerOverrides?.[0]?.name).toBe('app')
    expect(await stage.runRecord(run)).toMatchObject({ container: 'app' })
  })

  it.each([
    ['bareghost', 'ECS does not know the task definition', `${unusable} (Unable to describe task definition)`],
    [
      'vague',
      'there are several',
      `${unusable} (it has the containers left, right; name one in the task's "container")`,
    ],
  ] as const)('of %s fails the run at once: %s', async (name, _why, reason) => {
    const { run, sha } = await stage.acceptPush(name)
    expect(await stage.start(run)).toEqual(allTaken)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'failed-to-start', reason })
    expect(stage.statusesAt(sha)).toMatchObject([{ state: 'error', description: `could not be started: ${reason}` }])
    expect(stage.runTaskCalls(run)).toEqual([])
  })
})
