import { describe, expect, it, vi } from 'vitest'
import { createInbox, type InboxMessage } from '../../../src/local/senders/inbox.ts'

const post = (body: string): RequestInit => ({ method: 'POST', body })

describe('createInbox', () => {
  it('keeps each message, calls back, and sends nothing', async () => {
    const outside = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('a request was sent'))
    const seen: InboxMessage[] = []
    const inbox = createInbox(
      (message) => seen.push(message),
      () => 1_700_000_000_000,
    )
    await inbox.fetch('https://hooks.slack.com/commands/T1/1/x', post('{"text":"hello"}'))
    expect(inbox.messages).toEqual([
      {
        at: 1_700_000_000_000,
        service: 'slack',
        method: 'POST',
        url: new URL('https://hooks.slack.com/commands/T1/1/x'),
        body: { text: 'hello' },
      },
    ])
    expect(seen).toEqual(inbox.messages)
    expect(outside).not.toHaveBeenCalled()
    outside.mockRestore()
  })

  it.each<[string, InboxMessage['service'], number]>([
    ['https://hooks.slack.com/commands/x', 'slack', 200],
    ['https://hooks.slack-gov.com/commands/x', 'slack', 200],
    ['https://slack.com/api/views.open', 'slack', 200],
    ['https://notslack.com/x', 'other', 204],
    ['https://api.github.com/repos/a/b/statuses/c', 'github', 201],
    ['https://github.example.com/api/v3/repos/a/b/statuses/c', 'github', 201],
    ['https://example.com/', 'other', 204],
  ])('%s belongs to %s, and gets its success status %i', async (url, service, status) => {
    const inbox = createInbox()
    const response = await inbox.fetch(url, post('{}'))
    expect(response.status).toBe(status)
    expect(inbox.messages[0]?.service).toBe(service)
  })

  it('accepts a Request, and keeps a body that is not JSON as text', async () => {
    const inbox = createInbox()
    await inbox.fetch(new Request('https://example.com/x', post('a=1')))
    expect(inbox.messages[0]).toMatchObject({ method: 'POST', body: 'a=1' })
  })

  it('drops the oldest of more than 1000 messages', async () => {
    const inbox = createInbox()
    for (let at = 0; at < 1005; at++) await inbox.fetch(`https://example.com/${at}`)
    expect(inbox.messages).toHaveLength(1000)
    expect(inbox.messages[0]?.url.pathname).toBe('/5')
  })
})
