/** Verifies signatures that the senders have published, so no signer of these tests is involved. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { verify as verifyGitHub } from '../../src/adapters/github/verify.ts'
import { presets } from '../../src/adapters/hmac/presets.ts'
import { verify as verifySlack } from '../../src/adapters/slack/verify.ts'
import { verifySignature } from '../../src/core/http/signature.ts'
import { requestOf } from '../contract/request.ts'
import { signGitHub, signSlack, signStandard } from '../support/sign.ts'

const github = {
  secret: "It's a Secret to Everybody",
  body: 'Hello, World!',
  signature: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
}
const slack = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  seconds: 1_531_420_618,
  body: readFileSync(new URL('../fixtures/slack/verifying-requests.txt', import.meta.url)),
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
}
const standard = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  seconds: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}

describe('GitHub, https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries', () => {
  const request = requestOf(github.body, { 'x-hub-signature-256': github.signature })

  it('is verified by the adapter', async () => {
    expect((await verifyGitHub(request, [github.secret])).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is verified by the preset of the hmac adapter', () => {
    expect(() => verifySignature(presets.github, request, [github.secret], 0)).not.toThrow()
  })

  it('is equal to the signature of the tests’ own signer', () => {
    expect(signGitHub(github.body, github.secret)).toEqual({ 'x-hub-signature-256': github.signature })
  })
})

describe('Slack, https://docs.slack.dev/authentication/verifying-requests-from-slack', () => {
  const request = requestOf(slack.body, {
    'x-slack-signature': slack.signature,
    'x-slack-request-timestamp': String(slack.seconds),
  })

  it('is verified at the time of its timestamp', () => {
    expect(verifySlack(request, [slack.secret], slack.seconds * 1000).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is rejected a day later', () => {
    expect(() => verifySlack(request, [slack.secret], slack.seconds * 1000 + 86_400_000)).toThrow('invalid signature')
  })

  it('is equal to the signature of the tests’ own signer', () => {
    expect(signSlack(slack.body, slack.secret, slack.seconds)['x-slack-signature']).toBe(slack.signature)
  })
})

describe('Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks', () => {
  const headers = (prefix: string) => ({
    [`${prefix}-id`]: standard.id,
    [`${prefix}-timestamp`]: String(standard.seconds),
    [`${prefix}-signature`]: standard.signature,
  })
  const verify = (prefix: string) =>
    verifySignature(
      presets['standard-webhooks'],
      requestOf(standard.body, headers(prefix)),
      [standard.secret],
      standard.seconds * 1000,
    )

  it.each(['webhook', 'svix'])('is verified with %s-* headers', (prefix) => {
    expect(verify(prefix).deliveryKey).toBe(`id:${standard.id}`)
  })

  it('is equal to the signature of the tests’ own signer', () => {
    expect(signStandard(standard.body, standard.secret, standard.id, standard.seconds)['webhook-signature']).toBe(
      standard.signature,
    )
  })
})
