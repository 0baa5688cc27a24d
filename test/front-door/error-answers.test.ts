/** SECURITY.md: answers and logs give a forger nothing: no signature, no body, no stack trace. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { mac } from '../support/sign.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets as secrets } from '../support/stage-deliveries.ts'
import { config, sendersOf } from './three-senders.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: secrets })
})
afterEach(() => stage.close())

it('a refused signature is neither answered nor logged, and neither is the correct one', async () => {
  const at = Math.floor(stage.now() / 1000)
  const body = JSON.stringify({ note: 'body-of-the-forger' })
  const correct = {
    github: mac({ key: secrets.GITHUB }, body),
    slack: mac({ key: secrets.SLACK }, `v0:${at}:`, body),
    partner: mac({ key: Buffer.from(secrets.PARTNER.slice(6), 'base64'), encoding: 'base64' }, `id.${at}.`, body),
  }
  const forged = mac({ key: 'forged' }, body)
  const forgedBase64 = Buffer.from(forged, 'hex').toString('base64')
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-hub-signature-256': `sha256=${forged}`,
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': `v0=${forged}`,
    'webhook-id': 'id',
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${forgedBase64}`,
  }
  let all = ''
  for (const path of Object.keys(correct)) all += JSON.stringify(await stage.post(`/${path}`, { headers, body }))
  all += stage.logs.join('')
  expect(all.match(/unauthorized/g)).toHaveLength(6)
  for (const secret of [...Object.values(correct), forged, forgedBase64, 'body-of-the-forger'])
    expect(all).not.toContain(secret)
})

it('an internal error is answered without its text, and logged without a stack trace or the body', async () => {
  const message = 'User: arn:aws:sts::123456789012:assumed-role/x'
  stage.dynamo.intercept(() => ({ type: 'AccessDeniedException', message }))
  const answer = await stage.post('/partner', sendersOf(stage).partner(JSON.stringify({ note: 'body-of-a-partner' })))
  expect(answer.statusCode).toBe(500)
  expect(bodyOf(answer)).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: 'taskhook failed; its log says why',
  })
  const logs = stage.logs.join('')
  expect(logs).toContain('assumed-role/x')
  expect(logs).not.toMatch(/\\n\s+at |node_modules|\.ts:\d/)
  expect(logs).not.toContain('body-of-a-partner')
})
