/** When Bolt is loaded: it is half of what a start would have to load. */
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { slack } from '../../../src/adapters/slack/index.ts'
import { updateStatus } from '../../../src/adapters/slack/update-status.ts'
import { requestOf } from '../../contract/request.ts'
import { signSlack } from '../../support/sign.ts'
import { view } from './shown.ts'

const secret = '8f742231b10e8888abcd99yyyzzz85a5'
const seconds = 1_772_359_200
const command = { command: '/analyze', text: 'sales', user_id: 'U1', channel_id: 'C1', trigger_id: '1.2.3' }

describe('Bolt', () => {
  const loaded = () =>
    Object.keys(createRequire(import.meta.url).cache).some((path) => path.endsWith('/@slack/bolt/dist/App.js'))
  const adapter = slack({ name: 'slack', adapter: 'slack', secret: [], tokens: {}, options: {} })
  const deliver = async (body: string) => {
    const headers = signSlack(body, secret, seconds)
    return adapter.translate(await adapter.verify(requestOf(body, headers), [secret], seconds * 1000))
  }

  it('is loaded by the first body that has a listener, not by signatures, handshakes, events or updates', async () => {
    await deliver('ssl_check=1')
    await deliver('{"type":"url_verification","challenge":"c"}')
    await deliver('{"type":"event_callback","event":{"type":"app_mention"}}')
    await expect(deliver('command=%2Fanalyze')).rejects.toThrow('user_id')
    const fetch = async () => new Response('ok')
    const tools = { fetch, fetchPublic: fetch, now: () => 0, token: async () => undefined }
    await updateStatus({ responseUrl: 'https://hooks.slack.com/x' }, view({ status: 'running' }), tools)
    expect(loaded()).toBe(false)
    await deliver(new URLSearchParams(command).toString())
    expect(loaded()).toBe(true)
  })
})
