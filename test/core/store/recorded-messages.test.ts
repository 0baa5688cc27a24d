/**
 * Queue messages that commit a0166d7 has sent do today what they were sent for; and what its adapters have stored of a run (where answers
 * go, and what was written there) is understood: the sender sees one message to the end.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { bodyOf } from '../../support/function-url.ts'
import { createGitHub } from '../../support/github/fake-github.ts'
import { createSlack } from '../../support/slack/fake-slack.ts'
import { ann } from '../../support/slack/people.ts'
import { secrets } from './recorded/deployment.ts'
import { type Replay, recordingOf, startReplay } from './recorded/replay.ts'

let replay: Replay | undefined
afterEach(async () => {
  await replay?.on.close()
  replay = undefined
})
const begin = async (name: string, options: Parameters<typeof startReplay>[1] = {}): Promise<Replay> => {
  replay = await startReplay(name, options)
  return replay
}

const hook = 'POST shop.example.com/hook'
const editSlack = 'POST slack.com/api/chat.update'
const github = 'api.github.com/repos/acme/site'
const slackMessage = { channel: 'C0DATA', ts: '1772359200.000100' }
/** The only recorded message with this verb. */
const messageOf = ({ messages }: Replay, verb: string): string => {
  const [found, ...others] = messages.filter((body) => (JSON.parse(body) as { verb: string }).verb === verb)
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} messages with ${verb}`)
  return found
}

describe('a recorded message', () => {
  it('cancel stops the task, and the run ends as cancelled', async () => {
    const from = await begin('cancel-message')
    const { taskArn } = await from.on.runRecord(from.run)
    await from.deliver(messageOf(from, 'cancel'))
    const [stop] = from.on.ecs.callsOf('StopTask')
    expect(stop?.input).toMatchObject({ task: taskArn, reason: 'taskhook: cancelled by shop' })
    await from.settleEvents()
    expect(await from.on.runRecord(from.run)).toMatchObject({ status: 'cancelled', cancelBy: 'shop' })
    expect(from.sent(hook).map(({ body }) => body.type)).toEqual(['run.cancelled'])
  })

  it('progress is written down and shown', async () => {
    const from = await begin('progress-message')
    expect(await from.deliver(messageOf(from, 'progress'))).toBe(true)
    expect(await from.viewNow()).toMatchObject({
      progress: { percent: 40, message: 'at 40' },
      outputs: { rows: '1200' },
      links: [{ label: 'Report', url: 'https://example.com/r' }],
    })
  })

  it('approve lets the run start', async () => {
    const from = await begin('approve-message')
    await from.deliver(messageOf(from, 'approve'))
    expect(await from.on.runRecord(from.run)).toMatchObject({ approvedBy: 'bob' })
    for (const message of await from.on.takeMessages()) await from.deliver(message)
    expect(from.runTaskCalls()).toMatchObject([{ startedBy: `taskhook/${from.run}` }])
    await from.on.settleToEnd(from.run)
    expect(from.sent(editSlack).at(-1)?.body).toMatchObject(slackMessage)
    expect(from.sent(editSlack).at(-1)?.body.text).toMatch(/^quick succeeded/)
  })

  it('reject ends the run, and its Slack message says by whom', async () => {
    const from = await begin('reject-message')
    await from.deliver(messageOf(from, 'reject'))
    expect(await from.on.runRecord(from.run)).toMatchObject({ status: 'cancelled', reason: 'rejected by bob' })
    expect(from.sent(editSlack)).toMatchObject([{ body: { ...slackMessage, text: 'quick was rejected by bob' } }])
    expect(await from.on.openRuns()).not.toContain(from.run)
  })

  it('tell notifies the sender of the progress', async () => {
    const from = await begin('notify-message')
    from.on.advance(5_000)
    expect(await from.deliver(messageOf(from, 'tell'))).toBe(true)
    expect(from.sent(editSlack)).toMatchObject([{ body: { ...slackMessage, text: 'long running, 40 %: at 40' } }])
  })

  it('errand of Slack opens the form', async () => {
    const from = await begin('slack-form-message')
    const message = messageOf(from, 'errand')
    expect(await from.deliver(message)).toBe(true)
    const { triggerId, view } = (JSON.parse(message) as { what: { triggerId: string; view: object } }).what
    expect(from.sent('POST slack.com/api/views.open')).toMatchObject([{ body: { trigger_id: triggerId, view } }])
  })

  it('errand of GitHub reruns the check suite, and notifies the same commit', async () => {
    const old = recordingOf('github-check-run')
    const hub = createGitHub()
    const external_id = old.subject?.run ?? ''
    hub.checkRuns.push({ id: 1, name: 'taskhook/long', head_sha: 'a'.repeat(40), external_id, updates: [] })
    const from = await begin('github-check-suite-message', { fetch: hub.fetch })
    await from.put(old.items)
    expect(await from.deliver(messageOf(from, 'errand'))).toBe(true)
    const [start = '{}', ...others] = await from.on.takeMessages()
    expect(others).toEqual([])
    const { run } = JSON.parse(start) as { run: string }
    expect(await from.on.runRecord(run)).toMatchObject({ rerunOf: external_id })
    await from.deliver(start)
    expect(hub.checkRuns.slice(1)).toMatchObject([{ head_sha: 'a'.repeat(40), external_id: run }])
  })
})

describe('a recorded run that waits for approval', () => {
  it('cannot be approved by its requester', async () => {
    const from = await begin('waiting-for-approval-in-slack')
    await from.deliver({ verb: 'approve', run: from.run, by: 'ann', actor: ann.id })
    expect(await from.on.runRecord(from.run)).not.toHaveProperty('approvedBy')
    expect(await from.on.takeMessages()).toEqual([])
  })

  it.each([
    ['waiting-for-approval-in-slack', editSlack],
    ['waiting-for-approval-on-check-run', `PATCH ${github}/check-runs/1`],
  ])('expires when its time is over, and its sender is notified where it waits: %s', async (name, to) => {
    const from = await begin(name)
    from.on.advance(2 * 3_600_000)
    await from.on.sweep()
    for (const message of await from.on.takeMessages()) await from.deliver(message)
    expect(await from.on.runRecord(from.run)).toMatchObject({ status: 'cancelled' })
    expect(from.sent(to)).toHaveLength(1)
    expect(await from.on.openRuns()).not.toContain(from.run)
  })
})

describe('the sender of a recorded run is notified of its end', () => {
  it('by a commit status', async () => {
    const from = await begin('github-commit-status')
    await from.settleEvents()
    expect(from.sent()).toMatchObject([
      { to: `POST ${github}/statuses/${'a'.repeat(40)}`, body: { state: 'error', context: 'taskhook/long' } },
    ])
  })

  it('by the same check run', async () => {
    const from = await begin('github-check-run')
    await from.settleEvents()
    expect(from.sent(`PATCH ${github}/check-runs/1`)).toMatchObject([
      { body: { status: 'completed', conclusion: 'cancelled' } },
    ])
    expect(from.sent(`POST ${github}/check-runs`)).toEqual([])
  })

  it('by the same comment', async () => {
    const from = await begin('github-comment')
    await from.settleEvents()
    expect(from.sent(`PATCH ${github}/issues/comments/1`)).toHaveLength(1)
    expect(from.sent(`POST ${github}/issues/comments/90/reactions`)).toMatchObject([{ body: { content: 'confused' } }])
    expect(from.sent(`POST ${github}/issues/7/comments`)).toEqual([])
  })

  it.each(['slack-bot-token', 'slack-form'])('by the same Slack message: %s', async (name) => {
    const from = await begin(name)
    await from.settleEvents()
    expect(from.sent(editSlack).length).toBeGreaterThan(0)
    expect(from.sent(editSlack).at(-1)?.body).toMatchObject(slackMessage)
    expect(from.sent(editSlack).at(-1)?.body.text).toMatch(/^(long was cancelled|asking succeeded)/)
    expect(from.sent('POST slack.com/api/chat.postMessage')).toEqual([])
    expect(await from.on.openRuns()).not.toContain(from.run)
  })

  it('by the same response_url, whose uses are counted on', async () => {
    const from = await begin('slack-response-url')
    await from.settleEvents()
    expect(from.sent()).toMatchObject([
      {
        to: expect.stringContaining('POST hooks.slack.com/commands/T1/'),
        body: { text: expect.stringMatching(/^long was cancelled/) },
      },
    ])
    expect(await from.on.runRecord(from.run)).toMatchObject({ memory: { uses: 2 } })
  })
})

it('a recorded rate limit still holds', async () => {
  const from = await begin('rate-limits')
  const slack = createSlack({ signingSecret: secrets.SLACK, now: from.on.now })
  const answer = bodyOf(await from.on.post('/plain', slack.typeCommand('/long', '', ann)))
  expect(answer.text).toMatch(/^Nothing was started\. You have asked for more than 1 run an hour/)
  expect(await from.on.takeMessages()).toEqual([])
})
