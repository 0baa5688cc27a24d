/** Globs as in GitHub Actions: `*` stops at a slash, `**` does not, `!` excludes. Pure. */
import picomatch from 'picomatch'
import type { GlobFilter } from '../model/verdict.ts'

/**
 * Characters of the longest name that a glob can match. What a glob costs grows with the square of the length. GitHub's branches and
 * tags have 255 characters at most, and a path on disk 4,096.
 */
export const maxNameLength: Readonly<Record<GlobFilter, number>> = {
  branches: 1024,
  tags: 1024,
  repositories: 1024,
  paths: 4096,
}

/** For picomatch. `!` is handled in `matchesGlobs`. */
export const globOptions = { dot: true, nonegate: true } as const

/** Compiled once: a push of thousands of files asks thousands of times. Globs come only from the config, so there are few. */
const matchers = new Map<string, (name: string) => boolean>()

function matcherOf(glob: string): (name: string) => boolean {
  const matcher = matchers.get(glob) ?? picomatch(glob, globOptions)
  matchers.set(glob, matcher)
  return matcher
}

/** The last glob that matches decides: `["**", "!docs/**"]` is everything except docs. */
export const matchesGlobs = (globs: readonly string[], name: string): boolean =>
  globs.reduce((matched, glob) => {
    const excludes = glob.startsWith('!')
    return matcherOf(excludes ? glob.slice(1) : glob)(name) ? !excludes : matched
  }, false)
