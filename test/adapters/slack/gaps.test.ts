/** Known faults of Bolt's Lambda receiver, which taskhook's own must not have. Each was seen in @slack/bolt 5.1.0. */
import { describe, expect, it } from 'vitest'
import { slack } from '../../../src/adapters/slack/index.ts'
import { Unauthorized } from '../../../src/core/errors.ts'
import { toHttpRequest } from '../../../src/core/http/lambda-url.ts'
import { type Body, type Headers, signSlack } from '../../support/sign.ts'

const secret = '8f742231b10e8888abcd99yyyzzz85a5'
const seconds = 1_772_359_200
const now = seconds * 1000
const adapter = slack({ name: 'slack', adapter: 'slack', secret: [], tokens: {}, options: {} })
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }
const command = 'command=%2Fanalyze&text=sales&user_id=U1&channel_id=C1&trigger_id=1.2.3'

/** From the function URL's event to the translation, as core does it. */
async function deliver(body: Body, headers: Headers, { base64 = true } = {}) {
  const bytes = Buffer.from(body)
  const request = toHttpRequest({
    headers,
    isBase64Encoded: base64,
    body: base64 ? bytes.toString('base64') : bytes.toString('utf8'),
    requestContext: { http: { method: 'POST' } },
  })
  return adapter.translate(await adapter.verify(request, [secret], now))
}
const signed = (body: Body, type: Headers = form, at = seconds) => ({ ...type, ...signSlack(body, secret, at) })

describe('Bolt’s receiver accepts timestamps from the future; taskhook', () => {
  it.each([301, 3600])('rejects a timestamp %d s in the future', async (off) => {
    await expect(deliver(command, signed(command, form, seconds + off))).rejects.toThrow(Unauthorized)
  })
})

describe('Bolt’s receiver answers ssl_check unverified; taskhook', () => {
  it.each(['ssl_check=1', 'ssl_check=1&token=x', `${command}&ssl_check=1`])(
    'rejects %s without a valid signature',
    async (body) => {
      await expect(deliver(body, form)).rejects.toThrow(Unauthorized)
      await expect(deliver(body, { ...form, ...signSlack(body, 'wrong', seconds) })).rejects.toThrow(Unauthorized)
    },
  )

  it('answers it with a valid signature', async () => {
    expect(await deliver('ssl_check=1&token=x', signed('ssl_check=1&token=x'))).toEqual({
      kind: 'reply',
      reply: { status: 200, headers: {}, body: '' },
      reason: 'ssl_check',
    })
  })

  it.each(['ssl_check=0', 'ssl_check=', 'ssl_check=11', 'text=ssl_check'])(
    'does not take %s in a command for it',
    async (more) => {
      const body = `${command}&${more}`
      expect(await deliver(body, signed(body))).toMatchObject({ kind: 'run' })
    },
  )
})

describe('Bolt accepts any text as the name of a command, which is logged; taskhook', () => {
  it.each(['analyze', '', '/', '/a b', "/analyze'text=dataset=sales note=x", `/${'x'.repeat(100)}`, '/a\nb'])(
    'rejects the command %j',
    async (name) => {
      const body = new URLSearchParams({ command: name, text: 'sales', user_id: 'U1', trigger_id: '1.2.3' }).toString()
      await expect(deliver(body, signed(body))).rejects.toThrow(
        'the command is not valid: command is not a name like "/analyze"',
      )
    },
  )
})

describe('Bolt’s receiver recognizes a content type only without a charset; taskhook', () => {
  it.each([
    'application/x-www-form-urlencoded; charset=utf-8',
    'application/x-www-form-urlencoded;charset=UTF-8',
    'Application/X-WWW-Form-Urlencoded',
  ])('reads %s as a form', async (type) => {
    expect(await deliver(command, signed(command, { 'content-type': type }))).toMatchObject({
      kind: 'run',
      trigger: { event: '/analyze', rawParams: { kind: 'text', text: 'sales' } },
    })
  })

  it('reads application/json; charset=utf-8 as JSON', async () => {
    const body = '{"type":"url_verification","challenge":"c"}'
    const reply = await deliver(body, signed(body, { 'content-type': 'application/json; charset=utf-8' }))
    expect(reply).toMatchObject({ kind: 'reply', reply: { status: 200, body: '{"challenge":"c"}' } })
  })
})

describe('Bolt’s receiver decodes base64 as ASCII; taskhook', () => {
  it.each(['text=déploiement', 'text=✅', 'text=漢字😀'])('reads %s as it was sent', async (text) => {
    const body = command.replace('text=sales', text)
    const rawParams = { kind: 'text', text: text.slice('text='.length) }
    expect(await deliver(body, signed(body))).toMatchObject({ kind: 'run', trigger: { rawParams } })
    expect(await deliver(body, signed(body), { base64: false })).toMatchObject({ kind: 'run', trigger: { rawParams } })
  })
})

describe('Bolt’s receiver parses before it verifies; taskhook', () => {
  it.each([
    ['{', json],
    ['payload=%7B', form],
    ['command=%zz', form],
    ['{"type":"url_verification","challenge":"c"}', json],
  ])('calls %s without a signature unauthorized, not a bad request', async (body, type) => {
    await expect(deliver(body, type)).rejects.toThrow(Unauthorized)
  })
})

describe('Bolt’s receiver answers 404 if there is no listener; taskhook', () => {
  it.each([
    '{"type":"event_callback","team_id":"T1","event":{"type":"app_mention","user":"U1","channel":"C1","ts":"1"}}',
    '{"type":"something_new"}',
    '{}',
  ])('ignores %s', async (body) => {
    expect(await deliver(body, signed(body, json))).toMatchObject({ kind: 'ignore' })
  })

  it('ignores a shortcut', async () => {
    const body = `payload=${encodeURIComponent('{"type":"shortcut","callback_id":"x","user":{"id":"U1"},"team":{"id":"T1"}}')}`
    expect(await deliver(body, signed(body))).toMatchObject({ kind: 'ignore' })
  })
})

describe('commands at the same time', () => {
  it('get their own translations', async () => {
    const bodies = Array.from({ length: 20 }, (_, at) => command.replace('sales', `set${at}`))
    const translations = await Promise.all(bodies.map((body) => deliver(body, signed(body))))
    expect(
      translations.map((translation) => ('trigger' in translation ? translation.trigger.rawParams : null)),
    ).toEqual(bodies.map((_, at) => ({ kind: 'text', text: `set${at}` })))
  })
})
