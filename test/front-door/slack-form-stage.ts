/** A stage whose Slack commands open a form for parameters that are missing. */
import type { KnownBlock } from '@slack/types'
import type { FunctionUrlResult } from '../../src/core/http/lambda-url.ts'
import type { Delivery } from '../support/deliveries.ts'
import { bodyOf } from '../support/function-url.ts'
import { createSlack, type Slack } from '../support/slack/fake-slack.ts'
import type { MessageContent } from '../support/slack/limits.ts'
import { ann, type Person } from '../support/slack/people.ts'
import type { OpenForm } from '../support/slack/requests.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'

export const botToken = 'xoxb-token-of-the-form'
const task = (name: string, params: string) => `
  ${name}:
    description: Looks into a data set
    cluster: c
    taskDefinition: ${name}
    container: app
    subnets: [s]
    params: ${params}
    local: { command: [sh, -c, 'echo "ran $DATASET/$REGION/$DEPTH/$DRY/$NOTE for $TASKHOOK_ACTOR"'] }`
const config = (token: boolean) => `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK"${token ? ', botToken: "env:SLACK_BOT"' : ''} }
tasks:
${task(
  'analyze',
  `
      dataset: { type: string, pattern: "^[a-z]{1,20}$", required: true, description: Which one }
      region: { type: string, enum: [eu, us], required: true }
      depth: { type: integer, min: 1, max: 10, default: 3 }
      dry: { type: boolean }
      note: { type: string }
      key: { type: string, secret: true }`,
)}
${task('other', '{ dataset: { type: string, required: true } }')}
${task('free', '{ note: { type: string } }')}
routes:
  - { on: slack, command: /analyze, run: analyze }
  - { on: slack, command: /both, run: analyze }
  - { on: slack, command: /both, run: other }
  - { on: slack, command: /mixed, run: other }
  - { on: slack, command: /mixed, run: free }
  - { on: slack, command: /computed, run: analyze, with: { dataset: "\${event.nothing}" } }
  - { on: slack, command: /closed, run: other, allow: { users: [U0ANN], channels: [C0DATA] } }
`

export interface FormStage {
  readonly stage: Stage
  readonly slack: Slack
  post(delivery: Delivery): Promise<FunctionUrlResult>
  /** Types a command, and delivers what is queued. @returns the reply */
  type(text?: string, command?: string, by?: Person, channel?: string): Promise<MessageContent>
  /** Does the same. @returns the form that opened; throws if none did */
  openForm(text?: string, command?: string, by?: Person, channel?: string): Promise<OpenForm>
  /** Delivers what is queued. @returns the runs of the messages */
  drain(): Promise<readonly string[]>
  /** Every message that was in the queue. */
  queued(): string
}

/** @param token whether the source has a bot token */
export async function startFormStage(token = true): Promise<FormStage> {
  let now = Date.now
  const slack = createSlack({ signingSecret: stageSecrets.SLACK, now: () => now(), ...(token && { botToken }) })
  const stage = await startStage({
    config: config(token),
    env: { ...stageSecrets, SLACK_BOT: botToken },
    fetch: slack.fetch,
  })
  now = stage.now

  const post: FormStage['post'] = (delivery) => stage.post('/slack', delivery)
  const type: FormStage['type'] = async (text = '', command = '/analyze', by = ann, channel = 'C0DATA') => {
    const answer = await post(slack.typeCommand(command, text, by, channel))
    await stage.drainQueue()
    return bodyOf(answer) as unknown as MessageContent
  }
  return {
    ...{ stage, slack, post, type },
    async openForm(...typed) {
      const before = slack.openForms.length
      await type(...typed)
      const form = slack.openForms[before]
      if (form === undefined) throw new Error('no form opened')
      return form
    },
    drain: async () =>
      (await stage.drainQueue()).flatMap((body) => (JSON.parse(body) as { readonly run?: string }).run ?? []),
    queued: () =>
      stage.sqs
        .callsOf('SendMessage')
        .map(({ input }) => String(input.MessageBody))
        .join(),
  }
}

/** The element of a form that asks for a parameter. */
export const elementOf = ({ view }: OpenForm, param: string) => {
  const block = (view.blocks as readonly KnownBlock[]).find(({ block_id }) => block_id === `p:${param}`)
  return block?.type === 'input'
    ? (block.element as { initial_value?: string; initial_option?: { value: string } })
    : undefined
}

/** The value that it shows before the person types. */
export const initialValue = (form: OpenForm, param: string): string | undefined =>
  elementOf(form, param)?.initial_value ?? elementOf(form, param)?.initial_option?.value
