/** A stage whose Slack routes need an approval, and what people do there. */
import { bodyOf } from '../support/function-url.ts'
import { createSlack, type Slack } from '../support/slack/fake-slack.ts'
import type { ChannelMessage } from '../support/slack/messages.ts'
import { ann, type Person } from '../support/slack/people.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'

export const otherSecret = 'the-secret-of-another-workspace'
/** A member of the user group S0OPS. */
export const zoe: Person = { id: 'U0ZOE', name: 'zoe' }

const botToken = 'xoxb-token-of-the-approval'
const task = (name: string, command: string, more = '') => `
  ${name}:
    cluster: c
    taskDefinition: ${name}
    container: app
    subnets: [s]
    params: { dataset: { type: string } }
    local: { command: [sh, -c, '${command}'] }
    ${more}`
const config = (token: boolean) => `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK"${token ? ', botToken: "env:SLACK_BOT"' : ''} }
  other: { adapter: slack, signingSecret: "env:OTHER" }
tasks:
${task('deploy', 'true')}
${task('long', 'sleep 60')}
${task('asking', 'true').replace('type: string', 'type: string, required: true')}
${task('limited', 'sleep 60', 'concurrency: { limit: 1 }')}
${task('newest', 'sleep 60', 'concurrency: { whenFull: cancel-oldest }')}
routes:
  - { on: slack, command: /deploy, run: deploy, approval: { from: [U0ANN, U0BOB${token ? ', S0OPS' : ''}], expires: 2h } }
  - { on: slack, command: /long, run: long, approval: { from: U0BOB } }
  - { on: slack, command: /limited, run: limited, approval: { from: U0BOB } }
  - { on: slack, command: /form, run: asking, approval: { from: U0BOB } }
  - { on: slack, command: /now, run: limited }
  - { on: slack, command: /newest, run: newest, approval: { from: U0BOB } }
  - { on: slack, command: /at-once, run: newest }
  - { on: slack, command: /free, run: long }
  - { on: other, command: /deploy, run: deploy, approval: { from: [U0BOB] } }
`

export const waitingForApproval = { status: 'queued', reason: 'waits for approval' }
export const hours = (count: number) => count * 3_600_000

export interface Requested {
  readonly run: string
  /** Slack's reply to the command, which only the requester sees. */
  readonly reply: { readonly text: string; readonly blocks: [] }
}

export interface ApprovalStage {
  readonly stage: Stage
  readonly slack: Slack
  /** Types a command, and delivers what is queued for it. */
  request(command?: string, by?: Person, text?: string): Promise<Requested>
  /** Types a command. @returns the reply */
  type(command: string, text?: string, by?: Person): Promise<Requested['reply']>
  /** The only message in the channel that is about a run. */
  messageOf(run: string): ChannelMessage
  /** Clicks a button of the run's message, or of an ephemeral message. @returns the reply that only this person sees */
  click(action: string, run: string, by: Person, where?: ChannelMessage | 'ephemeral'): Promise<Clicked>
  tasksStarted(run: string): Promise<number>
  /** Delivers what is queued until nothing is. @returns the runs of the messages */
  drain(): Promise<readonly string[]>
}
interface Clicked {
  readonly status: number
  readonly reply: string | undefined
}

const runOf = (message: string): string => (JSON.parse(message) as { run: string }).run

/** @param token whether the source has a bot token */
export async function startApprovalStage(token = true): Promise<ApprovalStage> {
  let now = Date.now
  const slack = createSlack({ signingSecret: stageSecrets.SLACK, now: () => now(), ...(token && { botToken }) })
  slack.groups.set('S0OPS', [zoe.id])
  const stage = await startStage({
    config: config(token),
    env: { ...stageSecrets, SLACK_BOT: botToken, OTHER: otherSecret },
    fetch: slack.fetch,
  })
  now = stage.now

  const drain = async () => (await stage.drainQueue()).map(runOf)
  const type: ApprovalStage['type'] = async (command, text = '', by = ann) =>
    bodyOf(await stage.post('/slack', slack.typeCommand(command, text, by))) as unknown as Requested['reply']
  const messageOf = (run: string): ChannelMessage => {
    const [found, ...more] = slack.messagesIn('C0DATA').filter((message) => JSON.stringify(message).includes(run))
    if (found === undefined || more.length > 0) throw new Error(`${more.length + 1} messages are about ${run}`)
    return found
  }
  return {
    ...{ stage, slack, drain, type, messageOf },
    async request(command = '/deploy', by = ann, text = '') {
      const reply = await type(command, text, by)
      const [run = ''] = await drain()
      return { run, reply }
    },
    async click(action, run, by, where = messageOf(run)) {
      const before = slack.ephemerals.length
      const on = where === 'ephemeral' ? undefined : where
      const answer = await stage.post('/slack', slack.clickButton(`taskhook:${action}`, run, by, on))
      return { status: answer.statusCode, reply: slack.ephemerals.slice(before).at(-1)?.text }
    },
    tasksStarted: async (run) => (await stage.tasks(run)).length,
  }
}
