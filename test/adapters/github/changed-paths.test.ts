/** The changed files of a push, and when they are not known. */
import { describe, expect, it } from 'vitest'
import { changedPaths } from '../../../src/adapters/github/changed-paths.ts'

const commit = (added: unknown = [], modified: unknown = [], removed: unknown = []) => ({ added, modified, removed })
const push = (more: Record<string, unknown> = {}) => ({
  commits: [commit(['a'], ['b'], ['c'])],
  forced: false,
  created: false,
  ...more,
})
const files = (count: number) => Array.from({ length: count }, (_, at) => `f${at}`)

describe('changedPaths', () => {
  it('lists the added, modified and removed files of all commits, each once', () => {
    expect(changedPaths(push({ commits: [commit(['a'], ['b'], ['c']), commit([], ['a', 'd'], ['b'])] }))).toEqual([
      'a',
      'b',
      'c',
      'd',
    ])
  })

  it('is empty if the commits change no file', () => {
    expect(changedPaths(push({ commits: [commit()] }))).toEqual([])
  })

  it.each<[string, Record<string, unknown>]>([
    ['a forced push', { forced: true }],
    ['a new branch', { created: true }],
    ['no commits, as for a tag or a branch at a known commit', { commits: [] }],
    ['no list of commits', { commits: undefined }],
    ['a list of commits that is not a list', { commits: 'many' }],
    ['the most commits that GitHub lists', { commits: Array.from({ length: 2048 }, () => commit(['a'])) }],
    ['the most added files that GitHub lists', { commits: [commit(files(3000))] }],
    ['the most modified files', { commits: [commit([], files(3000))] }],
    ['the most removed files', { commits: [commit(), commit([], [], files(3000))] }],
    ['a commit without lists', { commits: [{ id: 'x' }] }],
    ['a commit with one list missing', { commits: [{ added: [], modified: [] }] }],
    ['a commit that is null', { commits: [null] }],
  ])('is unknown for %s', (_, more) => {
    expect(changedPaths(push(more))).toBe('unknown')
  })

  it('is known for one commit or file less than GitHub lists at most', () => {
    expect(changedPaths(push({ commits: Array.from({ length: 2047 }, () => commit(['a'])) }))).toEqual(['a'])
    expect(changedPaths(push({ commits: [commit(files(2999), files(2999), files(2999))] }))).toHaveLength(2999)
  })
})
