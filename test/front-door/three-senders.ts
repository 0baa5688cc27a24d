/** A config with one source of each kind and one task, for tests of what all senders have in common. */
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import type { Stage } from '../support/stage.ts'
import { stageSecrets as secrets } from '../support/stage-deliveries.ts'

export const config = `
sources:
  github:  { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack:   { adapter: slack, signingSecret: "env:SLACK" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  analyze:
    cluster: main
    taskDefinition: analyze
    container: app
    subnets: [subnet-a]
    local: { command: [sh, -c, 'echo "note $NOTE"'] }
    params:
      note: { type: string, default: none }
routes:
  - { on: slack, command: /analyze, run: analyze }
  - { on: partner, run: analyze }
  - { on: github, event: push, run: analyze, with: { note: "\${event.note}" } }
  - { on: github, event: [status, check_run.rerequested, pull_request_review_comment.created], run: analyze, with: {} }
  - { on: github, event: issue_comment.created, if: "event.comment.body == '/analyze'", run: analyze, with: {} }
`
export const formType = 'application/x-www-form-urlencoded'

export const withType = ({ headers, body }: Delivery, type: string): Delivery => ({
  headers: { ...headers, 'content-type': type },
  body,
})

/** The body of a slash command. */
export const slackForm = (text: string, more: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams({
    command: '/analyze',
    text,
    user_id: 'U1',
    channel_id: 'C1',
    trigger_id: crypto.randomUUID(),
    ...more,
  }).toString()

export const githubEvent = (event: string, payload: unknown): Delivery =>
  githubDelivery(secrets.GITHUB, JSON.stringify(payload), event)

/** Deliveries of a stage's senders, signed at the stage's time unless said otherwise. @param at seconds since the epoch */
export const sendersOf = (stage: Stage) => ({
  partner: (body: string | Uint8Array, at = stage.now() / 1000) => standardDelivery(secrets.PARTNER, body, { at }),
  slack: (body: string | Uint8Array, at = stage.now() / 1000) => slackDelivery(secrets.SLACK, body, at),
})

/** How many runs the stage has opened. */
export const runsOpened = (stage: Stage): number => stage.dynamo.callsOf('PutItem').length

/** Delivers what is queued, and settles the events of the runs until they have ended. @returns the runs */
export async function runQueued(stage: Stage): Promise<readonly string[]> {
  const runs = (await stage.deliverQueue()).map((body) => (JSON.parse(body) as { run: string }).run)
  for (const run of runs) await stage.settleToEnd(run)
  return runs
}

export interface CommitStatus {
  readonly state: string
  readonly context: string
  readonly target_url: string
}

/** Statuses that GitHub was sent for a commit, oldest first. */
export const statusesAt = (stage: Stage, sha: string): readonly CommitStatus[] =>
  stage.notifications
    .filter(({ url }) => url.pathname.endsWith(`/statuses/${sha}`))
    .map(({ body }) => body as CommitStatus)
