import { describe, expect, it } from 'vitest'
import { httpReply } from '../../../src/adapters/slack/http-reply.ts'
import type { SlackAddress } from '../../../src/adapters/slack/reply-address.ts'
import type { Answer, RunView } from '../../../src/core/adapter.ts'
import type { Problem } from '../../../src/core/errors.ts'
import { checkedModal } from './modal-views.ts'

describe('the reply to a command', () => {
  it.each([401, 422, 500])('is 200 and only the requester sees it, even for a %d', (status) => {
    const { status: sent, headers, body } = httpReply({ kind: 'refused', status, title: 'x', problems: [] }, null)
    expect(sent).toBe(200)
    expect(headers['content-type']).toBe('application/json')
    expect(JSON.parse(body)).toMatchObject({ response_type: 'ephemeral', text: expect.any(String), blocks: [{}] })
  })
})

describe('the reply to a modal', () => {
  const to: SlackAddress = { responseUrl: null, user: 'U1', form: true, params: ['dataset', 'depth'] }
  const bodyOf = (answer: Answer, address: SlackAddress = to) => {
    const { status, body } = httpReply(answer, address)
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

  it.each([true, false])('closes it when the run is accepted (fresh: %s)', (fresh) => {
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

  it('marks the first field with problems that are not a field’s', () => {
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

  it.each<[string, Answer, SlackAddress]>([
    ['no problem to show at a field', refused([]), to],
    ['no fields', refused([{ path: 'x', message: 'y' }]), { responseUrl: null, form: true }],
    ['a fault of taskhook', refused([{ path: 'dataset', message: 'y' }], { status: 500 }), to],
    ['a form that no route takes any more', { kind: 'ignored', reason: 'no <route> matches' }, to],
  ])('replaces it for %s', (_, answer, address) => {
    const { response_action, view } = bodyOf(answer, address)
    expect(response_action).toBe('update')
    checkedModal(view)
    expect(view).toMatchObject({ type: 'modal', title: { type: 'plain_text' }, close: { text: 'Close' } })
    expect(view.blocks).toMatchObject([{ type: 'section', text: { type: 'mrkdwn' } }])
    expect(view.blocks[0].text.text).not.toMatch(/<(parameters|route)>/)
    expect(view).not.toHaveProperty('submit')
  })

  it('is a message if the command was typed', () => {
    const typed: SlackAddress = { responseUrl: null, user: 'U1', params: ['dataset'] }
    expect(bodyOf(refused([]), typed)).toMatchObject({ response_type: 'ephemeral' })
    expect(bodyOf({ kind: 'accepted', runs: [run], fresh: true }, typed)).toMatchObject({ response_type: 'ephemeral' })
  })
})
