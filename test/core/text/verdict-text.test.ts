import { describe, expect, it } from 'vitest'
import type { Mismatch, Verdict } from '../../../src/core/model/verdict.ts'
import { ignoredText } from '../../../src/core/text/verdict-text.ts'

const verdict = (route: string, mismatch: Mismatch): Verdict => ({ route, mismatch, pathsUnknown: false })
const otherCommand = verdict('a', { filter: 'command', kind: 'not-listed', expected: ['/a'], actual: '/b' })
const long = 'n'.repeat(5000)
const short = `${'n'.repeat(99)}…`
const fork = verdict('b', { filter: 'forks', kind: 'from-fork' })

describe('ignoredText', () => {
  it('says so if the source has no routes', () => {
    expect(ignoredText('push', undefined, [])).toBe('this source has no route')
  })

  it('names the command if no route has it', () => {
    expect(ignoredText('/b', '/b', [otherCommand])).toBe('no route takes /b')
  })

  it('omits routes of other commands for a delivery with a command, and only for that', () => {
    expect(ignoredText('/b', '/b', [otherCommand, fork])).toMatch(/^no route matched \/b: b: forks: the change/)
    expect(ignoredText('push', undefined, [otherCommand, fork])).toMatch(
      /^no route matched push: a: command: "\/b" is not "\/a"; b: forks: the change/,
    )
  })

  it.each<[string, Mismatch, string]>([
    ['command', { filter: 'command', kind: 'not-listed', expected: ['/a'], actual: long }, `"${short}" is not "/a"`],
    [
      'repository',
      { filter: 'repositories', kind: 'no-glob-matches', globs: ['acme/*'], actual: long },
      `"${short}" does not match "acme/*"`,
    ],
    [
      'branch',
      { filter: 'tags', kind: 'other-ref', actual: { kind: 'branch', name: long } },
      `branch "${short}" is not a tag`,
    ],
  ])('cuts the name of a long %s', (_, mismatch, text) => {
    const answer = ignoredText('push', undefined, [verdict('a', mismatch)])
    expect(answer).toBe(`no route matched push: a: ${mismatch.filter}: ${text}`)
  })

  it('cuts a long event and a long command', () => {
    expect(ignoredText(long, undefined, [fork])).toMatch(new RegExp(`^no route matched ${short}: b: forks`))
    expect(ignoredText('x', long, [otherCommand])).toBe(`no route takes ${short}`)
  })

  it('decides by the filter, not by the text of a value', () => {
    const looksAlike = verdict('c', { filter: 'if', kind: 'failed', error: 'command: x' })
    expect(ignoredText('/b', '/b', [looksAlike])).toBe('no route matched /b: c: if: command: x')
  })
})
