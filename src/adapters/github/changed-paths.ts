import type { Facts } from '../../core/adapter.ts'

/** A push lists at most 2,048 commits, and a commit at most 3,000 files of each kind. https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
const maxCommits = 2048
export const maxFiles = 3000
/** Of a whole push: each is held against every glob of every route. */
const maxPaths = 10_000

/**
 * The files that a push changes; `unknown` where the payload does not tell all: a list at its cap, a forced push or a new branch (whose
 * commits are counted from elsewhere), no commits at all; or more than anybody wants to look through.
 */
export function changedPaths(push: Readonly<Record<string, unknown>>): NonNullable<Facts['paths']> {
  const { commits, forced, created } = push
  if (
    !Array.isArray(commits) ||
    commits.length === 0 ||
    commits.length >= maxCommits ||
    forced === true ||
    created === true
  )
    return 'unknown'
  const paths = new Set<string>()
  for (const commit of commits as readonly (Readonly<Record<string, unknown>> | null)[]) {
    for (const list of [commit?.added, commit?.modified, commit?.removed]) {
      if (!Array.isArray(list) || list.length >= maxFiles) return 'unknown'
      for (const path of list) paths.add(String(path))
    }
    if (paths.size > maxPaths) return 'unknown'
  }
  return [...paths]
}
