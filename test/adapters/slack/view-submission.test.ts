/** A submitted modal, read back as the command. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ViewSubmitAction } from '../../../src/adapters/slack/bolt.ts'
import { slack } from '../../../src/adapters/slack/index.ts'
import { viewSubmissionTranslation } from '../../../src/adapters/slack/view-submission.ts'
import { BadRequest } from '../../../src/core/errors.ts'
import type { ParamDeclarations } from '../../../src/core/model/param.ts'
import { resolveParams } from '../../../src/core/routing/resolve-params.ts'
import { requestOf } from '../../contract/request.ts'
import { signSlack } from '../../support/sign.ts'

const fixture = readFileSync(new URL('../../fixtures/slack/view-submission.json', import.meta.url), 'utf8')
const submission = (change: (body: { view: object }) => void = () => {}): ViewSubmitAction => {
  const body = JSON.parse(fixture)
  change(body)
  return body
}

const secret = '8f742231b10e8888abcd99yyyzzz85a5'
const seconds = 1_772_359_200
const adapter = slack({ name: 'slack', adapter: 'slack', secret: [], tokens: {}, options: {}, receiveTokens: [] })
const deliver = async (payload: unknown) => {
  const body = `payload=${encodeURIComponent(JSON.stringify(payload)).replaceAll('%20', '+')}`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...signSlack(body, secret, seconds) }
  return adapter.translate(await adapter.verify(requestOf(body, headers), [secret], seconds * 1000))
}

const expected = {
  kind: 'run',
  trigger: {
    event: '/analyze',
    deliveryId: '12466734323',
    actor: 'U2147483697',
    facts: { command: '/analyze', user: 'U2147483697', channel: 'C2147483705', workspaces: ['T0001'] },
    rawParams: {
      kind: 'object',
      values: { dataset: 'sales & <déploiement> ✅', depth: '3', region: 'eu' },
      textual: true,
    },
    payload: {
      ...{ command: '/analyze', text: '', user_id: 'U2147483697', user_name: 'steve' },
      ...{ team_id: 'T0001', team_domain: 'example', channel_id: 'C2147483705', api_app_id: 'A123456' },
    },
    replyAddress: {
      ...{ responseUrl: null, user: 'U2147483697', channel: 'C2147483705' },
      ...{ form: true, params: ['dataset', 'depth', 'region', 'dry', 'note'] },
    },
  },
}

describe('a submitted modal', () => {
  it('becomes the trigger of its command', async () => {
    expect(viewSubmissionTranslation(submission())).toEqual(expected)
    expect(await deliver(submission())).toEqual(expected)
  })

  it('gives text that resolveParams reads, and no token', async () => {
    const translation = await deliver(submission())
    if (translation.kind !== 'run') throw new Error('no run')
    const declared: ParamDeclarations = {
      ...{ dataset: { type: 'string', env: 'A' }, depth: { type: 'integer', env: 'B' } },
      ...{ region: { type: 'string', env: 'C' }, dry: { type: 'boolean', env: 'D', default: true } },
    }
    expect(resolveParams(declared, translation.trigger.rawParams)).toEqual({
      ok: true,
      values: { dataset: 'sales & <déploiement> ✅', depth: 3, region: 'eu', dry: true },
    })
    for (const key of ['gIkuvaNzQIHg97ATvDxqgjtO', '1fd8e4cbf']) expect(JSON.stringify(translation)).not.toContain(key)
  })

  it('may come from an app of a whole organization, without a channel', () => {
    const body = submission((all) => {
      Object.assign(all, { team: null })
      Object.assign(all.view, { private_metadata: '{"command":"/analyze"}' })
    })
    const translation = viewSubmissionTranslation(body)
    if (translation.kind !== 'run') throw new Error('no run')
    const { facts, payload, replyAddress } = translation.trigger
    expect(facts).toEqual({ command: '/analyze', user: 'U2147483697', workspaces: ['T0001'] })
    expect(payload).toEqual({
      ...{ command: '/analyze', text: '', user_id: 'U2147483697', user_name: 'steve' },
      ...{ team_id: 'T0001', api_app_id: 'A123456' },
    })
    expect(replyAddress).toEqual({ responseUrl: null, user: 'U2147483697', form: true, params: [] })
  })

  it('leaves out empty fields, foreign fields and fields of another kind', () => {
    const values = {
      'p:empty': { value: { type: 'plain_text_input', value: '' } },
      'p:list': { value: { type: 'multi_static_select', value: ['x'] } },
      'p:other': { other: { type: 'plain_text_input', value: 'x' } },
      foreign: { value: { type: 'plain_text_input', value: 'x' } },
      'p:__proto__': { value: { type: 'plain_text_input', value: 'x' } },
    }
    const translation = viewSubmissionTranslation(submission(({ view }) => Object.assign(view, { state: { values } })))
    if (translation.kind !== 'run' || translation.trigger.rawParams.kind !== 'object') throw new Error('no run')
    expect(Object.entries(translation.trigger.rawParams.values)).toEqual([['__proto__', 'x']])
  })

  it.each([
    '',
    '{',
    '3',
    'null',
    '[]',
    '{}',
    '{"command":"analyze"}',
    '{"command":"/a b"}',
    '{"command":"/a","channel":3}',
  ])('is a bad request with the metadata %j', async (private_metadata) => {
    const body = submission(({ view }) => Object.assign(view, { private_metadata }))
    expect(() => viewSubmissionTranslation(body)).toThrow(BadRequest)
    await expect(deliver(body)).rejects.toThrow(BadRequest)
  })

  it.each(['user', 'view'])('is a bad request without %s', async (part) => {
    await expect(deliver(submission((all) => Reflect.deleteProperty(all, part)))).rejects.toThrow(BadRequest)
  })

  it('is ignored if it is not from taskhook, or was closed', async () => {
    const foreign = submission(({ view }) => Object.assign(view, { callback_id: 'modal-with-inputs' }))
    const closed = submission((all) => Object.assign(all, { type: 'view_closed', is_cleared: false }))
    expect(await deliver(foreign)).toEqual({ kind: 'ignore', reason: 'the form is not from taskhook' })
    expect(await deliver(closed)).toMatchObject({ kind: 'ignore', reason: expect.stringContaining('its own forms') })
  })
})
