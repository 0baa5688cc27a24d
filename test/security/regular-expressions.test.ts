/** Our own regular expressions are run on text that anybody may write: none may hang on it. */
import { isSafe } from 'redos-detector'
import { describe, expect, it } from 'vitest'
import { resolveParams } from '../../src/core/routing/resolve-params.ts'
import { sourcesOf } from '../support/syntax.ts'

const literals = sourcesOf('adapters', 'config', 'core').flatMap(({ path, nodes }) =>
  nodes.flatMap((node): [string, RegExp][] => {
    const { regex } = node as { regex?: { readonly pattern: string; readonly flags: string } }
    return regex === undefined ? [] : [[path, new RegExp(regex.pattern, regex.flags)]]
  }),
)

const doubts = literals.filter(([, regex]) => !isSafe(regex, { maxScore: 300, timeout: 5000 }).safe)

/** A host's last label: each search ends at the next dot. An address is cut at 2,000 characters before. */
const labels = ['a.'.repeat(1000), `.${'a'.repeat(2000)}.`, '.'.repeat(2000)]

/**
 * What the detector cannot clear, since it takes a search to begin anywhere and run to the end of the text. Each with the texts that are
 * the worst for it, as long as they can get there.
 */
const worst: Readonly<Record<string, readonly string[]>> = {
  'adapters/hmac/update-status.ts /\\.(?!localhost$|local$|internal$)[^.]+$/': labels,
  'core/http/public-fetch.ts /\\.(?!localhost$|local$|internal$)[^.]+$/': labels,
  'adapters/slack/slash-command.ts /<(?:[@#!]|(?=[a-z][a-z\\d+.-]*:))([^<>|\\s]+)(?:\\|[^<>]*)?>/gi': [
    '<@a|'.repeat(50_000),
    `<@${'a'.repeat(200_000)}`,
    '<a'.repeat(100_000),
    `<a:${'a|'.repeat(100_000)}`,
  ],
  // Of a config, when it is read: its author's own.
  'config/redos-samples.ts /\\[(?:\\\\.|[^\\]\\\\])*\\]|\\\\p\\{[^}]*\\}|\\\\[ws]/gis': [
    '['.repeat(2000),
    '\\p{'.repeat(700),
  ],
  'config/redos-samples.ts /\\\\u\\{([0-9a-f]+)\\}|\\\\u([0-9a-f]{4})|\\\\x([0-9a-f]{2})/gi': [
    `\\u{${'1'.repeat(2000)}`,
    '\\u{'.repeat(700),
  ],
  'config/redos-check.ts /\\(\\?<(?![=!])[^>]*>/g': ['(?<'.repeat(500)],
  'config/redos-check.ts /\\(\\?[ims]*(?:-[ims]+)?:/g': [`(?${'i'.repeat(2000)}`],
  'config/redos-check.ts /\\(\\?[ms]*i/': [`(?${'m'.repeat(2000)}`],
  'config/redos-check.ts /\\\\.|\\[(?:\\\\.|[^\\]\\\\])*\\]|\\{\\d+,\\}|./gsu': [
    '['.repeat(2000),
    `{${'1'.repeat(2000)}`,
  ],
  'core/routing/match-cost.ts /\\\\.|\\[(?:\\\\.|[^\\]\\\\])*\\]|\\(\\?[:=!<]|\\{[\\d,]*\\}|./gs': [
    '['.repeat(2000),
    `{${'1'.repeat(2000)}`,
  ],
  // On 2,000 characters of AWS at most.
  'core/model/run-task-errors.ts /\'[^\']*\'|"[^"]*"|arn:\\S+/g': [`'${'"'.repeat(1999)}`, 'arn:'.repeat(500)],
  'core/model/run-task-errors.ts /\\.\\s*$/': [`${`.${' '.repeat(99)}`.repeat(20)}x`, `.${' '.repeat(1998)}x`],
  'core/model/run-task-errors.ts /arn:[\\w-]+:[\\w-]+:[\\w-]*:\\d*:([\\w/.+=@-]+)/g': [
    'arn:a:a:'.repeat(250),
    `arn:${'a'.repeat(1990)}`,
  ],
  'core/model/run-task-errors.ts /task ?definition\\b.*\\b(not found|inactive|does not exist)|describe task definition/i':
    ['task definition not '.repeat(100)],
  // On 3,000 characters at most, in which "<" is one of ours.
  'adapters/slack/message.ts /(&[a-z]*|<[^>]*|[\\uD800-\\uDBFF])$/': [
    `${'<'.repeat(2999)}>`,
    `${'&'.repeat(2999)}1`,
    `&${'a'.repeat(2998)}1`,
  ],
}

describe('literals', () => {
  it('are all found', () => {
    expect(literals.length).toBeGreaterThan(100)
    expect(literals.map(([, { source }]) => source)).toEqual(expect.arrayContaining(['^[0-9a-f]{20}$']))
  })

  it('of those that the detector doubts, each is known', () => {
    expect(doubts.map(([path, regex]) => `${path} ${regex}`).sort()).toEqual(Object.keys(worst).sort())
  })

  it.each(doubts)('%s %s takes its worst texts', (path, regex) => {
    for (const text of worst[`${path} ${regex}`] ?? []) {
      const began = performance.now()
      regex.test(text)
      regex.lastIndex = 0
      expect(performance.now() - began, text.slice(0, 20)).toBeLessThan(500)
    }
  })
})

it('a number of 65,000 digits, as long as a comment can be, is read at once', () => {
  const began = performance.now()
  const digits = `${'1'.repeat(65_000)}x`
  const declared = { depth: { type: 'integer', env: 'DEPTH' } } as const
  expect(resolveParams(declared, { kind: 'text', text: `depth=${digits}` }, {}).ok).toBe(false)
  expect(performance.now() - began).toBeLessThan(1000)
})
