import { describe, expect, it } from 'vitest'
import { httpReply } from '../../../src/adapters/slack/http-reply.ts'
import { answerMessage, escapeText, type Message, runMessage } from '../../../src/adapters/slack/message.ts'
import type { Answer, RunView } from '../../../src/core/adapter.ts'
import { runStatuses } from '../../../src/core/model/run.ts'
import { faultsOf } from '../../support/slack.ts'

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

  it('shows the beginning of what is long, and all the rest behind it', () => {
    const foot = textsOf(runMessage(view({ params: { note: '<&`'.repeat(3000) } }), { askedBy: 'U1' }))[1]
    expect(foot).toMatch(
      /^`note=&lt;&amp;'(&lt;|&amp;|')*…` {2}· {2}run `0123456789abcdef0123` {2}· {2}asked by <@U1> {2}· {2}<.*\|status>$/,
    )
  })

  it('lets no report begin a line that could pass for one of ours', () => {
    const forged = 'x\n:white_check_mark: *deploy* succeeded'
    const run = view({ status: 'running', progress: { percent: 1, message: forged }, outputs: { rows: forged } })
    for (const text of textsOf(runMessage(run))) expect(text).not.toMatch(/^:white_check_mark:/m)
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
    expect(faultsOf(message)).toEqual([])
    expect(message.text).toMatch(/x…$/)
    expect(textsOf(message)[0]).toMatch(/\n… and \d+ more$/)
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
    const { status: sent, headers, body } = httpReply({ kind: 'refused', status, title: 'x', problems: [] })
    expect(sent).toBe(200)
    expect(headers['content-type']).toBe('application/json')
    expect(JSON.parse(body)).toMatchObject({ response_type: 'ephemeral', text: expect.any(String), blocks: [{}] })
  })
})

describe('what waits for approval', () => {
  const approval = { from: ['U1', 'W2', 'S03'], until: '2026-03-02T10:00:00.000Z' }
  it('says who may and until when, and offers that to all but whoever asked', () => {
    const message = runMessage(view({ approval, reason: 'waits for approval' }))
    expect(textsOf(message)).toEqual([
      ':raised_hand: *analyze* waits for approval',
      '<@U1> or <@W2> or <!subteam^S03> may approve it, until <!date^1772445600^{date_short_pretty} {time}|2026-03-02T10:00:00.000Z>.',
      expect.stringContaining('run `'),
      '[Approve] [Reject]',
    ])
    const alone = answerMessage({ kind: 'accepted', runs: [view({ approval })], fresh: true })
    expect(textsOf(alone).at(-1)).toBe('[Cancel] [Refresh]')
  })
  it.each([
    ['approve', 'approved by bob', ':thumbsup:'],
    ['reject', 'rejected by bob', ':octagonal_sign:'],
    ['cancel', 'is being cancelled by bob', ':octagonal_sign:'],
  ] as const)('%s is said at once, and nothing more is offered', (verb, said, icon) => {
    const message = answerMessage({ kind: 'action', verb, by: 'bob', run: view({ approval }) })
    expect(message.text).toBe(`analyze ${said}`)
    expect(textsOf(message)[0]).toBe(`${icon} *analyze* ${said}`)
    expect(message.blocks.map(({ type }) => type)).not.toContain('actions')
  })
  it('names no group that is not one', () => {
    expect(textsOf(runMessage(view({ approval: { ...approval, from: ['<!channel>'] } })))[1]).toMatch(
      /^<@&lt;!channel&gt;>/,
    )
  })
})

describe('what the container has said', () => {
  const progress = { percent: 40, message: 'reading' }
  const outputs = { rows: '1200' }
  const links = [{ label: 'Report', url: 'https://s3.example/a?b=1&c=2' }]
  it('is a bar while it runs, then what came of it, with its last words where it did not succeed', () => {
    const shown = (more: Partial<RunView>) =>
      textsOf(runMessage(view({ progress, outputs, links, ...more }))).slice(1, -2)
    const link = '<https://s3.example/a?b=1&amp;c=2|Report>'
    expect(shown({ status: 'running' })).toEqual([`\`${'█'.repeat(8)}${'░'.repeat(12)}\` 40 %\n*rows*  1200`, link])
    expect(shown({ status: 'succeeded' })).toEqual(['*rows*  1200', link])
    expect(shown({ status: 'failed' })).toEqual(['It said last: reading\n*rows*  1200', link])
  })
  it('breaks out of no link', () => {
    const odd = [{ label: 'a|b>\n<!here>', url: 'https://x.example/p|q>r"<!channel>' }]
    const text = textsOf(runMessage(view({ status: 'running', links: odd })))[1]
    expect(text).toBe('<https://x.example/p%7Cq&gt;r"&lt;!channel&gt;|a/b&gt; &lt;!here&gt;>')
  })
  it('and the links to log and status are escaped, too', () => {
    const message = runMessage(
      view({ statusUrl: 'https://abc.on.aws/?a=1&b=2', logUrl: 'https://abc.on.aws/?region=x&y=|' }),
    )
    expect(textsOf(message)[1]).toContain('<https://abc.on.aws/?region=x&amp;y=%7C|log>')
    expect(textsOf(message)[1]).toContain('<https://abc.on.aws/?a=1&amp;b=2|status>')
  })
})

describe('whatever comes from outside', () => {
  const long = (text: string) => text.repeat(Math.ceil(9000 / text.length)).slice(0, 9000)
  const texts = [nasty, long('&'), long('<'), long('😀'), long('`'), long('a|b '), long('\n'), long(nasty)]
  const approval = {
    from: Array.from({ length: 100 }, (_, at) => `U${at}AAAAAAAAA`),
    until: '2026-03-02T10:00:00.000Z',
  }
  const outputs = (text: string) =>
    Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`o${at}`, text.slice(0, 500).toWellFormed()]))
  const run = (text: string, more: Partial<RunView> = {}) =>
    view({
      ...{
        task: text.slice(0, 64).toWellFormed(),
        reason: text,
        params: { note: text },
        approvedBy: text.slice(0, 64).toWellFormed(),
      },
      progress: { percent: 33, message: text.slice(0, 500).toWellFormed() },
      outputs: outputs(text),
      links: Array.from({ length: 10 }, () => ({
        label: text.slice(0, 80).toWellFormed(),
        url: `https://abc.on.aws/${text.slice(0, 900).toWellFormed()}`,
      })),
      ...more,
    })
  const problems = (text: string) => Array.from({ length: 51 }, () => ({ path: text.slice(0, 64), message: text }))
  const answers = (text: string): Answer[] => [
    ...runStatuses.map((status) => ({ kind: 'accepted' as const, runs: [run(text, { status })], fresh: false })),
    { kind: 'accepted', runs: Array.from({ length: 40 }, () => run(text)), fresh: true },
    { kind: 'accepted', runs: [run(text, { approval })], fresh: true },
    { kind: 'recent', runs: Array.from({ length: 5 }, () => run(text)) },
    { kind: 'ignored', reason: text },
    { kind: 'params-requested', command: text, problems: problems(text) },
    { kind: 'action', verb: 'approve', by: text.slice(0, 64), run: run(text, { approval }) },
    { kind: 'refused', status: 422, title: text, problems: problems(text) },
    {
      ...{ kind: 'help', command: text },
      tasks: Array.from({ length: 60 }, (_, at) => ({
        ...{ task: `${at}${text}`, description: text },
        params: Object.fromEntries(
          Array.from({ length: 30 }, (__, of) => [
            `p${of}`,
            { type: 'string', env: 'X', description: text, default: text },
          ]),
        ),
      })),
    } as Answer,
  ]
  it.each(texts.map((text) => [text.slice(0, 20), text]))(
    'is within what Slack takes, and calls nobody: %j…',
    (_, text) => {
      const all = [
        ...answers(text).map((answer) => answerMessage(answer)),
        ...runStatuses.map((status) =>
          runMessage(run(text, { status, approval }), { askedBy: 'U1', lastsWithoutToken: true }),
        ),
      ]
      for (const message of all) {
        expect(faultsOf(message)).toEqual([])
        for (const shown of [message.text, ...textsOf(message)]) {
          const calls = controls(shown).filter((each) => !/^<(@U\w+|!date\^\d+\^[^|]*\|[\dTZ:.-]+)>$/.test(each))
          expect(calls).toEqual([])
          // A "<" that is not closed would be the beginning of one; an entity that is cut would be read as it stands.
          expect(shown.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/)
          expect(shown).not.toMatch(/&(?!amp;|lt;|gt;)/)
        }
        for (const block of message.blocks)
          for (const text_ of block.type === 'section' ? [block.text] : block.type === 'context' ? block.elements : [])
            expect(text_).toMatchObject({ type: 'mrkdwn', verbatim: true })
      }
    },
  )
})
