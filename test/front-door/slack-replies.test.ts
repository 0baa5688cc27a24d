/** docs: whatever a person types in Slack, the reply has our own words, is never empty and never says that something succeeded. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets as secrets } from '../support/stage-deliveries.ts'
import { config, sendersOf, slackForm } from './three-senders.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config, env: secrets })
})
afterAll(() => stage.close())

it.each<[string, Record<string, string>]>([
  ['note=x', {}],
  ['note=<!channel>', {}],
  ['', {}],
  ['help', {}],
  ['nonsense=1', {}],
  ['"', {}],
  ['note=x', { command: '/unknown' }],
  ['note=x', { user_id: '' }],
])('/analyze %s %j gets a reply that only this person sees', async (text, more) => {
  const answer = await stage.post('/slack', sendersOf(stage).slack(slackForm(text, more)))
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json')
  const reply = bodyOf(answer) as { response_type: string; text: string; blocks: unknown[] }
  expect(reply.response_type).toBe('ephemeral')
  expect(reply.text).toMatch(/^(analyze queued$|How to use |Nothing was started)/)
  expect(reply.blocks.length).toBeGreaterThan(0)
  expect(answer.body).not.toMatch(/success|<!channel>/)
})
