/** A stage whose HMAC sources have callbacks, and what the receiver of the callbacks gets. */
import { Webhook } from 'standardwebhooks'
import { expect, vi } from 'vitest'
import { type Delivery, standardDelivery } from '../support/deliveries.ts'
import { type Stage, startStage } from '../support/stage.ts'

export const secrets = {
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  CALLBACK: 'whsec_Y2FsbGJhY2stc2VjcmV0LW9mLXRoZS10ZXN0cw==',
}
export const task = `
  t:
    cluster: main
    taskDefinition: t
    container: app
    subnets: [subnet-a]
    params: { dataset: { type: string } }
    local: { command: [sh, -c, "env; true"] }`
export const signed = 'adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER"'
/** The callback URL of the config. */
export const configUrl = 'https://shop.example.com/taskhook'
export const config = `
sources:
  shop:  { ${signed}, callbackSecret: "env:CALLBACK", callbackUrl: "${configUrl}", callbackHosts: [hooks.example.com, "*.partner.example"] }
  fixed: { ${signed}, callbackSecret: "env:CALLBACK", callbackUrl: "${configUrl}" }
  own:   { ${signed}, callbackSecret: "env:CALLBACK", callbackHosts: hooks.example.com }
tasks: ${task}
routes:
  - { on: shop, run: t }
  - { on: fixed, run: t }
  - { on: own, run: t }
`

/** A callback that was received. */
export interface Callback {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly url: string
  readonly method: string | undefined
  readonly headers: Record<string, string>
  readonly text: string
  readonly body: { readonly type: string; readonly timestamp: string; readonly data: Record<string, unknown> }
}

export interface CallbackStage {
  readonly stage: Stage
  readonly callbacks: Callback[]
  /** The status that the receiver answers from now on. Before: 204. */
  answerWith(status: number): void
  /** Runs a task from its delivery to its end. @returns the run */
  runToEnd(source?: string, body?: Readonly<Record<string, unknown>>): Promise<string>
  types(): readonly string[]
}

/** @param at milliseconds since the epoch */
export const callbackDelivery = (body: Readonly<Record<string, unknown>>, at: number): Delivery =>
  standardDelivery(secrets.PARTNER, JSON.stringify(body), { at: at / 1000 })

export async function startCallbackStage(): Promise<CallbackStage> {
  const callbacks: Callback[] = []
  let status = 204
  const stage = await startStage({
    config,
    env: secrets,
    async fetchPublic(input, init = {}) {
      const [text, headers] = [String(init.body), Object.fromEntries(new Headers(init.headers))]
      const body = JSON.parse(text) as Callback['body']
      callbacks.push({ at: stage.now(), url: String(input), method: init.method, headers, text, body })
      return new Response(null, { status })
    },
  })
  return {
    stage,
    callbacks,
    answerWith(next) {
      status = next
    },
    async runToEnd(source = '/shop', body = { dataset: 'sales' }) {
      const run = await stage.accept(source, callbackDelivery(body, stage.now()))
      await stage.start(run)
      await stage.settleToEnd(run)
      expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded' })
      return run
    },
    types: () => callbacks.map(({ body }) => body.type),
  }
}

/** Verifies a callback with the package of Standard Webhooks, at the time at which it was sent. @throws {Error} for a wrong signature */
export function verified({ at, text, headers }: Callback): unknown {
  vi.useFakeTimers({ toFake: ['Date'], now: at })
  try {
    return new Webhook(secrets.CALLBACK).verify(text, headers)
  } finally {
    vi.useRealTimers()
  }
}
