/** SECURITY.md: a signature is checked over the bytes as they came, with their time, before anything else is read or answered. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Delivery, githubDelivery } from '../support/deliveries.ts'
import { urlEvent } from '../support/function-url.ts'
import { signSlack } from '../support/sign.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets as secrets } from '../support/stage-deliveries.ts'
import { config, formType, runQueued, runsOpened, sendersOf, slackForm, withType } from './three-senders.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: secrets })
})
afterEach(() => stage.close())

const statusOf = async (path: string, delivery: Delivery) => (await stage.post(path, delivery)).statusCode
const expectNothingOpened = () => expect(runsOpened(stage)).toBe(0)

describe('the signature covers the raw bytes', () => {
  const note = 'h\u00e9\u00e9 \u2713 \u{1f600}'
  // Raw UTF-8 where senders would escape, an escape where they would not, and spaces and an order of keys that no serialiser keeps.
  it.each<[string, () => Delivery]>([
    [
      '/github',
      () =>
        githubDelivery(
          secrets.GITHUB,
          ' {"zz":1 ,\n"note": "h\u00e9\\u00e9 \u2713 \u{1f600}","ref":"refs/heads/main"}',
          'push',
        ),
    ],
    ['/partner', () => sendersOf(stage).partner('{ "note" : "h\u00e9\\u00e9 \u2713 \u{1f600}" }\r\n')],
    [
      '/slack',
      () => sendersOf(stage).slack(`command=/analyze&text=note="${note}"&user_id=U1&channel_id=C1&trigger_id=1`),
    ],
  ])('of %s, whether Lambda passes them as text or in base64', async (path, make) => {
    const { headers, body } = make()
    const event = urlEvent(path, headers, body)
    const base64 = { ...event, body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
    const text = { ...event, body: body.toString(), isBase64Encoded: false }
    for (const same of [base64, text]) expect((await stage.bridge.receive(same)).statusCode).toBeLessThan(300)
    const [run, ...others] = await runQueued(stage)
    expect(others).toEqual([])
    expect((await stage.runRecord(String(run))).plan.params).toEqual({ note })
    expect(stage.output.at(-1)).toBe(`note ${note}`)
  })
})

describe('a timestamp', () => {
  it.each([-310, 310, 86_400, -86_400])('that is %i s off is refused', async (off) => {
    const at = stage.now() / 1000 + off
    expect(await statusOf('/partner', sendersOf(stage).partner('{}', at))).toBe(401)
    expect(await statusOf('/slack', sendersOf(stage).slack(slackForm(''), at))).toBe(401)
    expectNothingOpened()
  })

  it('is signed: an old delivery with a new timestamp is refused', async () => {
    const now = Math.floor(stage.now() / 1000)
    const old = sendersOf(stage).partner('{}', now - 600)
    expect(await statusOf('/partner', { ...old, headers: { ...old.headers, 'webhook-timestamp': String(now) } })).toBe(
      401,
    )
    const command = sendersOf(stage).slack(slackForm(''), now - 600)
    const fresh = { ...command.headers, 'x-slack-request-timestamp': String(now) }
    expect(await statusOf('/slack', { ...command, headers: fresh })).toBe(401)
    expectNothingOpened()
    expect(
      await statusOf('/slack', { ...command, headers: { ...fresh, ...signSlack(command.body, secrets.SLACK, now) } }),
    ).toBe(200)
  })
})

describe('nothing is answered or parsed before the signature is checked', () => {
  const sign: Record<string, (body: string) => Delivery> = {
    '/slack': (body) => sendersOf(stage).slack(body),
    '/github': (body) => githubDelivery(secrets.GITHUB, body, 'ping'),
    '/partner': (body) => sendersOf(stage).partner(body),
  }

  it.each([
    ['/slack', formType, 'ssl_check=1&token=x', ''],
    ['/slack', 'application/json', '{"type":"url_verification","challenge":"c"}', '{"challenge":"c"}'],
    ['/github', 'application/json', '{"zen":"z","hook_id":1}', '{"status":"pong","hook":1}'],
  ])('%s answers the handshake %s %s only with a signature', async (path, type, body, answer) => {
    const signed = withType(sign[path]?.(body) ?? { headers: {}, body }, type)
    expect(await statusOf(path, { ...signed, body: `${body} ` })).toBe(401)
    expect(await statusOf(path, { headers: { 'content-type': type, 'x-github-event': 'ping' }, body })).toBe(401)
    expect(await stage.post(path, signed)).toMatchObject({ statusCode: 200, body: answer })
  })

  it.each(['{"broken":', '%zz', '\u0000', ''])('the unreadable body %j is 401 without a signature', async (body) => {
    for (const [path, make] of Object.entries(sign)) {
      const { headers } = make('something else')
      for (const type of ['application/json', formType])
        expect(await statusOf(path, withType({ headers, body }, type))).toBe(401)
    }
    expectNothingOpened()
  })
})
