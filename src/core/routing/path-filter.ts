/** The `paths` filter of a route: which files a delivery changed. Pure. */

import type { RouteConfig } from '../model/config.ts'
import type { Facts } from '../model/trigger.ts'
import type { Mismatch } from '../model/verdict.ts'
import { matchesGlobs, maxNameLength } from './glob.ts'

/** One changed file that matches is enough. If the sender does not list all files, the filter matches: no change may be missed. */
export function pathMismatch({ paths: globs }: RouteConfig, { paths }: Facts): Mismatch | undefined {
  if (globs === undefined || paths === 'unknown') return undefined
  if (paths?.some((path) => path.length <= maxNameLength.paths && matchesGlobs(globs, path))) return undefined
  return { filter: 'paths', kind: 'no-file-matches', globs, changedFiles: paths?.length ?? 0 }
}

/** Whether a route's `paths` match only because the changed files are unknown. */
export const arePathsUnknown = ({ paths: globs }: RouteConfig, { paths }: Facts): boolean =>
  globs !== undefined && paths === 'unknown'
