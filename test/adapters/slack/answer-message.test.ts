import { describe, expect, it } from 'vitest'
import { answerMessage } from '../../../src/adapters/slack/answer-message.ts'
import type { Answer } from '../../../src/core/adapter.ts'
import { messageErrors } from '../../support/slack/limits.ts'
import { controls, nasty, textsOf, view } from './shown.ts'

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
      [/queued/, /status>$/, /^\[Cancel\]/, /^This command was already accepted\. It runs only once\.$/],
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
      'a refused action',
      { kind: 'refused', status: 403, title: 'this is not open to you', problems: [], onExistingRun: true },
      [/^:no_entry_sign: Nothing was done\. this is not open to you$/],
    ],
    [
      'a fault of taskhook',
      { kind: 'refused', status: 500, title: 'x', problems: [] },
      [/^:warning: Something went wrong on our side/],
    ],
    [
      'a limit, which is not a fault',
      { kind: 'refused', status: 503, title: 'deliveries are paused', problems: [], retryAfter: 60 },
      [/^:no_entry_sign: Nothing was started\. deliveries are paused$/],
    ],
    ['no recent run', { kind: 'recent', runs: [] }, [/^:grey_question: Nothing has run yet\.$/]],
    [
      'a recent run',
      { kind: 'recent', runs: [view({ status: 'succeeded' })] },
      [
        /^:white_check_mark: \*analyze\* succeeded\n<!date\^1772359200\^.*> {2}· {2}`dataset=sales depth=3` {2}· {2}`0123456789abcdef0123` {2}· {2}<.*\|status>$/,
      ],
    ],
    [
      'a form for missing parameters',
      { kind: 'params-requested', command: '/analyze', problems: [{ path: 'dataset', message: 'is required' }] },
      [
        /^:pencil: A form opens and asks for what is missing:\n• {2}\*dataset\* is required$/,
        /^If it does not open, type `\/analyze dataset=…`$/,
      ],
    ],
    ['deferred work', { kind: 'deferred' }, [/^:hourglass_flowing_sand: In progress\.$/]],
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
  ])('%s: escapes everything that comes from outside', (_, answer) => {
    const message = answerMessage(answer)
    for (const text of [message.text, ...textsOf(message)]) expect(controls(text)).toEqual([])
  })

  it('is cut to the 3,000 characters that Slack accepts', () => {
    const problems = Array.from({ length: 200 }, (_, at) => ({ path: `p${at}`, message: '&'.repeat(50) }))
    const message = answerMessage({ kind: 'refused', status: 422, title: 'x'.repeat(4000), problems })
    expect(messageErrors(message)).toEqual([])
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

  it('shows how to write the command, and what each parameter accepts', () => {
    const params = {
      dataset: { type: 'string', env: 'D', required: true, pattern: '^[a-z]+$', description: 'Which dataset' },
      depth: { type: 'integer', env: 'E', min: 1, max: 10, default: 3 },
      dry: { type: 'boolean', env: 'F', default: false },
      note: { type: 'string', env: 'G' },
    } as const
    expect(help(params, 'Looks into it')).toEqual([
      [
        '*analyze*  Looks into it',
        '`/analyze dataset=… [depth=…] [--dry] [note=…]`',
        '•  *dataset*  Which dataset: text like ^[a-z]+$ _(required)_',
        '•  *depth*  an integer from 1 to 10 _(default 3)_',
        '•  *dry*  true or false _(default false)_',
        '•  *note*  text',
      ].join('\n'),
      'Write name=value or --name value. --dry alone means dry=true. A value goes in quotes if it has spaces or begins with a dash.',
      also,
    ])
  })

  it('shows only the command of a task without parameters', () => {
    expect(help({})).toEqual(['*analyze*\n`/analyze`', also])
  })

  it('has a section for each task', () => {
    const tasks = ['a', 'b'].map((task) => ({ task, params: {} }))
    expect(textsOf(answerMessage({ kind: 'help', command: '/x', tasks }))).toHaveLength(3)
  })
})
