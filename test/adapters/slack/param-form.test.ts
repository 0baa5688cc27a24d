/** The modal that asks for what a command lacks: made, opened, handed in and answered. */
import { readFileSync } from 'node:fs'
import type { KnownBlock, ModalView } from '@slack/types'
import { describe, expect, it } from 'vitest'
import { httpReply } from '../../../src/adapters/slack/http-reply.ts'
import { slack } from '../../../src/adapters/slack/index.ts'
import {
  formErrand,
  openForm,
  submissionTranslation,
  type ViewSubmission,
} from '../../../src/adapters/slack/param-form.ts'
import type { Answer, Json, RunView, SenderTools, Trigger } from '../../../src/core/adapter.ts'
import { BadRequest, type Problem } from '../../../src/core/errors.ts'
import type { Param, ParamDeclarations } from '../../../src/core/model/param.ts'
import { resolveParams } from '../../../src/core/routing/resolve-params.ts'
import { requestOf } from '../../contract/request.ts'
import { signSlack } from '../../support/sign.ts'

const fixture = readFileSync(new URL('../../fixtures/slack/view-submission.json', import.meta.url), 'utf8')
const submission = (change: (body: { view: object }) => void = () => {}): ViewSubmission => {
  const body = JSON.parse(fixture)
  change(body)
  return body
}

const params: ParamDeclarations = {
  dataset: {
    type: 'string',
    env: 'DATASET',
    required: true,
    pattern: '^[a-z]+$',
    maxLength: 64,
    description: 'Which dataset',
  },
  region: { type: 'string', env: 'REGION', required: true, enum: ['eu', 'us'] },
  depth: { type: 'integer', env: 'DEPTH', min: 1, max: 10, default: 3 },
  ratio: { type: 'number', env: 'RATIO', min: -0.5 },
  dry: { type: 'boolean', env: 'DRY' },
  note: { type: 'string', env: 'NOTE', minLength: 2 },
}

const trigger = (text: string, more: Partial<Trigger> = {}): Trigger => ({
  event: '/analyze',
  deliveryId: '1',
  actor: 'U1',
  facts: { command: '/analyze', user: 'U1', channel: 'C1' },
  rawParams: { kind: 'text', text },
  payload: {},
  replyAddress: { responseUrl: null, user: 'U1', channel: 'C1' },
  triggerId: '1.2.abc',
  ...more,
})

const viewOf = (declared: ParamDeclarations, text = '', description?: string): ModalView => {
  const about = description === undefined ? {} : { description }
  const errand = formErrand(trigger(text), { task: 'analyze', params: declared, ...about })
  if (errand === undefined) throw new Error('no form')
  return checked((errand as unknown as { view: ModalView }).view)
}
const choices = (count: number) => Array.from({ length: count }, (_, at) => `${at}-${'v'.repeat(100)}`)
const elementOf = (param: Param, text = '') => {
  const [block] = viewOf({ x: param }, text).blocks as KnownBlock[]
  return block?.type === 'input' ? block.element : undefined
}

/** Slack's own limits: https://docs.slack.dev/reference/views/modal-views, and those of blocks, elements and options. */
function checked(view: ModalView): ModalView {
  const within = (what: string, text: string | undefined, max: number, min = 1) => {
    if (text === undefined) return
    expect(text.length, what).toBeGreaterThanOrEqual(min)
    expect(text.length, what).toBeLessThanOrEqual(max)
    expect(text.isWellFormed(), what).toBe(true)
  }
  for (const text of [view.title, view.close, view.submit]) within('title', text?.text, 24)
  within('callback_id', view.callback_id, 255)
  within('private_metadata', view.private_metadata, 3000, 0)
  expect(view.blocks.length).toBeLessThanOrEqual(100)
  expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThanOrEqual(250_000)
  const ids = view.blocks.flatMap(({ block_id }) => block_id ?? [])
  expect(new Set(ids).size).toBe(ids.length)
  for (const block of view.blocks as KnownBlock[]) {
    within('block_id', block.block_id, 255)
    if (block.type === 'section') within('section', block.text?.text, 3000)
    if (block.type !== 'input') continue
    expect(view.submit, 'input blocks need a submit').toBeDefined()
    within('label', block.label.text, 2000)
    within('hint', block.hint?.text, 2000)
    const { element } = block
    if (element.type === 'plain_text_input') {
      const { min_length: min = 0, max_length: max = 3000, initial_value: initial } = element
      expect([min >= 0, max >= 1, min <= max, max <= 3000]).toEqual([true, true, true, true])
      within('initial_value', initial, max)
    }
    if (element.type === 'number_input') {
      for (const text of [element.min_value, element.max_value, element.initial_value])
        if (text !== undefined) expect(text).toMatch(element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/)
    }
    if (element.type === 'static_select') {
      const { options = [], initial_option } = element
      expect([options.length > 0, options.length <= 100]).toEqual([true, true])
      expect(new Set(options.map(({ value }) => value)).size).toBe(options.length)
      for (const { text, value } of options) {
        within('option', text.text, 75)
        within('value', value, 150)
      }
      if (initial_option !== undefined) expect(options).toContainEqual(initial_option)
    }
  }
  return view
}

describe('the form', () => {
  it('opens with what Slack needs and what comes back', () => {
    const errand = formErrand(trigger(''), { task: 'analyze', params }) as { [key: string]: Json }
    const view = errand.view as unknown as ModalView
    expect(errand).toMatchObject({ method: 'views.open', triggerId: '1.2.abc' })
    expect(view).toMatchObject({
      type: 'modal',
      callback_id: 'taskhook:form',
      title: { type: 'plain_text', text: 'analyze' },
      submit: { text: 'Run' },
      close: { text: 'Cancel' },
    })
    expect(JSON.parse(view.private_metadata ?? '')).toEqual({
      command: '/analyze',
      channel: 'C1',
      params: Object.keys(params),
    })
    expect(JSON.parse(JSON.stringify(errand))).toEqual(errand)
  })

  it('has a field for each parameter, in their order', () => {
    expect(viewOf(params, '', 'Looks <at> it').blocks).toMatchObject([
      { type: 'section', text: { type: 'plain_text', text: 'Looks <at> it' } },
      {
        type: 'input',
        block_id: 'p:dataset',
        label: { type: 'plain_text', text: 'dataset' },
        hint: { type: 'plain_text', text: 'Which dataset: text like ^[a-z]+$' },
        optional: false,
        element: { type: 'plain_text_input', action_id: 'value', max_length: 64 },
      },
      { block_id: 'p:region', optional: false, element: { type: 'static_select', action_id: 'value' } },
      { block_id: 'p:depth', optional: true, hint: { text: 'an integer from 1 to 10' } },
      { block_id: 'p:ratio', optional: true },
      { block_id: 'p:dry', optional: true },
      { block_id: 'p:note', optional: true },
    ])
  })

  it('has the field that the type asks for', () => {
    const option = (value: string) => ({ text: { type: 'plain_text', text: value, emoji: false }, value })
    const input = { action_id: 'value' }
    expect(elementOf({ type: 'string', env: 'X', enum: ['eu', 'us', 'eu'], default: 'us' })).toEqual({
      ...input,
      type: 'static_select',
      options: [option('eu'), option('us')],
      initial_option: option('us'),
    })
    expect(elementOf({ type: 'boolean', env: 'X' })).toEqual({
      ...input,
      type: 'static_select',
      options: [option('true'), option('false')],
    })
    const number = { ...input, type: 'number_input' }
    expect(elementOf({ type: 'integer', env: 'X', min: 0, max: 10, default: 0 })).toEqual({
      ...number,
      ...{ is_decimal_allowed: false, min_value: '0', max_value: '10', initial_value: '0' },
    })
    expect(elementOf({ type: 'number', env: 'X', min: -0.5 })).toEqual({
      ...number,
      ...{ is_decimal_allowed: true, min_value: '-0.5' },
    })
    expect(elementOf({ type: 'string', env: 'X', minLength: 2, maxLength: 8192 })).toEqual({
      ...input,
      ...{ type: 'plain_text_input', min_length: 2, max_length: 3000 },
    })
  })

  it.each<[string, Param, string, string | undefined]>([
    ['a text', { type: 'string', env: 'X' }, 'x="a b"', 'a b'],
    ['a text that does not fit', { type: 'string', env: 'X', pattern: '^[a-z]$', default: 'z' }, 'x=9', 'z'],
    ['one that is empty', { type: 'string', env: 'X' }, 'x=""', undefined],
    ['lines', { type: 'string', env: 'X', default: 'a\nb' }, '', undefined],
    ['more than a field takes', { type: 'string', env: 'X', default: 'x'.repeat(3001) }, '', undefined],
    ['a number', { type: 'integer', env: 'X', default: 3 }, 'x=7', '7'],
    ['a number out of range', { type: 'integer', env: 'X', max: 5, default: 3 }, 'x=7', '3'],
    ['a number that Slack cannot read', { type: 'number', env: 'X' }, 'x=1e30', undefined],
    ['yes', { type: 'boolean', env: 'X' }, 'x=yes', 'true'],
    ['neither', { type: 'boolean', env: 'X', default: false }, 'x=maybe', 'false'],
    ['one of them', { type: 'string', env: 'X', enum: ['eu', 'us'] }, 'x=us', 'us'],
    ['none of them', { type: 'string', env: 'X', enum: ['eu', 'us'] }, 'x=mars', undefined],
    ['a secret', { type: 'string', env: 'X', secret: true, default: 'd' }, 'x=hunter2', undefined],
    ['a secret choice', { type: 'boolean', env: 'X', secret: true }, 'x=yes', undefined],
  ])('holds what was rawParams: %s', (_, param, text, initial) => {
    const element = elementOf(param, text) as { initial_value?: string; initial_option?: { value: string } }
    expect(element.initial_value ?? element.initial_option?.value).toBe(initial)
    expect(JSON.stringify(formErrand(trigger(text), { task: 'a', params: { x: param } }))).not.toContain('hunter2')
  })

  it.each<[string, readonly string[]]>([
    ['too many', choices(101)],
    ['too long', ['a'.repeat(151)]],
    ['blank', ['a', ' ']],
  ])('asks for text where the choices are %s', (_, values) => {
    expect(elementOf({ type: 'string', env: 'X', enum: values })).toMatchObject({ type: 'plain_text_input' })
  })

  it('cuts what is longer than Slack takes', () => {
    const long = '😀'.repeat(2000)
    const declared: ParamDeclarations = {
      a: { type: 'string', env: 'A', enum: ['x'.repeat(150), long.slice(0, 148)], description: long },
      b: { type: 'integer', env: 'B', min: 0.5, max: 1e21 },
    }
    const task = { task: `x${long}`, description: `x${long}`, params: declared }
    checked((formErrand(trigger(''), task) as unknown as { view: ModalView }).view)
  })

  const many = (count: number, param: Param): ParamDeclarations =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, param]))
  it.each<[string, ParamDeclarations, Partial<Trigger>]>([
    ['no trigger id', params, { triggerId: '' }],
    ['no command', params, { facts: {} }],
    ['no parameters', {}, {}],
    ['more parameters than blocks', many(101, { type: 'boolean', env: 'X' }), {}],
    [
      'longer names than it can remember',
      { ...many(40, params.dry as Param), ['x'.repeat(3000)]: params.dry as Param },
      {},
    ],
    ['a larger view than Slack takes', many(90, { type: 'string', env: 'X', enum: choices(100) }), {}],
    ['a text longer than a field', { x: { type: 'string', env: 'X', required: true, minLength: 3001 } }, {}],
  ])('there is none with %s', (_, declared, more) => {
    expect(formErrand(trigger('', more), { task: 'analyze', params: declared })).toBeUndefined()
  })

  it('takes a hundred', () => {
    expect(viewOf(many(100, { type: 'boolean', env: 'X' })).blocks).toHaveLength(100)
  })
})

describe('opening it', () => {
  const opening = async (botToken: string | undefined, answer: object, what?: Json) => {
    const calls: { url: string; authorization: string | null; body: unknown }[] = []
    const fetch = async (url: string | URL | Request, init?: RequestInit) => {
      const authorization = new Headers(init?.headers).get('authorization')
      calls.push({ url: String(url), authorization, body: JSON.parse(String(init?.body)) })
      return Response.json(answer)
    }
    const tools: SenderTools = { fetch, fetchPublic: fetch, now: () => 0, token: async () => botToken }
    const errand = what ?? formErrand(trigger(''), { task: 'analyze', params }) ?? null
    return { controls: await openForm(errand, tools), calls }
  }

  it('is one call', async () => {
    const { controls, calls } = await opening('xoxb-1', { ok: true })
    expect(controls).toEqual([])
    expect(calls).toEqual([
      {
        url: 'https://slack.com/api/views.open',
        authorization: 'Bearer xoxb-1',
        body: { trigger_id: '1.2.abc', view: viewOf(params) },
      },
    ])
  })

  it.each(['expired_trigger_id', 'exchanged_trigger_id'])('is over with %s', async (error) => {
    await expect(opening('xoxb-1', { ok: false, error })).resolves.toMatchObject({ controls: [] })
  })

  it('is tried again where Slack has another reason', async () => {
    await expect(opening('xoxb-1', { ok: false, error: 'internal_error' })).rejects.toThrow('internal_error')
  })

  it('is nothing without a token, or for another errand', async () => {
    expect((await opening(undefined, { ok: true })).calls).toEqual([])
    expect((await opening('xoxb-1', { ok: true }, { method: 'usergroups.users.list' })).calls).toEqual([])
    expect((await opening('xoxb-1', { ok: true }, 'x')).calls).toEqual([])
  })
})

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
    facts: { command: '/analyze', user: 'U2147483697', channel: 'C2147483705' },
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

describe('a form that is handed in', () => {
  it('is the command, in our words', async () => {
    expect(submissionTranslation(submission())).toEqual(expected)
    expect(await deliver(submission())).toEqual(expected)
  })

  it('gives what resolveParams takes, and nothing that is a key to something', async () => {
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

  it('of an app of a whole organisation, in no channel', () => {
    const body = submission((all) => {
      Object.assign(all, { team: null })
      Object.assign(all.view, { private_metadata: '{"command":"/analyze"}' })
    })
    const translation = submissionTranslation(body)
    if (translation.kind !== 'run') throw new Error('no run')
    const { facts, payload, replyAddress } = translation.trigger
    expect(facts).toEqual({ command: '/analyze', user: 'U2147483697' })
    expect(payload).toEqual({
      ...{ command: '/analyze', text: '', user_id: 'U2147483697', user_name: 'steve' },
      ...{ team_id: 'T0001', api_app_id: 'A123456' },
    })
    expect(replyAddress).toEqual({ responseUrl: null, user: 'U2147483697', form: true, params: [] })
  })

  it('leaves out what is empty, foreign or of another kind', () => {
    const values = {
      'p:empty': { value: { type: 'plain_text_input', value: '' } },
      'p:list': { value: { type: 'multi_static_select', value: ['x'] } },
      'p:other': { other: { type: 'plain_text_input', value: 'x' } },
      foreign: { value: { type: 'plain_text_input', value: 'x' } },
      'p:__proto__': { value: { type: 'plain_text_input', value: 'x' } },
    }
    const translation = submissionTranslation(submission(({ view }) => Object.assign(view, { state: { values } })))
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
    expect(() => submissionTranslation(body)).toThrow(BadRequest)
    await expect(deliver(body)).rejects.toThrow(BadRequest)
  })

  it.each(['user', 'view'])('is a bad request without %s', async (part) => {
    await expect(deliver(submission((all) => Reflect.deleteProperty(all, part)))).rejects.toThrow(BadRequest)
  })

  it('is ignored where it is none of ours, or was closed', async () => {
    const foreign = submission(({ view }) => Object.assign(view, { callback_id: 'modal-with-inputs' }))
    const closed = submission((all) => Object.assign(all, { type: 'view_closed', is_cleared: false }))
    expect(await deliver(foreign)).toEqual({ kind: 'ignore', reason: 'a form that is none of ours' })
    expect(await deliver(closed)).toMatchObject({ kind: 'ignore', reason: expect.stringContaining('its own forms') })
  })
})

describe('the answer to a form', () => {
  const to: Json = { responseUrl: null, user: 'U1', form: true, params: ['dataset', 'depth'] }
  const bodyOf = (answer: Answer, replyAddress: Json = to) => {
    const { status, body } = httpReply(answer, replyAddress)
    expect(status).toBe(200)
    return body === '' ? '' : JSON.parse(body)
  }
  const refused = (problems: readonly Problem[], more: object = {}): Answer => ({
    ...{ kind: 'refused', status: 422, title: 'analyze: wrong <parameters>', problems, task: 'analyze' },
    ...more,
  })
  const run: RunView = {
    ...{ run: '0'.repeat(20), task: 'analyze', status: 'queued', params: {} },
    ...{ statusUrl: 'https://x/runs/0', createdAt: '2026-01-01T00:00:00Z' },
  }

  it.each([true, false])('closes it where the run is taken (fresh: %s)', (fresh) => {
    expect(bodyOf({ kind: 'accepted', runs: [run], fresh })).toBe('')
  })

  it('marks the fields that are wrong', () => {
    const problems = [
      { path: 'depth', message: 'is 99; the largest is 10' },
      { path: 'dataset', message: 'is missing: text' },
      { path: 'depth', message: 'is odd' },
    ]
    expect(bodyOf(refused(problems))).toEqual({
      response_action: 'errors',
      errors: { 'p:dataset': 'is missing: text', 'p:depth': 'is 99; the largest is 10; is odd' },
    })
  })

  it('marks the first one with what is wrong elsewhere', () => {
    const problems = [
      { path: 'TASKHOOK_RUN_ID', message: 'takes 60 bytes' },
      { path: '', message: 'too much' },
    ]
    expect(bodyOf(refused(problems)).errors).toEqual({
      'p:dataset': 'analyze: wrong <parameters>; TASKHOOK_RUN_ID takes 60 bytes; too much',
    })
    const long = Array.from({ length: 50 }, () => ({ path: 'x', message: 'y'.repeat(100) }))
    expect(bodyOf(refused(long)).errors['p:dataset']).toHaveLength(2000)
  })

  it.each<[string, Answer, Json]>([
    ['nothing to pin it to', refused([]), to],
    ['no fields', refused([{ path: 'x', message: 'y' }]), { form: true }],
    ['a fault of ours', refused([{ path: 'dataset', message: 'y' }], { status: 500 }), to],
    ['a form that nobody listens to any more', { kind: 'ignored', reason: 'no <route> matches' }, to],
  ])('takes its place where there is %s', (_, answer, replyAddress) => {
    const { response_action, view } = bodyOf(answer, replyAddress)
    expect(response_action).toBe('update')
    checked(view)
    expect(view).toMatchObject({ type: 'modal', title: { type: 'plain_text' }, close: { text: 'Close' } })
    expect(view.blocks).toMatchObject([{ type: 'section', text: { type: 'mrkdwn' } }])
    expect(view.blocks[0].text.text).not.toMatch(/<(parameters|route)>/)
    expect(view).not.toHaveProperty('submit')
  })

  it('is a message to whoever typed a command', () => {
    const typed: Json = { responseUrl: null, user: 'U1', params: ['dataset'] }
    expect(bodyOf(refused([]), typed)).toMatchObject({ response_type: 'ephemeral' })
    expect(bodyOf({ kind: 'accepted', runs: [run], fresh: true }, typed)).toMatchObject({ response_type: 'ephemeral' })
  })
})
