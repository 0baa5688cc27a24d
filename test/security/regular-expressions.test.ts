/** Our own regular expressions run on text that anyone can send, so none may hang. */
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

const suspects = literals.filter(([, regex]) => !isSafe(regex, { maxScore: 300, timeout: 5000 }).safe)

/** For the last label of a host: each search ends at the next dot. Addresses are limited to 2,000 characters. */
const labels = ['a.'.repeat(1000), `.${'a'.repeat(2000)}.`, '.'.repeat(2000)]

/**
 * What the detector cannot clear, because it assumes that a search can begin anywhere and run to the end of the text. Each with its worst
 * texts, as long as they can be.
 */
const worst: Readonly<Record<string, readonly string[]>> = {
  'core/http/url-checks.ts /\\.(?!localhost$|local$|internal$)[^.]+$/': labels,
  'adapters/slack/mrkdwn.ts /<(?:[@#!]|(?=[a-z][a-z\\d+.-]*:))([^<>|\\s]+)(?:\\|[^<>]*)?>/gi': [
    '<@a|'.repeat(50_000),
    `<@${'a'.repeat(200_000)}`,
    '<a'.repeat(100_000),
    `<a:${'a|'.repeat(100_000)}`,
  ],
  // For a config when it is read: its author wrote the text.
  'config/sample-characters.ts /\\[(?:\\\\.|[^\\]\\\\])*\\]|\\\\p\\{[^}]*\\}|\\\\[ws]/gis': [
    '['.repeat(2000),
    '\\p{'.repeat(700),
  ],
  'config/sample-characters.ts /\\\\u\\{([0-9a-f]+)\\}|\\\\u([0-9a-f]{4})|\\\\x([0-9a-f]{2})/gi': [
    `\\u{${'1'.repeat(2000)}`,
    '\\u{'.repeat(700),
  ],
  // On this one text, to see how fast the machine is.
  'config/redos-timing.ts /\\w*!/u': ['a'.repeat(4096)],
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
  // On at most 2,000 characters from AWS.
  'core/model/run-task-errors.ts /\'[^\']*\'|"[^"]*"|arn:\\S+/g': [`'${'"'.repeat(1999)}`, 'arn:'.repeat(500)],
  'core/model/run-task-errors.ts /\\.\\s*$/': [`${`.${' '.repeat(99)}`.repeat(20)}x`, `.${' '.repeat(1998)}x`],
  'core/model/run-task-errors.ts /arn:[\\w-]+:[\\w-]+:[\\w-]*:\\d*:([\\w/.+=@-]+)/g': [
    'arn:a:a:'.repeat(250),
    `arn:${'a'.repeat(1990)}`,
  ],
  'core/model/run-task-errors.ts /task ?definition\\b.*\\b(not found|inactive|does not exist)|describe task definition/i':
    ['task definition not '.repeat(100)],
  // On 3,000 characters at most, in which "<" is one of ours.
  'adapters/slack/mrkdwn.ts /(&[a-z]*|<[^>]*|[\\uD800-\\uDBFF])$/': [
    `${'<'.repeat(2999)}>`,
    `${'&'.repeat(2999)}1`,
    `&${'a'.repeat(2998)}1`,
  ],
}

describe('regular expression literals', () => {
  it('are all found', () => {
    expect(literals.length).toBeGreaterThan(100)
    expect(literals.map(([, { source }]) => source)).toEqual(expect.arrayContaining(['^[0-9a-f]{20}$']))
  })

  it('that the detector suspects are all listed', () => {
    expect(suspects.map(([path, regex]) => `${path} ${regex}`).sort()).toEqual(Object.keys(worst).sort())
  })

  it.each(suspects)('%s %s is fast for its worst texts', (path, regex) => {
    for (const text of worst[`${path} ${regex}`] ?? []) {
      const began = performance.now()
      regex.test(text)
      regex.lastIndex = 0
      expect(performance.now() - began, text.slice(0, 20)).toBeLessThan(500)
    }
  })
})

it('reads a number of 65,000 digits, the longest comment, within a second', () => {
  const began = performance.now()
  const digits = `${'1'.repeat(65_000)}x`
  const declared = { depth: { type: 'integer', env: 'DEPTH' } } as const
  expect(resolveParams(declared, { kind: 'text', text: `depth=${digits}` }, {}).ok).toBe(false)
  expect(performance.now() - began).toBeLessThan(1000)
})
