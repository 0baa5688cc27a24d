import { describe, expect, it } from 'vitest'
import { escapeText } from '../../../src/adapters/slack/mrkdwn.ts'
import { runMessage } from '../../../src/adapters/slack/run-message.ts'
import { runStatuses } from '../../../src/core/model/run.ts'
import { plainMrkdwn } from '../../../src/local/terminal/mrkdwn.ts'

describe('plainMrkdwn', () => {
  it.each([
    [':white_check_mark: *analyze* succeeded in 4 s', '✅ analyze succeeded in 4 s'],
    ['`dataset=sales`  ·  <https://x.example/runs/1?token=y|status>', '`dataset=sales`  ·  status'],
    ['•  *depth*  an integer from 1 to 10 _(default 3)_', '•  depth  an integer from 1 to 10 (default 3)'],
    ['a_b_c and 2*3*4 stay', 'a_b_c and 2*3*4 stay'],
    [':unknown_emoji: at 12:30:45', ':unknown_emoji: at 12:30:45'],
    ['&lt;b&gt; &amp;amp; &amp;lt;', '<b> &amp; &lt;'],
    ['one\n*two*', 'one\ntwo'],
    ['', ''],
  ])('turns %j into %j', (mrkdwn, plain) => {
    expect(plainMrkdwn(mrkdwn)).toBe(plain)
  })

  it.each(['a < b > c & d', '<!channel>', '&lt;', 'x|y'])('decodes escaped text: %j', (text) => {
    expect(plainMrkdwn(escapeText(text))).toBe(text)
  })

  it.each(runStatuses)('knows every emoji in the message of a run with status %s', (status) => {
    const run = { run: 'r', task: 't', status, params: {}, statusUrl: 'https://x', createdAt: '2026-01-01T00:00:00Z' }
    const [section] = runMessage(run).blocks as { text?: { text?: string } }[]
    expect(plainMrkdwn(section?.text?.text ?? '')).toMatch(/^[^\s:]+ t \S/)
  })
})
