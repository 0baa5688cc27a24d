/** Which files a push changes. Pure. https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
import type { Facts } from '../../core/adapter.ts'
import { type Payload, valueAt } from './payload.ts'

/** A push lists up to 2,048 commits, and a commit up to 3,000 files of each kind. A list of that length may be cut. */
const maxCommits = 2048
export const maxFiles = 3000

/** Of a whole push. Each path is matched against every glob of every route. */
const maxPaths = 10_000

/** @returns `unknown` if the payload does not list all files, or lists more than can be matched */
export function changedPaths(push: Payload): NonNullable<Facts['paths']> {
  const { commits, forced, created } = push
  if (!Array.isArray(commits) || commits.length === 0 || commits.length >= maxCommits) return 'unknown'
  // The commits of a forced push or a new branch are not counted from the ref's previous commit.
  if (forced === true || created === true) return 'unknown'
  const paths = new Set<string>()
  for (const commit of commits as readonly unknown[]) {
    for (const kind of ['added', 'modified', 'removed']) {
      const files = valueAt(commit, kind)
      if (!Array.isArray(files) || files.length >= maxFiles) return 'unknown'
      for (const path of files) paths.add(String(path))
    }
    if (paths.size > maxPaths) return 'unknown'
  }
  return [...paths]
}
