/** docs: a callback gets each status of a run once, signed so that its receiver can check the sender, and with nothing secret. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { presets } from '../../src/adapters/hmac/presets.ts'
import { verifySignature } from '../../src/core/http/signature.ts'
import { requestOf } from '../contract/request.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import {
  type CallbackStage,
  callbackDelivery,
  configUrl,
  secrets,
  startCallbackStage,
  verified,
} from './callback-stage.ts'

let on: CallbackStage
beforeEach(async () => {
  on = await startCallbackStage()
})
afterEach(() => on.stage.close())

it('gets each status once, with the body of GET /runs/<id>, and a link that only reads', async () => {
  const { stage, callbacks } = on
  const answer = await stage.post('/shop', callbackDelivery({ dataset: 'sales' }, stage.now()))
  const { run, statusUrl } = bodyOf(answer) as { run: string; statusUrl: string }
  expect(callbacks).toEqual([])
  await stage.takeMessages()
  await stage.start(run)
  await stage.settleToEnd(run)
  expect(on.types()).toEqual(['run.starting', 'run.running', 'run.succeeded'])
  expect(new Set(callbacks.map(({ url, method }) => `${method} ${url}`))).toEqual(new Set([`POST ${configUrl}`]))
  const { pathname, search } = new URL(statusUrl)
  const shown = bodyOf(await stage.bridge.receive(urlEvent(pathname + search, {}, '', 'GET')))
  const { statusUrl: link, ...rest } = callbacks.at(-1)?.body.data ?? {}
  const { statusUrl: _, ...wanted } = shown
  expect(rest).toEqual(wanted)
  expect(rest).toMatchObject({ run, task: 't', status: 'succeeded', exitCode: 0, params: { dataset: 'sales' } })
  const [, path = ''] = /^https:\/\/[^/]+(\/.*)$/.exec(String(link)) ?? []
  expect((await stage.bridge.receive(urlEvent(path, {}, '', 'GET'))).statusCode).toBe(200)
  expect((await stage.bridge.receive(urlEvent(path.replace('?', '/cancel?'), {}))).statusCode).toBe(401)
  expect(await stage.openRuns()).not.toContain(run)
})

it('is verified by the package of Standard Webhooks', async () => {
  const run = await on.runToEnd()
  expect(on.callbacks).toHaveLength(3)
  for (const callback of on.callbacks) {
    expect(verified(callback)).toEqual(callback.body)
    const changed = { ...callback, text: callback.text.replace('sales', 'seles') }
    expect(() => verified(changed)).toThrow('No matching signature')
    expect(callback.headers['content-type']).toBe('application/json')
    expect(callback.headers['webhook-id']).toBe(`${run}_${callback.body.type.replace('run.', '')}`)
  }
  expect(new Set(on.callbacks.map(({ headers }) => headers['webhook-id'])).size).toBe(3)
})

it('is verified by another taskhook', async () => {
  await on.runToEnd()
  expect(on.callbacks).toHaveLength(3)
  for (const { at, headers, text } of on.callbacks) {
    const request = requestOf(text, headers)
    expect(() => verifySignature(presets['standard-webhooks'], request, [secrets.CALLBACK], at)).not.toThrow()
    expect(() => verifySignature(presets['standard-webhooks'], request, [secrets.PARTNER], at)).toThrow()
  }
})

it('has the time of the change in its body, and the time of the attempt in its header; a retry has the same id', async () => {
  on.answerWith(503)
  const run = await on.runToEnd()
  const { startedAt, stoppedAt, createdAt } = on.callbacks.at(-1)?.body.data ?? {}
  expect(on.callbacks.map(({ body }) => body.timestamp)).toEqual([createdAt, startedAt, stoppedAt])
  on.answerWith(200)
  on.stage.advance(121_000)
  await on.stage.sweep()
  const [first, again] = on.callbacks.filter(({ body }) => body.type === 'run.succeeded' && body.data.run === run)
  if (first === undefined || again === undefined) throw new Error('it was not tried again')
  expect(again.text).toBe(first.text)
  expect(again.headers['webhook-id']).toBe(first.headers['webhook-id'])
  // Receivers refuse old timestamps.
  expect(Number(again.headers['webhook-timestamp'])).toBeGreaterThan(Number(first.headers['webhook-timestamp']))
  expect(verified(again)).toEqual(again.body)
})

it('gets a cancellation', async () => {
  const run = await on.stage.accept('/shop', callbackDelivery({ dataset: 'sales' }, on.stage.now()))
  await on.stage.deliver({ verb: 'cancel', run, by: 'ann' })
  expect(on.callbacks.map(({ body }) => [body.type, body.data.reason])).toEqual([['run.cancelled', 'cancelled by ann']])
  expect(await on.stage.openRuns()).not.toContain(run)
})

it('no secret is in the table, the log, the output of tasks or a callback', async () => {
  on.answerWith(500)
  await on.runToEnd()
  const texts = {
    table: JSON.stringify(await on.stage.items()),
    logs: on.stage.logs.join(),
    output: on.stage.output.join(),
    callbacks: JSON.stringify(on.callbacks),
  }
  for (const [name, text] of Object.entries(texts)) {
    expect(text.length, name).toBeGreaterThan(100)
    for (const secret of [...Object.values(secrets), 'status-key-0123456789abcdef'])
      expect(text, name).not.toContain(secret.replace('whsec_', ''))
  }
})
