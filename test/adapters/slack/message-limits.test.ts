/** The worst texts from outside, in every message: within Slack's limits, and without a mention. */
import { describe, expect, it } from 'vitest'
import { answerMessage } from '../../../src/adapters/slack/answer-message.ts'
import { runMessage } from '../../../src/adapters/slack/run-message.ts'
import type { Answer, RunView } from '../../../src/core/adapter.ts'
import { runStatuses } from '../../../src/core/model/run.ts'
import { messageErrors } from '../../support/slack/limits.ts'
import { controls, nasty, textsOf, view } from './shown.ts'

describe('text from outside', () => {
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
    '%j…: every message keeps Slack’s limits and mentions no one',
    (_, text) => {
      const all = [
        ...answers(text).map((answer) => answerMessage(answer)),
        ...runStatuses.map((status) =>
          runMessage(run(text, { status, approval }), { requester: 'U1', withoutBotToken: true }),
        ),
      ]
      for (const message of all) {
        expect(messageErrors(message)).toEqual([])
        for (const shown of [message.text, ...textsOf(message)]) {
          const calls = controls(shown).filter((each) => !/^<(@U\w+|!date\^\d+\^[^|]*\|[\dTZ:.-]+)>$/.test(each))
          expect(calls).toEqual([])
          // An unclosed "<" could begin a control sequence, and a cut entity would be shown as text.
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
