import { describe, expect, it } from 'vitest'
import { answerMessage } from '../../../src/adapters/slack/answer-message.ts'
import { runMessage } from '../../../src/adapters/slack/run-message.ts'
import type { RunView } from '../../../src/core/adapter.ts'
import { runStatuses } from '../../../src/core/model/run.ts'
import { controls, nasty, textsOf, view } from './shown.ts'

describe('the message about a run', () => {
  it.each(runStatuses)('%s: shows an icon, the task, its parameters and a link', (status) => {
    const [head = '', foot = ''] = textsOf(runMessage(view({ status })))
    expect(head).toMatch(/^:[a-z_]+: \*analyze\* /)
    expect(foot).toBe(
      '`dataset=sales depth=3`  ·  run `0123456789abcdef0123`  ·  <https://abc.on.aws/runs/0123456789abcdef0123?token=t|status>',
    )
  })

  it('has a plain text for notifications', () => {
    expect(runMessage(view({ status: 'running' })).text).toBe('analyze running')
  })

  it('shows no empty box for a run without parameters', () => {
    expect(textsOf(runMessage(view({ params: {} })))[1]).toMatch(/^run /)
  })

  it('cuts long parameters and shows everything after them', () => {
    const foot = textsOf(runMessage(view({ params: { note: '<&`'.repeat(3000) } }), { requester: 'U1' }))[1]
    expect(foot).toMatch(
      /^`note=&lt;&amp;'(&lt;|&amp;|')*…` {2}· {2}run `0123456789abcdef0123` {2}· {2}requested by <@U1> {2}· {2}<.*\|status>$/,
    )
  })

  it('names the run that it repeats, its approver and its place', () => {
    const run = view({ rerunOf: 'fedcba9876543210fedc', approvedBy: 'bob', placed: 'on demand' })
    expect(textsOf(runMessage(run))[1]).toContain(
      'rerun of `fedcba9876543210fedc`  ·  approved by bob  ·  on demand  ·  <https://abc.on.aws',
    )
  })

  it('keeps what the container reports on one line, so that it cannot pass for a line of taskhook', () => {
    const forged = 'x\n:white_check_mark: *deploy* succeeded'
    const run = view({ status: 'running', progress: { percent: 1, message: forged }, outputs: { rows: forged } })
    for (const text of textsOf(runMessage(run))) expect(text).not.toMatch(/^:white_check_mark:/m)
  })

  it('escapes everything that comes from outside', () => {
    const message = runMessage(view({ status: 'failed', reason: nasty, params: { note: nasty, tick: '``' } }))
    for (const text of [message.text, ...textsOf(message)]) expect(controls(text)).toEqual([])
    expect(textsOf(message)[0]).toContain('&lt;!channel&gt;')
    expect(textsOf(message)[1]).toContain(
      "note=&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|click&gt; &amp; 'code'",
    )
  })
})

describe('the buttons', () => {
  const actionsOf = (run: RunView) => runMessage(run).blocks.find(({ type }) => type === 'actions')

  it('cancel, which asks for confirmation, and refresh, until the run ends', () => {
    expect(actionsOf(view({ status: 'running' }))).toMatchObject({
      elements: [
        {
          ...{ type: 'button', action_id: 'taskhook:cancel', value: '0123456789abcdef0123', style: 'danger' },
          confirm: {
            title: { text: 'Cancel this run?' },
            confirm: { text: 'Cancel it' },
            deny: { text: 'Let it run' },
          },
        },
        { action_id: 'taskhook:show', text: { type: 'plain_text', text: 'Refresh' } },
      ],
    })
  })

  it('run again, after it ends', () => {
    expect(actionsOf(view({ status: 'failed' }))).toMatchObject({
      elements: [{ action_id: 'taskhook:rerun', text: { text: 'Run again' } }],
    })
  })
})

describe('a run that waits for approval', () => {
  const approval = { from: ['U1', 'W2', 'S03'], until: '2026-03-02T10:00:00.000Z' }

  it('names the approvers and the deadline, and offers the decision to everybody but the requester', () => {
    const message = runMessage(view({ approval, reason: 'waits for approval' }))
    expect(textsOf(message)).toEqual([
      ':raised_hand: *analyze* waits for approval',
      '<@U1> or <@W2> or <!subteam^S03> can approve it until <!date^1772445600^{date_short_pretty} {time}|2026-03-02T10:00:00.000Z>.',
      expect.stringContaining('run `'),
      '[Approve] [Reject]',
    ])
    const toRequester = answerMessage({ kind: 'accepted', runs: [view({ approval })], fresh: true })
    expect(textsOf(toRequester).at(-1)).toBe('[Cancel] [Refresh]')
  })

  it.each([
    ['approve', 'approved by bob', ':thumbsup:'],
    ['reject', 'rejected by bob', ':octagonal_sign:'],
    ['cancel', 'is being cancelled by bob', ':octagonal_sign:'],
  ] as const)('shows %s at once, without buttons', (verb, said, icon) => {
    const message = answerMessage({ kind: 'action', verb, by: 'bob', run: view({ approval }) })
    expect(message.text).toBe(`analyze ${said}`)
    expect(textsOf(message)[0]).toBe(`${icon} *analyze* ${said}`)
    expect(message.blocks.map(({ type }) => type)).not.toContain('actions')
  })

  it('mentions no user group for an id of another form', () => {
    expect(textsOf(runMessage(view({ approval: { ...approval, from: ['<!channel>'] } })))[1]).toMatch(
      /^<@&lt;!channel&gt;>/,
    )
  })
})

describe('what the container reports', () => {
  const progress = { percent: 40, message: 'reading' }
  const outputs = { rows: '1200' }
  const links = [{ label: 'Report', url: 'https://s3.example/a?b=1&c=2' }]

  it('is a progress bar during the run, then the outputs, and the last message if the run did not succeed', () => {
    const shown = (more: Partial<RunView>) =>
      textsOf(runMessage(view({ progress, outputs, links, ...more }))).slice(1, -2)
    const link = '<https://s3.example/a?b=1&amp;c=2|Report>'
    expect(shown({ status: 'running' })).toEqual([`\`${'█'.repeat(8)}${'░'.repeat(12)}\` 40 %\n*rows*  1200`, link])
    expect(shown({ status: 'succeeded' })).toEqual(['*rows*  1200', link])
    expect(shown({ status: 'failed' })).toEqual(['Last message: reading\n*rows*  1200', link])
  })

  it('cannot end a link early', () => {
    const odd = [{ label: 'a|b>\n<!here>', url: 'https://x.example/p|q>r"<!channel>' }]
    const text = textsOf(runMessage(view({ status: 'running', links: odd })))[1]
    expect(text).toBe('<https://x.example/p%7Cq&gt;r"&lt;!channel&gt;|a/b&gt; &lt;!here&gt;>')
  })

  it('is followed by links to the log and the status, which are escaped too', () => {
    const message = runMessage(
      view({ statusUrl: 'https://abc.on.aws/?a=1&b=2', logUrl: 'https://abc.on.aws/?region=x&y=|' }),
    )
    expect(textsOf(message)[1]).toContain('<https://abc.on.aws/?region=x&amp;y=%7C|log>')
    expect(textsOf(message)[1]).toContain('<https://abc.on.aws/?a=1&amp;b=2|status>')
  })
})
