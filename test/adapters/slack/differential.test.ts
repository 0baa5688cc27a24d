/** taskhook's check against Bolt's: both accept and refuse the same, except where Bolt is laxer, which is listed here. */
import { verifySlackRequest } from '@slack/bolt/dist/receivers/verify-request.js'
import { describe, expect, it } from 'vitest'
import { verify } from '../../../src/adapters/slack/verify.ts'
import { Unauthorized } from '../../../src/core/errors.ts'
import { requestOf } from '../../contract/request.ts'
import { type Body, type Headers, signSlack } from '../../support/sign.ts'
import { flipped, randomTexts } from '../random.ts'

const secret = '8f742231b10e8888abcd99yyyzzz85a5'
const seconds = 1_772_359_200
const now = seconds * 1000

const theirs = (body: string, headers: Headers) => () =>
  verifySlackRequest({
    signingSecret: secret,
    body,
    headers: {
      'x-slack-signature': headers['x-slack-signature'] ?? '',
      'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
    },
    nowMilliseconds: now,
  })
const ours =
  (body: Body, headers: Headers, secrets = [secret]) =>
  () =>
    verify(requestOf(body, headers), secrets, now)

describe('@slack/bolt', () => {
  it.each(randomTexts(3, 60).map((text, at) => [at, text] as const))(
    'random text %d: both accept it, and neither accepts another text',
    (at, text) => {
      const headers = signSlack(text, secret, seconds)
      expect(theirs(text, headers)).not.toThrow()
      expect(ours(text, headers)).not.toThrow()
      const other = flipped(text, at)
      expect(theirs(other, headers)).toThrow('signature mismatch')
      expect(ours(other, headers)).toThrow(Unauthorized)
    },
  )

  it.each([-301, -3600])('%d s off: both refuse it', (off) => {
    const headers = signSlack('a=1', secret, seconds + off)
    expect(theirs('a=1', headers)).toThrow(/stale/)
    expect(ours('a=1', headers)).toThrow(Unauthorized)
  })

  it.each([-300, 0, 300])('%d s off: both accept it', (off) => {
    const headers = signSlack('a=1', secret, seconds + off)
    expect(theirs('a=1', headers)).not.toThrow()
    expect(ours('a=1', headers)).not.toThrow()
  })

  it.each([301, 3600, 86_400_000])('%d s off: Bolt accepts it, and taskhook refuses it, as Slack documents', (off) => {
    const headers = signSlack('a=1', secret, seconds + off)
    expect(theirs('a=1', headers)).not.toThrow()
    expect(ours('a=1', headers)).toThrow(Unauthorized)
  })

  it.each([`${seconds}.0`, ` ${seconds} `, `+${seconds}`, '1772359.2e3', '0x69a40e20'])(
    'the time written as %j: Bolt accepts it, and taskhook refuses it',
    (written) => {
      expect(Number(written)).toBe(seconds)
      const headers = { ...signSlack('a=1', secret, seconds), 'x-slack-request-timestamp': written }
      expect(theirs('a=1', headers)).not.toThrow()
      expect(ours('a=1', headers)).toThrow(Unauthorized)
    },
  )

  it('another version of the signature: both refuse it', () => {
    const good = signSlack('a=1', secret, seconds)
    const headers = { ...good, 'x-slack-signature': (good['x-slack-signature'] ?? '').replace('v0=', 'v1=') }
    expect(theirs('a=1', headers)).toThrow('unknown signature version')
    expect(ours('a=1', headers)).toThrow(Unauthorized)
  })

  it('text after the signature: Bolt accepts it, and taskhook refuses it', () => {
    const good = signSlack('a=1', secret, seconds)
    const headers = { ...good, 'x-slack-signature': `${good['x-slack-signature']}=more` }
    expect(theirs('a=1', headers)).not.toThrow()
    expect(ours('a=1', headers)).toThrow(Unauthorized)
  })

  it('bytes that are not UTF-8: Bolt accepts the text that they decode to, and taskhook refuses it', () => {
    const headers = signSlack('text=\ufffd', secret, seconds)
    const forged = Buffer.from('text=\u00ff', 'latin1')
    expect(theirs(forged.toString('utf8'), headers)).not.toThrow()
    expect(ours(forged, headers)).toThrow(Unauthorized)
  })

  it('a second secret: Bolt accepts only one, and taskhook accepts all', () => {
    const headers = signSlack('a=1', 'older', seconds)
    expect(theirs('a=1', headers)).toThrow('signature mismatch')
    expect(ours('a=1', headers, [secret, 'older'])).not.toThrow()
  })
})
