import { expect, it } from 'vitest'
import { createFaultInjector } from '../../../src/local/faults/fault-injector.ts'
import { parseFault } from '../../../src/local/faults/parse-fault.ts'
import { faultInjectingFetch } from '../../../src/local/senders/fault-injecting-fetch.ts'
import { createInbox } from '../../../src/local/senders/inbox.ts'

const github = 'https://api.github.com/repos/a/b/statuses/c'
const slack = 'https://slack.com/api/chat.postMessage'

const world = (...texts: string[]) => {
  const faults = createFaultInjector()
  for (const { fault, times, filter } of texts.map(parseFault)) faults.inject(fault, times, filter)
  const inbox = createInbox()
  const fetch = faultInjectingFetch(inbox.fetch, faults)
  return {
    faults,
    inbox,
    post: (url: string, init: RequestInit = {}) => fetch(url, { method: 'POST', body: '{}', ...init }),
  }
}

it('an error response: the request is not processed, other services are not affected, and later requests succeed', async () => {
  const { post, inbox } = world('github:500:2')
  expect((await post(slack)).status).toBe(200)
  expect((await post(github)).status).toBe(500)
  expect(inbox.messages).toHaveLength(1)
  expect((await post(github)).status).toBe(500)
  expect((await post(github)).status).toBe(201)
})

it('a 429 has Retry-After, and errors have the format of their service', async () => {
  const { post } = world('slack:429', 'github:429', 'slack:token_revoked', 'github:401')
  const limited = await post(slack)
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '5'])
  expect(await limited.json()).toEqual({ ok: false, error: 'ratelimited' })
  expect((await post(github)).headers.get('retry-after')).toBe('5')
  const revoked = await post(slack)
  expect([revoked.status, await revoked.json()]).toEqual([200, { ok: false, error: 'token_revoked' }])
  expect(await (await post(github)).json()).toMatchObject({ message: 'Bad credentials' })
})

it('a refused request is not processed; one without a response is', async () => {
  const { post, inbox } = world('other:refused', 'other:unanswered')
  const hook = 'https://example.com/hook'
  await expect(post(hook)).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } })
  expect(inbox.messages).toHaveLength(0)
  await expect(post(hook)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
  expect(inbox.messages).toHaveLength(1)
})

it('a slow response comes late, unless the request is aborted', async () => {
  const { post } = world('github:200ms', 'github:5m')
  const before = Date.now()
  expect((await post(github)).status).toBe(201)
  expect(Date.now() - before).toBeGreaterThanOrEqual(190)
  await expect(post(github, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(Date.now() - before).toBeLessThan(5000)
})

it('a filter limits a fault to URLs that contain a text', async () => {
  const { post, faults } = world()
  faults.inject({ kind: 'answer', status: 404 }, 1, { service: 'github', url: '/check-runs' })
  expect((await post(github)).status).toBe(201)
  expect((await post('https://api.github.com/repos/a/b/check-runs')).status).toBe(404)
})
