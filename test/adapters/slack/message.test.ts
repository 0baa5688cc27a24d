import { describe, expect, it } from 'vitest'
import { answerMessage, escapeText, type Message, runMessage } from '../../../src/adapters/slack/message.ts'
import { reply } from '../../../src/adapters/slack/reply.ts'
import type { Answer, RunView } from '../../../src/core/adapter.ts'
import { runStatuses } from '../../../src/core/run.ts'

const view = (more: Partial<RunView> = {}): RunView => ({
  run: '0123456789abcdef0123',
  task: 'analyze',
  status: 'queued',
  params: { dataset: 'sales', depth: 3 },
  statusUrl: 'https://abc.on.aws/runs/0123456789abcdef0123?token=t',
  createdAt: '2026-03-01T10:00:00.000Z',
  ...more,
})
/** Every text that Slack would render. */
const textsOf = (message: Message): string[] =>
  message.blocks.flatMap((block) => {
    if (block.type === 'section') return [block.text?.text ?? '']
    if (block.type === 'context') return block.elements.flatMap((element) => ('text' in element ? [element.text] : []))
    if (block.type === 'actions')
      return [block.elements.map((element) => ('text' in element ? `[${element.text?.text}]` : '')).join(' ')]
    throw new Error(`a ${block.type}, which this test does not know`)
  })
const nasty = '<!channel> <@U1> <https://evil.example|click> & `code` *bold*'
/** Slack acts on `<…>` only; what is left of ours are links to the status page. */
const controls = (text: string) =>
  (text.match(/<[^>]*>/g) ?? []).filter((link) => !link.startsWith('<https://abc.on.aws/'))

describe('escapeText', () => {
  it.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['a & b', 'a &amp; b'],
    ['&lt;', '&amp;lt;'],
    ['plain é✓', 'plain é✓'],
    ['', ''],
  ])('%j is %j', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped)
  })
})

describe('a run', () => {
  it.each(runStatuses)('%s has a sign, the task, what it was given, and a link', (status) => {
    const [head = '', foot = ''] = textsOf(runMessage(view({ status })))
    expect(head).toMatch(/^:[a-z_]+: \*analyze\* /)
    expect(foot).toBe(
      '`dataset=sales depth=3`  ·  run `0123456789abcdef0123`  ·  <https://abc.on.aws/runs/0123456789abcdef0123?token=t|status>',
    )
  })

  it('has a plain text for notifications', () => {
    expect(runMessage(view({ status: 'running' })).text).toBe('analyze running')
  })

  it('without parameters does not show an empty box', () => {
    expect(textsOf(runMessage(view({ params: {} })))[1]).toMatch(/^run /)
  })

  it('escapes all that came from outside', () => {
    const message = runMessage(view({ status: 'failed', reason: nasty, params: { note: nasty, tick: '``' } }))
    for (const text of [message.text, ...textsOf(message)]) expect(controls(text)).toEqual([])
    expect(textsOf(message)[0]).toContain('&lt;!channel&gt;')
    expect(textsOf(message)[1]).toContain(
      "note=&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|click&gt; &amp; 'code'",
    )
  })
})

describe('an answer', () => {
  it.each<[string, Answer, RegExp[]]>([
    [
      'accepted',
      { kind: 'accepted', runs: [view()], fresh: true },
      [/\*analyze\* queued/, /status>$/, /^\[Cancel\] \[Refresh\]$/],
    ],
    [
      'accepted before',
      { kind: 'accepted', runs: [view()], fresh: false },
      [/queued/, /status>$/, /^\[Cancel\]/, /^This command was taken before; it runs once\.$/],
    ],
    [
      'two runs',
      { kind: 'accepted', runs: [view(), view({ task: 'b' })], fresh: true },
      [/\*analyze\*/, /./, /Cancel/, /\*b\*/, /./, /Cancel/],
    ],
    [
      'ignored',
      { kind: 'ignored', reason: 'no route takes /x' },
      [/^:grey_question: Nothing was started: no route takes \/x\.$/],
    ],
    [
      'refused',
      {
        kind: 'refused',
        status: 422,
        title: 'analyze: parameters are wrong',
        problems: [
          { path: 'depth', message: 'is 99; the largest is 10' },
          { path: '', message: 'x has no name' },
        ],
      },
      [
        /^:no_entry_sign: Nothing was started\. analyze: parameters are wrong\n• {2}\*depth\* is 99; the largest is 10\n• {2}x has no name$/,
      ],
    ],
    [
      'a failure of ours',
      { kind: 'refused', status: 500, title: 'x', problems: [] },
      [/^:warning: Something went wrong on our side/],
    ],
  ])('%s', (_, answer, patterns) => {
    expect(textsOf(answerMessage(answer))).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)))
  })

  it.each<[string, Answer]>([
    ['accepted', { kind: 'accepted', runs: [view({ reason: nasty, task: nasty })], fresh: true }],
    ['ignored', { kind: 'ignored', reason: nasty }],
    ['refused', { kind: 'refused', status: 422, title: nasty, problems: [{ path: nasty, message: nasty }] }],
    [
      'help',
      {
        kind: 'help',
        command: nasty,
        tasks: [
          {
            task: nasty,
            description: nasty,
            params: { x: { type: 'string', env: 'X', pattern: nasty, description: nasty, default: nasty } },
          },
        ],
      },
    ],
  ])('escapes all that came from outside: %s', (_, answer) => {
    const message = answerMessage(answer)
    for (const text of [message.text, ...textsOf(message)]) expect(controls(text)).toEqual([])
  })

  it('is cut to the 3,000 characters that Slack takes', () => {
    const problems = Array.from({ length: 200 }, (_, at) => ({ path: `p${at}`, message: '&'.repeat(50) }))
    const message = answerMessage({ kind: 'refused', status: 422, title: 'x'.repeat(4000), problems })
    for (const text of [message.text, ...textsOf(message)]) {
      expect(text).toHaveLength(3000)
      expect(text).toMatch(/…$/)
    }
  })
})

describe('help', () => {
  const also = 'Also: `/analyze status`  ·  `/analyze cancel &lt;run&gt;`  ·  `/analyze rerun &lt;run&gt;`'
  const help = (params: Extract<Answer, { kind: 'help' }>['tasks'][number]['params'], description?: string) =>
    textsOf(
      answerMessage({
        kind: 'help',
        command: '/analyze',
        tasks: [{ task: 'analyze', ...(description !== undefined && { description }), params }],
      }),
    )

  it('shows how the command is written, and what each parameter takes', () => {
    const params = {
      dataset: { type: 'string', env: 'D', required: true, pattern: '^[a-z]+$', description: 'Which dataset' },
      depth: { type: 'integer', env: 'E', min: 1, max: 10, default: 3 },
      dry: { type: 'boolean', env: 'F', default: false },
      note: { type: 'string', env: 'G' },
    } as const
    expect(help(params, 'Looks into it')).toEqual([
      [
        '*analyze*  Looks into it',
        '`/analyze dataset=… [depth=…] [dry=…] [note=…]`',
        '•  *dataset*  Which dataset: text like ^[a-z]+$ _(required)_',
        '•  *depth*  an integer from 1 to 10 _(default 3)_',
        '•  *dry*  true or false _(default false)_',
        '•  *note*  text',
      ].join('\n'),
      also,
    ])
  })

  it('of a task without parameters', () => {
    expect(help({})).toEqual(['*analyze*\n`/analyze`', also])
  })

  it('has a section for each task', () => {
    const tasks = ['a', 'b'].map((task) => ({ task, params: {} }))
    expect(textsOf(answerMessage({ kind: 'help', command: '/x', tasks }))).toHaveLength(3)
  })
})

describe('reply', () => {
  it.each([401, 422, 500])('is 200 and seen by nobody else, though the answer is a %d', (status) => {
    const { status: sent, headers, body } = reply({ kind: 'refused', status, title: 'x', problems: [] })
    expect(sent).toBe(200)
    expect(headers['content-type']).toBe('application/json')
    expect(JSON.parse(body)).toMatchObject({ response_type: 'ephemeral', text: expect.any(String), blocks: [{}] })
  })
})
