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
  it('lists what was added, modified and removed, each file once, over all commits', () => {
    expect(changedPaths(push({ commits: [commit(['a'], ['b'], ['c']), commit([], ['a', 'd'], ['b'])] }))).toEqual([
      'a',
      'b',
      'c',
      'd',
    ])
  })

  it('is empty for commits that change no file', () => {
    expect(changedPaths(push({ commits: [commit()] }))).toEqual([])
  })

  it.each<[string, Record<string, unknown>]>([
    ['a forced push', { forced: true }],
    ['a new branch', { created: true }],
    ['no commits: a new branch at a known one, or a tag', { commits: [] }],
    ['no list of commits', { commits: undefined }],
    ['a list that is none', { commits: 'many' }],
    ['as many commits as GitHub lists at most', { commits: Array.from({ length: 2048 }, () => commit(['a'])) }],
    ['as many added files as GitHub lists at most', { commits: [commit(files(3000))] }],
    ['as many modified files', { commits: [commit([], files(3000))] }],
    ['as many removed files', { commits: [commit(), commit([], [], files(3000))] }],
    ['a commit without lists', { commits: [{ id: 'x' }] }],
    ['a commit with one list missing', { commits: [{ added: [], modified: [] }] }],
    ['a commit that is null', { commits: [null] }],
  ])('%s: unknown', (_, more) => {
    expect(changedPaths(push(more))).toBe('unknown')
  })

  it('is known just below the caps', () => {
    expect(changedPaths(push({ commits: Array.from({ length: 2047 }, () => commit(['a'])) }))).toEqual(['a'])
    expect(changedPaths(push({ commits: [commit(files(2999), files(2999), files(2999))] }))).toHaveLength(2999)
  })
})
