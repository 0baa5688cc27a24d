/** A stage whose containers report their progress, and what the senders are sent of it. */
import { type Delivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'

export const secrets = {
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  CALLBACK: 'whsec_Y2FsbGJhY2stc2VjcmV0LW9mLXRoZS10ZXN0cw==',
  SLACK: 'slack-secret-of-the-stage',
  BOT: 'xoxb-token-of-the-stage',
}
const config = `
sources:
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
  called:  { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER", callbackUrl: "https://shop.example.com/hook", callbackSecret: "env:CALLBACK" }
  bot:     { adapter: slack, signingSecret: "env:SLACK", botToken: "env:BOT" }
  plain:   { adapter: slack, signingSecret: "env:SLACK" }
tasks:
  long:
    cluster: main
    taskDefinition: long
    container: app
    subnets: [subnet-a]
    params: { dataset: { type: string }, password: { type: string, secret: true }, pin: { type: integer, secret: true } }
    local: { command: [sh, -c, "exec sleep 60"] }
routes:
  - { on: partner, run: long, with: { dataset: "\${body.dataset}", password: "\${body.password}", pin: "\${body.pin}" } }
  - { on: called, run: long }
  - { on: bot, command: /long, run: long }
  - { on: plain, command: /long, run: long }
`

/** Values of secret parameters. */
export const password = 'hunter2 & more'
export const pin = 246813

/** A run whose task has been started, and what its container was given. */
export interface Started {
  readonly run: string
  /** Path and query of its status URL; empty if its sender was given none. */
  readonly statusPath: string
  /** Where the container reports, and with which token. */
  readonly path: string
  readonly token: string
}

export interface ProgressStage {
  readonly stage: Stage
  /** Starts a run of an HMAC source. @param events how many events of its task are settled; 2 until it runs */
  start(source?: 'partner' | 'called', body?: object, events?: number): Promise<Started>
  /** Starts a run by a slash command. */
  startFromSlack(source: 'bot' | 'plain'): Promise<Started>
  /** Posts to a progress URL. @param token undefined: no Authorization header */
  post(path: string, token: string | undefined, text: string | Uint8Array, headers?: object): Answer
  /** Reports, a second later than anything before. */
  report(started: Started, report: object): Answer
  /** Reports, and delivers what is queued for that. */
  reportAndDeliver(started: Started, report: object): Promise<void>
  /** `GET /runs/<id>`. */
  view(started: Started): Promise<Record<string, unknown>>
  /** Stops the task, and settles the events. */
  end(started: Started): Promise<void>
  environmentOf(run: string): Promise<Readonly<Record<string, string>>>
  /** Requests to senders whose path contains this text. */
  sentTo(part: string): readonly { readonly body: Record<string, unknown> }[]
}
type Answer = ReturnType<Stage['bridge']['receive']>

export async function startProgressStage(): Promise<ProgressStage> {
  const stage = await startStage({ config, env: secrets })

  const environmentOf: ProgressStage['environmentOf'] = async (run) => {
    const [task] = await stage.tasks(run)
    const { environment = [] } = task?.overrides?.containerOverrides?.[0] ?? {}
    return Object.fromEntries(environment.map(({ name = '', value = '' }) => [name, value]))
  }
  const startQueued = async (run: string, statusPath: string, events: number): Promise<Started> => {
    await stage.takeMessages()
    await stage.start(run)
    for (const event of (await stage.waitForEvents(run, events)).slice(0, events)) await stage.bridge.settle(event)
    const { TASKHOOK_PROGRESS_URL: url = '', TASKHOOK_TOKEN: token = '' } = await environmentOf(run)
    return { run, statusPath, path: new URL(url).pathname, token }
  }
  const post: ProgressStage['post'] = (path, token, text, headers = {}) =>
    stage.bridge.receive(
      urlEvent(
        path,
        // The content type that curl sends by default.
        {
          'content-type': 'application/x-www-form-urlencoded',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        text,
      ),
    )
  const report: ProgressStage['report'] = ({ path, token }, body) => {
    stage.advance(1000)
    return post(path, token, JSON.stringify(body))
  }
  return {
    ...{ stage, post, report, environmentOf },
    async start(source = 'partner', body = {}, events = 2) {
      const given = source === 'partner' ? { dataset: 'sales', password, pin, ...body } : body
      const { run, statusUrl } = bodyOf(await stage.post(`/${source}`, partner(stage.now(), given)))
      const { pathname, search } = new URL(String(statusUrl))
      return startQueued(String(run), pathname + search, events)
    },
    async startFromSlack(source) {
      const body = new URLSearchParams({
        ...{ command: '/long', text: 'dataset=sales', user_id: 'U1', channel_id: 'C1' },
        trigger_id: `1.2.${crypto.randomUUID()}`,
        response_url: `https://hooks.slack.com/commands/T1/${crypto.randomUUID()}/x`,
      }).toString()
      const answer = await stage.post(`/${source}`, slackDelivery(secrets.SLACK, body, stage.now() / 1000))
      return startQueued(/"value":"([0-9a-f]{20})"/.exec(answer.body)?.[1] ?? '', '', 2)
    },
    async reportAndDeliver(started, body) {
      const answer = await report(started, body)
      if (answer.statusCode !== 202) throw new Error(`not accepted: ${answer.body}`)
      await stage.deliver(...(await stage.takeMessages()))
    },
    view: async ({ statusPath }) => bodyOf(await stage.bridge.receive(urlEvent(statusPath, {}, '', 'GET'))),
    async end({ run }) {
      await stage.stopTask(String((await stage.runRecord(run)).taskArn))
      await stage.settleToEnd(run)
    },
    sentTo: (part) =>
      stage.notifications
        .filter(({ url }) => url.pathname.includes(part))
        .map(({ body }) => ({ body: body as Record<string, unknown> })),
  }
}

const partner = (now: number, body: object): Delivery =>
  standardDelivery(secrets.PARTNER, JSON.stringify(body), { at: now / 1000 })
