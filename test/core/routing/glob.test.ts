import { describe, expect, it } from 'vitest'
import { matchesGlobs } from '../../../src/core/routing/glob.ts'

describe('matchesGlobs, as in GitHub Actions', () => {
  it.each<[globs: string[], value: string, matches: boolean]>([
    [['main'], 'main', true],
    [['main'], 'mainly', false],
    [['main'], 'x/main', false],
    [['main'], 'Main', false],
    [['*'], 'main', true],
    [['*'], 'feature/a', false],
    [['**'], 'feature/a/b', true],
    [['feature/*'], 'feature/a', true],
    [['feature/*'], 'feature/a/b', false],
    [['feature/**'], 'feature/a/b', true],
    [['*feature'], 'my-feature', true],
    [['v1.*'], 'v1.2', true],
    [['v[12].[0-9]'], 'v2.7', true],
    [['v[12].[0-9]'], 'v3.7', false],
    [['*.md'], 'README.md', true],
    [['*.md'], 'docs/README.md', false],
    [['**.md'], 'docs/README.md', true],
    [['**/*.md'], 'docs/a/README.md', true],
    [['**/docs/**'], 'docs/a', true],
    [['**/docs/**'], 'x/docs/a/b', true],
    [['docs/*'], 'docs/.hidden', true],
    [['**'], '.github/workflows/ci.yml', true],
    [['data/**'], 'database/x', false],
    [['a', 'b'], 'b', true],
    [[], 'main', false],
    [['**', '!docs/**'], 'src/a', true],
    [['**', '!docs/**'], 'docs/a', false],
    [['**', '!docs/**', 'docs/keep'], 'docs/keep', true],
    [['docs/keep', '**', '!docs/**'], 'docs/keep', false],
    [['!docs/**'], 'docs/a', false],
    [['!docs/**'], 'src/a', false],
    [['!docs/**', '**'], 'docs/a', true],
    [['!main', 'main'], 'main', true],
    [['**', '!!main'], 'dev', true],
  ])('%j with %s is %s', (globs, value, matches) => {
    expect(matchesGlobs(globs, value)).toBe(matches)
  })
})
