/** Translates every payload of @octokit/webhooks-examples. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { emitterEventNames } from '@octokit/webhooks'
import { describe, expect, it } from 'vitest'
import { translate } from '../../../src/adapters/github/translate.ts'
import { verify } from '../../../src/adapters/github/verify.ts'
import { requestOf } from '../../contract/request.ts'
import { signGitHub } from '../../support/sign.ts'

interface Definition {
  readonly name: string
  readonly examples: readonly Record<string, unknown>[]
}
const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json')
const definitions = JSON.parse(readFileSync(path, 'utf8')) as readonly Definition[]
const secret = 'a secret of the hook'

/** Signed and sent as GitHub does. */
const deliver = async (event: string, example: Record<string, unknown>) => {
  const body = JSON.stringify(example)
  const headers = { 'content-type': 'application/json', 'x-github-event': event, ...signGitHub(body, secret) }
  return translate(await verify(requestOf(body, headers), [secret]))
}
const deep = (value: unknown, ...keys: string[]) =>
  keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value)

describe('@octokit/webhooks-examples', () => {
  it('contains payloads of many events', () => {
    expect(definitions.length).toBeGreaterThan(50)
    expect(definitions.flatMap(({ examples }) => examples).length).toBeGreaterThan(300)
  })

  it.each(definitions.map((definition) => [definition.name, definition.examples] as const))(
    'translates %s',
    async (event, examples) => {
      for (const example of examples) {
        const translation = await deliver(event, example)
        if (event === 'ping') {
          expect(translation).toMatchObject({ kind: 'reply', reply: { status: 200 } })
          continue
        }
        if (event === 'push' && example.deleted === true) {
          expect(translation).toEqual({ kind: 'ignore', reason: 'the push deletes a ref' })
          continue
        }
        if (translation.kind !== 'run') expect.unreachable(`${event} is a ${translation.kind}`)
        const { trigger } = translation
        const { events = [], repository, user, branch, tag, paths } = trigger.facts
        expect(events).toEqual(typeof example.action === 'string' ? [`${event}.${example.action}`, event] : [event])
        expect(trigger.event).toBe(events[0])
        expect(repository).toBe(deep(example, 'repository', 'full_name'))
        expect(user).toBe(deep(example, 'sender', 'login'))
        expect(trigger.actor).toBe(user ?? 'unknown')
        expect(trigger.payload).toEqual(example)
        // Each of these is omitted rather than empty.
        for (const ref of [branch, tag])
          expect(ref === undefined || (ref !== '' && !ref.startsWith('refs/'))).toBe(true)
        expect(branch === undefined || tag === undefined || ['release', 'package'].includes(event)).toBe(true)
        expect(paths === undefined || paths === 'unknown' || paths.every((file) => file !== '')).toBe(true)
        expect(trigger.replyAddress === null || trigger.replyAddress).toEqual(
          trigger.replyAddress === null ||
            expect.objectContaining({ repository, sha: expect.stringMatching(/^[0-9a-f]{40}$/) }),
        )
      }
    },
  )

  it.each([
    ['push', (example: Record<string, unknown>) => example.deleted !== true],
    ['pull_request', () => true],
    ['check_run', () => true],
    ['check_suite', () => true],
    ['workflow_run', () => true],
    ['deployment', () => true],
    ['status', () => true],
  ])('finds the commit of a %s event', async (event, wanted) => {
    const examples = definitions.find(({ name }) => name === event)?.examples.filter(wanted) ?? []
    expect(examples).not.toEqual([])
    for (const example of examples) {
      expect(await deliver(event, example)).toMatchObject({ trigger: { replyAddress: { sha: expect.any(String) } } })
    }
  })

  it('contains events that a config may name, except for a few that GitHub has retired', () => {
    const known = new Set<string>(emitterEventNames)
    const unknown = definitions.map(({ name }) => name).filter((name) => !known.has(name))
    expect(unknown.length).toBeLessThan(8)
  })
})
