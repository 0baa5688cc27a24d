/** docs: a delivery can name its own callback URL, on hosts that the config allows. The URL is no parameter, and is shown to no one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { standardDelivery } from '../support/deliveries.ts'
import { bodyOf } from '../support/function-url.ts'
import {
  type CallbackStage,
  callbackDelivery,
  configUrl,
  secrets,
  startCallbackStage,
  verified,
} from './callback-stage.ts'
import { formType } from './three-senders.ts'

let on: CallbackStage
beforeEach(async () => {
  on = await startCallbackStage()
})
afterEach(() => on.stage.close())

const post = (source: string, body: Readonly<Record<string, unknown>>) =>
  on.stage.post(source, callbackDelivery({ dataset: 'sales', ...body }, on.stage.now()))
const urls = () => on.callbacks.map(({ url }) => url)

it.each([
  ['https://hooks.example.com/x?y=1', 'https://hooks.example.com/x?y=1'],
  ['https://hooks.example.com:8443', 'https://hooks.example.com:8443/'],
  ['HTTPS://HOOKS.example.com/', 'https://hooks.example.com/'],
  ['https://a.b.partner.example/', 'https://a.b.partner.example/'],
])('%s is called in place of the config’s URL', async (callbackUrl, url) => {
  await on.runToEnd('/shop', { dataset: 'sales', callbackUrl })
  expect(urls()).toEqual([url, url, url])
  for (const callback of on.callbacks) verified(callback)
})

it('is no parameter and no variable, and is in no answer, callback, log line or override', async () => {
  const { stage } = on
  const answer = await post('/shop', { callbackUrl: 'https://hooks.example.com/only-for-us' })
  const { run } = bodyOf(answer) as { run: string }
  await stage.takeMessages()
  await stage.start(run)
  await stage.settleToEnd(run)
  expect(bodyOf(answer).params).toEqual({ dataset: 'sales' })
  expect(answer.body).not.toContain('only-for-us')
  expect(on.callbacks.map(({ text }) => text).join()).not.toContain('only-for-us')
  const environment = stage.output.join('\n')
  expect(environment).toContain('DATASET=sales')
  expect(environment).not.toMatch(/only-for-us|callback/i)
  expect(stage.logs.join()).not.toContain('only-for-us')
  const [task] = await stage.tasks(run)
  expect(JSON.stringify(task?.overrides)).not.toContain('only-for-us')
})

it('is read from a form, too', async () => {
  const body = new URLSearchParams({ dataset: 'sales', callbackUrl: 'https://hooks.example.com/form' }).toString()
  const { headers } = standardDelivery(secrets.PARTNER, body, { at: on.stage.now() / 1000 })
  const run = await on.stage.accept('/shop', { headers: { ...headers, 'content-type': formType }, body })
  await on.stage.start(run)
  expect(urls()).toEqual(['https://hooks.example.com/form'])
  expect((await on.stage.runRecord(run)).plan.params).toEqual({ dataset: 'sales' })
})

describe('a URL that is not allowed', () => {
  it.each<[unknown, string]>([
    ['http://hooks.example.com/', 'does not use https'],
    ['ftp://hooks.example.com/', 'does not use https'],
    ['https://ann@hooks.example.com/', 'contains a user name or password'],
    ['https://:pw@hooks.example.com/', 'contains a user name or password'],
    ['https://evil.example/', 'is on a host that is not allowed'],
    ['https://shop.example.com/', 'is on a host that is not allowed'],
    ['https://hooks.example.com.evil.example/', 'is on a host that is not allowed'],
    ['https://evil.example/hooks.example.com', 'is on a host that is not allowed'],
    ['https://evil.example\\@hooks.example.com/', 'is on a host that is not allowed'],
    ['https://sub.hooks.example.com/', 'is on a host that is not allowed'],
    ['https://hooks.example.com./', 'is on a host that is not allowed'],
    ['https://partner.example/', 'is on a host that is not allowed'],
    ['https://evilpartner.example/', 'is on a host that is not allowed'],
    ['https://169.254.169.254/latest/meta-data/', 'contains an IP address in place of a host name'],
    ['https://localhost/', 'points to a private host'],
    ['https://[::1]/', 'contains an IP address in place of a host name'],
    ['hooks.example.com', 'is not a URL'],
    ['//hooks.example.com/', 'is not a URL'],
    ['', 'is not a URL'],
    [`https://hooks.example.com/${'x'.repeat(2000)}`, 'is not a URL'],
    [null, 'is not a URL'],
    [7, 'is not a URL'],
    [true, 'is not a URL'],
    [['https://hooks.example.com/'], 'is not a URL'],
    [{ href: 'https://hooks.example.com/' }, 'is not a URL'],
  ])('%j is refused: %s', async (callbackUrl, message) => {
    const answer = await post('/shop', { callbackUrl })
    expect(answer.statusCode, answer.body).toBe(422)
    expect(bodyOf(answer)).toMatchObject({ problems: [{ path: 'callbackUrl', message }] })
    expect(await on.stage.takeMessages()).toEqual([])
    expect(await on.stage.items()).toEqual([])
    expect(on.callbacks).toEqual([])
  })
})

it('is an unknown parameter if the config names no hosts', async () => {
  const answer = await post('/fixed', { callbackUrl: 'https://hooks.example.com/' })
  expect(answer.statusCode).toBe(422)
  expect(bodyOf(answer).problems).toMatchObject([
    { path: 'callbackUrl', message: expect.stringContaining('is not a parameter') },
  ])
  expect(await on.stage.takeMessages()).toEqual([])
  await on.runToEnd('/fixed')
  expect(urls()).toEqual([configUrl, configUrl, configUrl])
})

it('is the only one called if the config has none', async () => {
  const silent = await on.runToEnd('/own')
  expect(on.callbacks).toEqual([])
  expect(await on.stage.openRuns()).not.toContain(silent)
  await on.runToEnd('/own', { callbackUrl: 'https://hooks.example.com/own' })
  expect(urls()).toEqual(Array(3).fill('https://hooks.example.com/own'))
})
