import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { translate } from '../../../src/adapters/github/translate.ts'
import type { Facts, Trigger } from '../../../src/core/adapter.ts'
import { BadRequest } from '../../../src/core/errors.ts'
import { markVerified } from '../../../src/core/http/verified-request.ts'
import { requestOf } from '../../contract/request.ts'
import type { Body, Headers } from '../../support/sign.ts'

type Payload = Record<string, unknown>
const fixture = (name: string): Payload =>
  JSON.parse(readFileSync(new URL(`../../fixtures/github/${name}.json`, import.meta.url), 'utf8'))
const sha = '5b0c1f7d2e3a4b5c6d7e8f90a1b2c3d4e5f60718'

const send = (event: string, body: Body, headers: Headers = {}) =>
  translate(
    markVerified(
      requestOf(body, {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        ...headers,
      }),
      'key',
    ),
  )
/** The keys that a payload of the event must have. The tests add the rest. */
const requiredKeys: Readonly<Record<string, Payload>> = {
  push: { ref: 'refs/heads/any' },
  issues: { issue: {} },
  issue_comment: { issue: {}, comment: {} },
  create: { master_branch: 'main' },
  status: { sha: 'x', state: 'success' },
  pull_request: { pull_request: {} },
}
const triggerOf = (event: string, payload: Payload): Trigger => {
  const translation = send(event, JSON.stringify({ ...requiredKeys[event], ...payload }))
  if (translation.kind !== 'run') throw new Error(`a ${translation.kind}`)
  return translation.trigger
}
const factsOf = (event: string, payload: Payload): Facts => triggerOf(event, payload).facts

describe('translate', () => {
  it('turns a push into a trigger', () => {
    const payload = fixture('push')
    expect(send('push', JSON.stringify(payload))).toEqual({
      kind: 'run',
      trigger: {
        event: 'push',
        deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        actor: 'ann',
        facts: {
          events: ['push'],
          branch: 'main',
          paths: ['data/march.csv', 'README.md', 'data/february.csv'],
          repository: 'acme/site',
          user: 'ann',
        },
        rawParams: { kind: 'none' },
        payload,
        replyAddress: { repository: 'acme/site', sha },
      },
    })
  })

  it('takes the base branch and the head commit of a pull request', () => {
    const { event, facts, replyAddress } = triggerOf('pull_request', fixture('pull_request.opened'))
    expect({ event, facts, replyAddress }).toEqual({
      event: 'pull_request.opened',
      facts: {
        events: ['pull_request.opened', 'pull_request'],
        branch: 'main',
        paths: 'unknown',
        repository: 'acme/site',
        user: 'ann',
        fork: true,
      },
      replyAddress: { repository: 'acme/site', sha },
    })
  })

  it('answers a ping without repeating text from its payload', () => {
    const pong = send('ping', JSON.stringify(fixture('ping')))
    expect(pong).toMatchObject({ kind: 'reply', reason: 'ping', reply: { status: 200 } })
    expect(pong.kind === 'reply' && JSON.parse(pong.reply.body)).toEqual({ status: 'pong', hook: 109948940 })
    expect(send('ping', '{"hook_id":"<script>"}')).toMatchObject({ reply: { body: '{"status":"pong"}' } })
  })

  it('reads the form that hooks from the REST API send by default', () => {
    const payload = fixture('push')
    const body = `payload=${encodeURIComponent(JSON.stringify(payload)).replaceAll('%20', '+')}`
    for (const type of ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=utf-8']) {
      const translation = send('push', body, { 'content-type': type })
      expect(translation).toEqual(send('push', JSON.stringify(payload)))
    }
  })

  it.each<[string, string, Payload, string]>([
    ['a deleted branch', 'push', { ...fixture('push'), deleted: true }, 'the push deletes a ref'],
    ['a status that taskhook wrote', 'status', { context: 'taskhook/analyze', sha }, 'taskhook wrote the status'],
  ])('ignores %s', (_, event, payload, reason) => {
    expect(send(event, JSON.stringify(payload))).toEqual({ kind: 'ignore', reason })
  })

  it.each([
    ['a status of another tool', 'status', { context: 'ci/taskhook/x', sha }],
    ['a status without context', 'status', { sha }],
    ['the deletion of something else', 'label', { deleted: true, action: 'deleted' }],
  ])('does not ignore %s', (_, event, payload) => {
    expect(send(event, JSON.stringify(payload)).kind).toBe('run')
  })
})

describe('a bad request', () => {
  it.each(['', 'PUSH', 'push.x', 'pu sh', '../push', 'push\n', 'x'.repeat(65)])('is the event name %j', (event) => {
    expect(() => send(event, '{}')).toThrow(BadRequest)
  })

  it('is a delivery without an event name', () => {
    expect(() => translate(markVerified(requestOf('{}', { 'content-type': 'application/json' }), 'key'))).toThrow(
      BadRequest,
    )
  })

  it.each(['', 'null', '[]', '"x"', '3', '{', 'payload={}'])('is the body %j', (body) => {
    expect(() => send('push', body)).toThrow(BadRequest)
  })

  it.each(['', 'other=1', 'payload', 'payload=null', 'payload=%7B', 'payload=%FF'])('is the form %j', (body) => {
    expect(() => send('push', body, { 'content-type': 'application/x-www-form-urlencoded' })).toThrow(BadRequest)
  })

  it('is a body that is not UTF-8', () => {
    expect(() => send('push', Uint8Array.from([0x7b, 0xff, 0x7d]))).toThrow(BadRequest)
  })
})

describe('the branch or tag', () => {
  it.each<[string, Payload, Facts]>([
    ['push', { ref: 'refs/heads/main' }, { branch: 'main' }],
    ['push', { ref: 'refs/heads/feature/a/b' }, { branch: 'feature/a/b' }],
    ['push', { ref: 'refs/heads/refs/tags/x' }, { branch: 'refs/tags/x' }],
    ['push', { ref: 'refs/tags/v1.0' }, { tag: 'v1.0' }],
    ['push', { ref: 'refs/notes/x' }, {}],
    ['push', { ref: 3 }, {}],
    ['create', { ref: 'topic', ref_type: 'branch' }, { branch: 'topic' }],
    ['create', { ref: 'v1', ref_type: 'tag' }, { tag: 'v1' }],
    ['delete', { ref: 'v1', ref_type: 'tag' }, { tag: 'v1' }],
    ['release', { release: { tag_name: 'v1' } }, { tag: 'v1' }],
    ['pull_request', { pull_request: { base: { ref: 'main' } } }, { branch: 'main' }],
    ['workflow_run', { workflow_run: { head_branch: 'dev' } }, { branch: 'dev' }],
    ['check_run', { check_run: { check_suite: { head_branch: 'dev' } } }, { branch: 'dev' }],
    ['check_suite', { check_suite: { head_branch: 'dev' } }, { branch: 'dev' }],
    ['deployment', { deployment: { ref: 'main' } }, { branch: 'main' }],
    ['issues', { issue: { number: 1 } }, {}],
    ['check_suite', { check_suite: { head_branch: null } }, {}],
  ])('of %s %j', (event, payload, ref) => {
    const { branch, tag } = factsOf(event, payload)
    expect({ branch, tag }).toEqual({ branch: undefined, tag: undefined, ...ref })
  })
})

describe('the reply address', () => {
  const repository = { full_name: 'acme/site' }
  it.each<[string, Payload]>([
    ['push', { after: sha }],
    // For an annotated tag, `after` is the tag object, which cannot have a status.
    ['push', { ref: 'refs/tags/v1', after: sha.replaceAll('5', '6'), head_commit: { id: sha } }],
    ['pull_request', { pull_request: { head: { sha } } }],
    ['pull_request_review', { pull_request: { head: { sha } }, review: {} }],
    ['workflow_run', { workflow_run: { head_sha: sha } }],
    ['check_run', { check_run: { head_sha: sha } }],
    ['check_suite', { check_suite: { head_sha: sha } }],
    ['deployment', { deployment: { sha } }],
    ['status', { sha, context: 'ci' }],
  ])('is the commit of a %s', (event, payload) => {
    expect(triggerOf(event, { ...payload, repository }).replyAddress).toEqual({ repository: 'acme/site', sha })
  })

  it.each<[string, string, Payload]>([
    ['an event about no commit', 'issues', { issue: { number: 1 }, repository }],
    [
      'a comment, whose commit must be looked up',
      'issue_comment',
      { issue: { number: 1, pull_request: {} }, repository },
    ],
    ['a commit that is not a hash', 'push', { after: '../../x', repository }],
    ['a hash that is too short', 'push', { after: 'abc123', repository }],
    ['a hash in upper case', 'push', { after: sha.toUpperCase(), repository }],
    ['no repository', 'push', { after: sha }],
    ['a repository that is not text', 'push', { after: sha, repository: { full_name: 3 } }],
  ])('is missing for %s', (_, event, payload) => {
    expect(triggerOf(event, payload).replyAddress).toBeNull()
  })
})

describe('the actor', () => {
  it.each<[unknown, string, string | undefined]>([
    [{ login: 'ann' }, 'ann', 'ann'],
    [{ login: '' }, 'unknown', undefined],
    [{ login: 3 }, 'unknown', undefined],
    [null, 'unknown', undefined],
    [undefined, 'unknown', undefined],
  ])('of the sender %j', (sender, actor, user) => {
    const trigger = triggerOf('push', { sender })
    expect([trigger.actor, trigger.facts.user]).toEqual([actor, user])
  })

  it('is not taken from a prototype in the payload', () => {
    const translation = send(
      'push',
      '{"ref":"","sender":{"__proto__":{"login":"admin"}},"__proto__":{"ref":"refs/heads/main"}}',
    )
    expect(translation).toMatchObject({ kind: 'run', trigger: { actor: 'unknown', facts: { events: ['push'] } } })
    expect(translation.kind === 'run' && translation.trigger.facts.branch).toBeUndefined()
  })
})

describe('the names of the event', () => {
  it.each<[string, Payload, string[]]>([
    ['push', {}, ['push']],
    ['issues', { action: 'opened' }, ['issues.opened', 'issues']],
    ['issues', { action: 3 }, ['issues']],
    ['issues', { action: null }, ['issues']],
  ])('of %s %j', (event, payload, names) => {
    const trigger = triggerOf(event, payload)
    expect([trigger.event, trigger.facts.events]).toEqual([names[0], names])
  })
})

describe('the id of the delivery', () => {
  it.each([
    [{ 'x-github-delivery': 'x'.repeat(500) }, 64],
    [{ 'x-github-delivery': '' }, 0],
  ])('is cut to 64 characters: %j', (headers, length) => {
    const translation = send('push', '{"ref":""}', headers)
    expect(translation.kind === 'run' && translation.trigger.deliveryId.length).toBe(length)
  })
})
