import { describe, expect, it, vi } from 'vitest'
import { createInbox, type InboxMessage } from '../../../src/local/senders/inbox.ts'

const post = (body: string): RequestInit => ({ method: 'POST', body })

describe('the inbox', () => {
  it('keeps what would have been sent, tells of it, and sends nothing', async () => {
    const outside = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('the network was touched'))
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
  ])('%s is %s, and answers %i as it does when all is well', async (url, service, status) => {
    const inbox = createInbox()
    const response = await inbox.fetch(url, post('{}'))
    expect(response.status).toBe(status)
    expect(inbox.messages[0]?.service).toBe(service)
  })

  it('takes a Request as well, and a body that is not JSON as text', async () => {
    const inbox = createInbox()
    await inbox.fetch(new Request('https://example.com/x', post('a=1')))
    expect(inbox.messages[0]).toMatchObject({ method: 'POST', body: 'a=1' })
  })

  it('forgets the oldest, so that a long evening does not fill the memory', async () => {
    const inbox = createInbox()
    for (let at = 0; at < 1005; at++) await inbox.fetch(`https://example.com/${at}`)
    expect(inbox.messages).toHaveLength(1000)
    expect(inbox.messages[0]?.url.pathname).toBe('/5')
  })
})
